/** What a request of each kind uses, applied to the end: the functions' own handlers, token check and evidence included. */
import { createApiHandler } from "../../lib/handlers/api.ts";
import { createSweeperHandler } from "../../lib/handlers/sweeper.ts";
import { lambdaTelemetry } from "../../lib/handlers/telemetry.ts";
import { createWorkerHandler } from "../../lib/handlers/worker.ts";
import { invocation } from "../../lib/local/context.ts";
import { sqsEvent } from "../../lib/local/sqs-event.ts";
import type { Worker } from "../../lib/provisioning/apply.ts";
import type { Clock, Lane, LaneName, Pointer, Table } from "../../lib/provisioning/ports.ts";
import { putToken } from "../../lib/provisioning/token.ts";
import { systemClock } from "../../lib/system.ts";
import { hashToken, newToken } from "../../lib/token.ts";
import { apiEvent } from "../../test/handlers/event.ts";
import { countingTable } from "../count-units.ts";
import { median } from "../median.ts";
import { acceptAndApply } from "../seeding/accept.ts";
import type { Store } from "../stores.ts";
import { type Kind, kinds } from "./kinds.ts";

export interface Used {
  /** Accept and apply together. Units: request units. */
  readonly write: number;
  readonly read: number;
  /** Messages that the worker got, each in a batch of its own. */
  readonly messages: number;
  /** Units: bytes of the functions' own lines and metrics. */
  readonly logBytes: number;
}

export interface Took {
  readonly apiMs: number;
  /** Of all its messages together. */
  readonly workerMs: number;
}

/** In so many requests the counts of the evidence are written once (lib/handlers/evidence.ts). */
const requests = 25;
const timedRequests = 15;
/** The first requests are slow: the machine gets to know the code. */
const warmingRequests = 40;

/** By name of the kind. */
export async function used(store: Store): Promise<Map<string, Used>> {
  const all = new Map<string, Used>();
  for (const kind of await populated(store)) {
    const { table, count } = countingTable(store.worker.table);
    const functions = await startFunctions(store.worker, table);
    await functions.ask(kind);
    const before = { ...count };
    let [messages, logBytes] = [0, 0];
    for (let n = 0; n < requests; n += 1) {
      const asked = await functions.ask(kind);
      messages += asked.messages;
      logBytes += asked.logBytes;
    }
    const each = (sum: number) => sum / requests;
    const units = { write: each(count.write - before.write), read: each(count.read - before.read) };
    all.set(kind.name, { ...units, messages: each(messages), logBytes: each(logBytes) });
  }
  return all;
}

export async function took(store: Store): Promise<Map<string, Took>> {
  const all = new Map<string, Took>();
  const measured = await populated(store);
  const warming = await startFunctions(store.worker, store.worker.table);
  for (const kind of measured.slice(0, 3)) for (let n = 0; n < warmingRequests / 3; n += 1) await warming.ask(kind);
  for (const kind of measured) {
    const functions = await startFunctions(store.worker, store.worker.table);
    await functions.ask(kind);
    const times: Took[] = [];
    for (let n = 0; n < timedRequests; n += 1) times.push(await functions.ask(kind));
    all.set(kind.name, {
      apiMs: median(times.map(({ apiMs }) => apiMs)),
      workerMs: median(times.map(({ workerMs }) => workerMs)),
    });
  }
  return all;
}

export interface Sweep {
  readonly write: number;
  readonly read: number;
  readonly ms: number;
  readonly logBytes: number;
}

/** A sweep while nothing waits; its sign of life, once in five, included. */
export async function swept({ worker }: Store): Promise<Sweep> {
  const { table, count } = countingTable(worker.table);
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
  const handler = createSweeperHandler({ provisioning: { ...worker, clock, table }, telemetry: benchTelemetry() });
  const before = { ...count };
  const times: number[] = [];
  let logBytes = 0;
  const rounds = 10;
  for (let n = 0; n < rounds; n += 1) {
    const began = performance.now();
    logBytes += await bytesToldBy(async () => void (await handler()));
    times.push(performance.now() - began);
    ahead += 60_000;
  }
  const each = (sum: number) => sum / rounds;
  return {
    write: each(count.write - before.write),
    read: each(count.read - before.read),
    ms: median(times),
    logBytes: each(logBytes),
  };
}

/** With more users than a page has. */
async function populated({ worker }: Store): Promise<Kind[]> {
  for (let n = 0; n < 120; n += 1) await acceptAndApply(worker, n);
  return kinds();
}

interface Asked extends Took {
  readonly messages: number;
  readonly logBytes: number;
}

interface Functions {
  readonly ask: (kind: Kind) => Promise<Asked>;
}

/** Both functions on a table. `over`: the worker over the plain one, to prepare. */
async function startFunctions(over: Worker, table: Table): Promise<Functions> {
  const worker = withoutBrake(over);
  const { id, text: token } = newToken();
  await putToken(worker.table, { id, hash: hashToken(token), label: "bench", createdAt: Date.now(), idp: "entra" });
  const sent: (readonly [LaneName, Pointer])[] = [];
  const lane = (name: LaneName): Lane => ({
    send: async (pointer) => void sent.push([name, pointer]),
    sendAll: async (pointers) => void sent.push(...pointers.map((pointer) => [name, pointer] as const)),
    bury: async () => {},
    depth: async () => 0,
  });
  const lanes = { leavers: lane("leavers"), changes: lane("changes") };
  const telemetry = benchTelemetry();
  const api = createApiHandler({ provisioning: { ...worker, table, lanes }, telemetry });
  let ahead = 0;
  // What comes back later, such as the second look after a deletion, is worked off at once.
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
  const work = createWorkerHandler({ worker: { ...worker, table, lanes, clock }, telemetry, laneOf });
  const workOff = async (): Promise<number> => {
    let messages = 0;
    for (let next = sent.shift(); next !== undefined; next = sent.shift()) {
      messages += 1;
      const [name, pointer] = next;
      const body = JSON.stringify(pointer);
      const message = { id: worker.chance.uuid(), body, receipt: "receipt", receiveCount: 1, sentAt: clock.now() };
      const { batchItemFailures } = await work(sqsEvent(name, [message]), invocation("worker", 60));
      if (batchItemFailures.length > 0) throw new Error(`${body} was not applied`);
      ahead += 61_000;
    }
    return messages;
  };
  return {
    ask: async ({ prepare, status, name }) => {
      const { method, path, body } = await prepare(worker);
      const headers = { authorization: `Bearer ${token}`, "user-agent": "Azure AD SCIM" };
      const event = apiEvent(method, `/scim/v2${path}`, { headers, ...(body && { body }) });
      let [apiMs, workerMs, messages] = [0, 0, 0];
      const logBytes = await bytesToldBy(async () => {
        const began = performance.now();
        const answer = await api(event, invocation("api", 28));
        apiMs = performance.now() - began;
        if (answer.statusCode !== status) throw new Error(`${name}: ${answer.statusCode} ${answer.body ?? ""}`);
        const then = performance.now();
        messages = await workOff();
        workerMs = performance.now() - then;
      });
      return { apiMs, workerMs, messages, logBytes };
    },
  };
}

/** In a company of a hundred the people of this measurement who leave would be a mass deactivation. */
function withoutBrake(worker: Worker): Worker {
  const { tenant } = worker;
  const { leavers } = tenant;
  return {
    ...worker,
    tenant: { ...tenant, leavers: { ...leavers, brake: { ...leavers.brake, people: 1_000_000, percent: 100 } } },
  };
}

const laneOf = (arn: string): LaneName => (arn.endsWith(":leavers") ? "leavers" : "changes");
const benchTelemetry = () => lambdaTelemetry({ tenant: "acme", namespace: "Rollcall" });

/** What is told meanwhile is counted, and not shown. Units: bytes. */
async function bytesToldBy(work: () => Promise<void>): Promise<number> {
  const write = process.stdout.write.bind(process.stdout);
  let bytes = 0;
  process.stdout.write = (text: string | Uint8Array) => {
    bytes += Buffer.byteLength(text);
    return true;
  };
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return bytes;
}
