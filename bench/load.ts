/**
 * Traffic as identity providers send it: 25 requests a second for a minute, and bursts of 200 in flight, on the embedded store
 * through HTTP as `npm start` serves it, and on DynamoDB Local through the same handlers. The baseline is one read of a user
 * at a time.
 */
import { randomUUID } from "node:crypto";
import { createApiHandler } from "../lib/handlers/api.ts";
import { invocation } from "../lib/local/context.ts";
import { inTurns } from "../lib/local/turns.ts";
import { putToken } from "../lib/provisioning/token.ts";
import { hashToken, newToken } from "../lib/token.ts";
import { apiEvent } from "../test/handlers/event.ts";
import { patch, silence } from "../test/local/served.ts";
import { embeddedServer } from "./embedded-server.ts";
import { type Ask, atRate, burst, hire, mixed, someone, tableHead, tableRow } from "./identity-provider.ts";
import { median } from "./median.ts";
import { dynamoDbLocalStore } from "./stores.ts";

/** Entra's requirement of a server. */
const perSecond = 25;
const seconds = Number(process.env["BENCH_LOAD_SECONDS"] ?? 60);
const inFlight = 200;
const known = 100;
const atEmulator = 8;

interface Asked {
  readonly name: string;
  readonly ask: Ask;
  close(): Promise<void>;
}

export async function load(): Promise<void> {
  for (const open of [embedded, onDynamoDbLocal]) {
    const asked = await open();
    try {
      await measure(asked);
    } finally {
      await asked.close();
    }
  }
}

async function embedded(): Promise<Asked> {
  return { name: "embedded, through HTTP", ...(await embeddedServer()) };
}

/**
 * In this process, one handler for all: the worker's share is not in it. Lambda gives each request a processor of its own; here
 * two hundred share one with each other, and the emulator has another. Let in all at once, an attempt took seconds, so of 200
 * that changed one item 166 lost their race for 20 seconds. So eight are at the emulator, and the others wait.
 */
async function onDynamoDbLocal(): Promise<Asked> {
  const store = await dynamoDbLocalStore();
  const token = newToken("bench");
  await putToken(store.worker.table, {
    id: token.id,
    hash: hashToken(token.text),
    label: "bench",
    createdAt: Date.now(),
  });
  const handler = inTurns(createApiHandler({ provisioning: store.worker, telemetry: silence }), atEmulator);
  const ask: Ask = async (method, path, body) => {
    const headers = { authorization: `Bearer ${token.text}`, "content-type": "application/scim+json" };
    const event = apiEvent(method, `/scim/v2${path}`, { headers, ...(body === undefined ? {} : { body }) });
    const { statusCode = 0, body: text = "" } = await handler(event, invocation("api", 28));
    return { status: statusCode, headers: new Headers(), body: text === "" ? {} : JSON.parse(text) };
  };
  return {
    name: `DynamoDB Local, through the handlers, ${atEmulator} at a time, without a worker`,
    ask,
    close: async () => await store.close(),
  };
}

async function measure({ name, ask }: Asked): Promise<void> {
  const people = await hire(ask, known);
  const [id = ""] = people.ids;
  const alone = [];
  for (let n = 0; n < 100; n += 1) alone.push(...(await burst(ask, 1, () => ["read", "GET", `/Users/${id}`])));
  const baseline = median(alone.map(({ ms }) => ms));
  console.log(`\n${name}; ratio: against one read at a time\n\n${tableHead}`);
  console.log(tableRow("baseline: a read, one at a time", alone, baseline));
  const run = randomUUID().slice(0, 8);
  const steady = await atRate(ask, perSecond, seconds, mixed(people, run));
  console.log(tableRow(`${perSecond} a second for ${seconds} s, mixed`, steady, baseline));
  for (const [what, some] of Map.groupBy(steady, (one) => one.what))
    console.log(tableRow(`… of these: ${what}`, some, baseline));
  const one = someone(`${run}-same`);
  const bursts = {
    mixed: mixed(people, `${run}-burst`),
    "creates of different users": (n: number) => ["create", "POST", "/Users", someone(`${run}-b${n}`)] as const,
    "creates of one userName": () => ["create", "POST", "/Users", one] as const,
    "changes of one user": (n: number) =>
      ["change", "PATCH", `/Users/${id}`, patch({ op: "replace", path: "title", value: `t${n}` })] as const,
    "members of one group": (n: number) => {
      const value = [{ value: people.ids[n % known] }];
      return ["group +1", "PATCH", `/Groups/${people.groupId}`, patch({ op: "add", path: "members", value })] as const;
    },
  };
  for (const [what, request] of Object.entries(bursts))
    console.log(tableRow(`${inFlight} at once: ${what}`, await burst(ask, inFlight, request), baseline));
}
