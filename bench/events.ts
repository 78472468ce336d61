/**
 * From applied to the event at the sink, and what sinks cost the applies: embedded, all loops in this process on one SQLite file.
 * Baseline of a run: the same applies by a tenant without events. A sink that is down answers 500, one that hangs nothing for
 * ten seconds.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Post, PostError } from "../lib/events/ports.ts";
import { secretsOf } from "../lib/events/secrets.ts";
import { webhookSend } from "../lib/events/webhook.ts";
import { createDeliverHandler } from "../lib/handlers/deliver.ts";
import { createPublisherHandler } from "../lib/handlers/publisher.ts";
import { quietTelemetry } from "../lib/handlers/telemetry.ts";
import { attributesOf, type WireItem } from "../lib/local/attribute-value.ts";
import { deliverBatch } from "../lib/local/sink-loop.ts";
import { sqliteSinkMessages, sqliteSinkQueue } from "../lib/local/sqlite-sink-queue.ts";
import { sqliteTable } from "../lib/local/sqlite-table.ts";
import { streamLoop } from "../lib/local/stream-loop.ts";
import { wakingLoop } from "../lib/local/waking-loop.ts";
import type { Worker } from "../lib/provisioning/apply.ts";
import { percentile } from "../lib/provisioning/percentile.ts";
import type { Lane } from "../lib/provisioning/ports.ts";
import { systemChance, systemClock } from "../lib/system.ts";
import { acme } from "../test/local/served.ts";
import { temporaryDatabase } from "../test/local/temporary-database.ts";
import { median } from "./median.ts";
import { acceptAndApply } from "./seeding/accept.ts";

const { events: _, ...eventless } = acme;

type Sink = "none" | "takes" | "is down" | "hangs";
type World = "no events" | `events, sink ${Sink}`;

const worlds: readonly World[] = [
  "no events",
  "events, sink none",
  "events, sink takes",
  "events, sink is down",
  "events, sink hangs",
];
const applies = 300;
const rounds = 3;
const pacedApplies = 300;
const perSecond = 20;
const hangMs = 10_000;

export async function events(): Promise<void> {
  const latencies = await pacedLatencies();
  const sorted = latencies.toSorted((a, b) => a - b);
  const p = (share: number) => percentile(sorted, share) ?? "-";
  console.log(`\napplied → event at a webhook that takes it, embedded, ${perSecond} applies a second`);
  console.log(`p50 ${p(0.5)} ms, p99 ${p(0.99)} ms, of ${latencies.length} events\n`);
  const rates = new Map<World, number[]>(worlds.map((world) => [world, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const world of worlds) rates.get(world)?.push(await appliesPerSecond(world));
  const base = median(rates.get("no events") ?? []);
  const taking = median(rates.get("events, sink takes") ?? []);
  console.log(`accepts and applies a second, one after the other, medians of ${rounds} rounds of ${applies}\n`);
  console.log("| tenant | a second | of no events | of a sink that takes |\n| --- | ---: | ---: | ---: |");
  for (const [world, all] of rates) {
    const rate = median(all);
    console.log(`| ${world} | ${rate.toFixed(0)} | ${(rate / base).toFixed(2)} | ${(rate / taking).toFixed(2)} |`);
  }
}

/** The numbers are milliseconds of one machine's clock. */
async function pacedLatencies(): Promise<number[]> {
  const found: number[] = [];
  const tenant = telling("events, sink takes", (at) => found.push(Date.now() - at));
  for (let n = 0; n < pacedApplies; n += 1) {
    await acceptAndApply(tenant.worker, n);
    await sleep(1000 / perSecond);
  }
  for (let seconds = 0; found.length < pacedApplies && seconds < 30; seconds += 1) await sleep(1000);
  await tenant.close();
  return found;
}

async function appliesPerSecond(world: World): Promise<number> {
  const tenant = telling(world);
  const began = performance.now();
  for (let n = 0; n < applies; n += 1) {
    await acceptAndApply(tenant.worker, n);
    // As a server that has requests between them: the loops have their turn.
    if (n % 10 === 0) await sleep(0);
  }
  const rate = applies / ((performance.now() - began) / 1000);
  await tenant.close();
  return rate;
}

/** `onTaken` hears when the event that was taken had been applied. Units: milliseconds since 1970. */
function telling(world: World, onTaken: (appliedAt: number) => void = () => {}) {
  const { db, close } = temporaryDatabase();
  const silent: Lane = { send: async () => {}, sendAll: async () => {}, bury: async () => {}, depth: async () => 0 };
  const ports = { clock: systemClock, chance: systemChance };
  const base = { ...ports, lanes: { leavers: silent, changes: silent }, workerId: "bench" };
  if (world === "no events") {
    const worker: Worker = { ...base, table: sqliteTable(db), tenant: eventless };
    return { worker, close: async () => close() };
  }
  const kind = world.slice("events, sink ".length) as Sink;
  const sink = { kind: "webhook", name: "app", url: "https://app.example.com/rollcall" } as const;
  const tenant = { ...acme, events: { values: true, sinks: kind === "none" ? [] : [sink] } };
  const ending = new AbortController();
  const wakers: (() => void)[] = [];
  const table = sqliteTable(db, { onChange: () => wakers.forEach((wake) => wake()) });
  const telemetry = {
    ...quietTelemetry({ tenant: "acme" }),
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  };
  const options = { db, sink: sink.name, clock: systemClock };
  const deliver = createDeliverHandler({
    ...ports,
    table,
    telemetry,
    sinks: {
      app: {
        send: webhookSend({
          url: sink.url,
          post: posting(kind, onTaken, ending.signal),
          secrets: secretsOf(table, sink.name, systemClock),
          clock: systemClock,
        }),
        messages: sqliteSinkMessages(options),
      },
    },
    sinkOf: () => sink.name,
  });
  const queue = sqliteSinkQueue(options);
  const delivering = wakingLoop(async () => await deliverBatch(options, deliver));
  const waking = {
    ...queue,
    sendAll: async (pointers: Parameters<typeof queue.sendAll>[0]) => {
      await queue.sendAll(pointers);
      delivering.wake();
    },
  };
  const publisher = { ...base, table, tenant, queues: kind === "none" ? {} : { app: waking } };
  const unmarshal = (image: object) => attributesOf(image as WireItem);
  const publishing = streamLoop(db, createPublisherHandler({ publisher, telemetry, unmarshal }));
  wakers.push(() => publishing.wake());
  return {
    worker: { ...base, table, tenant } satisfies Worker,
    close: async () => {
      ending.abort();
      await Promise.all([publishing.stop(), delivering.stop()]);
      close();
    },
  };
}

function posting(kind: Sink, onTaken: (appliedAt: number) => void, signal: AbortSignal): Post {
  return async (_url, { body }) => {
    if (kind === "is down") return { status: 500 };
    if (kind === "hangs") {
      await sleep(hangMs, undefined, { signal }).catch(() => {});
      throw new PostError("timed-out");
    }
    const { timestamp }: { timestamp: string } = JSON.parse(body);
    onTaken(Date.parse(timestamp));
    return { status: 204 };
  };
}
