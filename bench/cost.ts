/**
 * `npm run bench:cost [-- --json]`: dollars per million requests of each kind, applied to the end, and per idle month, from
 * measured units and list prices. Prints every price and every assumption; no AWS account is asked for anything.
 */
import { itemBytes } from "../lib/local/item-size.ts";
import type { Attributes } from "../lib/provisioning/ports.ts";
import { benchTenant } from "./tenant.ts";
import { systemChance } from "../lib/system.ts";
import { eventAssumptions, eventTable } from "./cost/events.ts";
import { swept, took, type Took, used, type Used } from "./cost/measure.ts";
import {
  assumptions,
  costOf,
  type Dollars,
  examples,
  idleMonth,
  type Line,
  perMillion,
  totalOf,
} from "./cost/model.ts";
import { type Price, prices, pricesAre } from "./cost/prices.ts";
import { seedNumber } from "./seeding/people.ts";
import { type Row, writtenFor } from "./seeding/template.ts";
import { dynamoDbLocalStore, embeddedStore, type Store } from "./stores.ts";

interface KindCost extends Used, Took {
  readonly kind: string;
  readonly dollars: Dollars;
}

const asked = process.argv.slice(2);
if (asked.some((word) => word !== "--json")) {
  console.error(`bench:cost: "${asked.find((word) => word !== "--json")}" is no option; there is --json.`);
  process.exit(2);
}
const report = await measuredCosts();
console.log(asked.includes("--json") ? JSON.stringify(report, null, 2) : asMarkdown(report));

async function measuredCosts() {
  // Beside the report, which may be JSON.
  console.error("measuring units, then milliseconds on DynamoDB Local: some three minutes");
  const units = await withStore(embeddedStore, used);
  const [times, sweep] = await withStore(dynamoDbLocalStore, async (store) => [await took(store), await swept(store)]);
  const kinds = [...units].map(([kind, measured]): KindCost => {
    const time = times.get(kind) ?? { apiMs: NaN, workerMs: NaN };
    return { kind, ...measured, ...time, dollars: perMillion(measured, time) };
  });
  const rows = await rowsOfAUser();
  const bytesPerUser = rows.reduce((sum, row) => sum + bytesOf(row), 0);
  const idle = idleMonth({ sweep, ...(await monitors()), users: 5_000, bytesPerUser, itemsPerUser: rows.length });
  const perMillionOf = new Map(kinds.map(({ kind, dollars }) => [kind, dollars]));
  const worked = examples.map((example) => ({ ...example, dollars: costOf(example, perMillionOf) }));
  return { pricesAre, prices, assumptions, kinds, idle, bytesPerUser, examples: worked };
}

async function withStore<T>(open: () => Promise<Store>, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** All that stands of one user while the evidence of its creation is kept. */
async function rowsOfAUser(): Promise<Row[]> {
  const filling = { id: systemChance.uuid(), number: seedNumber(0), requestId: systemChance.uuid() };
  return await writtenFor(benchTenant, filling, true);
}

function bytesOf({ tbl, pk, sk, attributes }: Row): number {
  const kept: Attributes = JSON.parse(attributes);
  return itemBytes({ table: tbl === "directory" ? "directory" : "scim", pk, sk }, kept);
}

/** As the stack's template has them. */
async function monitors(): Promise<{ alarms: number; dashboards: number }> {
  // Read when CDK is loaded: its own validation of a template takes many seconds.
  process.env["CDK_VALIDATION"] = "false";
  const { synthesise } = await import("../test/cdk/template.ts");
  const template = synthesise();
  const count = (type: string) => Object.keys(template.findResources(type)).length;
  return { alarms: count("AWS::CloudWatch::Alarm"), dashboards: count("AWS::CloudWatch::Dashboard") };
}

function asMarkdown(all: Awaited<ReturnType<typeof measuredCosts>>): string {
  const dollars = (value: number, digits = 2) => `$${value.toFixed(digits)}`;
  const [idle, idleFree] = [sumOf(all.idle, "dollars"), sumOf(all.idle, "afterFree")];
  const [month, cycle] = all.examples;
  return [
    `## Cost (${all.pricesAre})`,
    "",
    "Dollars per million requests, accept and apply together:",
    "",
    "| request | write units | read units | Lambda ms (api, worker) | messages | DynamoDB | Lambda | gateway | SQS | logs | **$ per million** |",
    `| --- |${" ---: |".repeat(10)}`,
    ...all.kinds.map(({ kind, write, read, apiMs, workerMs, messages, dollars: d }) => {
      const parts = [d.dynamo, d.lambda, d.gateway, d.queue, d.logs].map((part) => dollars(part)).join(" | ");
      return `| ${kind} | ${write.toFixed(1)} | ${read.toFixed(1)} | ${apiMs.toFixed(1)}, ${workerMs.toFixed(1)} | ${messages.toFixed(1)} | ${parts} | **${dollars(totalOf(d))}** |`;
    }),
    "",
    "A month in which nothing happens:",
    "",
    "| what | amount | $ | $ where nothing else in the account uses what is always free |",
    "| --- | ---: | ---: | ---: |",
    ...all.idle.map(
      (line) => `| ${line.of} | ${line.amount} | ${dollars(line.dollars, 3)} | ${dollars(line.afterFree, 3)} |`,
    ),
    `| **idle month** | | **${dollars(idle)}** | **${dollars(idleFree)}** |`,
    "",
    "Events, for a tenant that has them:",
    "",
    ...eventTable(),
    "",
    "Worked examples (requests; the idle month comes on top):",
    "",
    "| what | $ |",
    "| --- | ---: |",
    ...all.examples.map((example) => `| ${example.about} | ${dollars(example.dollars)} |`),
    `| that month with its idle part, without anything free | ${dollars((month?.dollars ?? 0) + idle)} |`,
    `| that cycle by user | ${dollars((cycle?.dollars ?? 0) / 50_000, 6)} |`,
    "",
    "Prices:",
    "",
    "| price | $ | per | seen at |",
    "| --- | ---: | --- | --- |",
    ...Object.values<Price>(all.prices).map(
      (price) => `| ${price.of} | ${price.dollars} | ${price.per} | ${price.seenAt ?? "general knowledge"} |`,
    ),
    "",
    "Assumptions:",
    "",
    ...[...all.assumptions, ...eventAssumptions].map((assumption) => `- ${assumption}`),
  ].join("\n");
}

function sumOf(lines: readonly Line[], of: "dollars" | "afterFree"): number {
  return lines.reduce((sum, line) => sum + line[of], 0);
}
