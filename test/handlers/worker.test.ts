import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nameOfQueue } from "../../lib/handlers/name-of-queue.ts";
import { createSweeperHandler } from "../../lib/handlers/sweeper.ts";
import { createWorkerHandler, type WorkerHandler } from "../../lib/handlers/worker.ts";
import { invocation } from "../../lib/local/context.ts";
import { sqsEvent } from "../../lib/local/sqs-event.ts";
import { entryKey } from "../../lib/provisioning/keys.ts";
import { type Lane, LaneError, TableError } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import { readSweep } from "../../lib/provisioning/sweep.ts";
import { patch, user } from "../local/served.ts";
import { parkingTenant } from "../ops/store.ts";
import { type Harness, harness, listening, textOf, type Told } from "./harness.ts";

const laneOf = nameOfQueue({
  leavers: "https://sqs.example.com/1/leavers",
  changes: "https://sqs.example.com/1/changes",
});

const deactivation = patch({ op: "replace", path: "active", value: false });

let api: Harness;
let told: Told;
let buried: [message: unknown, reason: string][];
beforeEach(async () => {
  api = await harness();
  buried = [];
});
afterEach(() => api.close());

function workerOn(
  change: (p: Provisioning) => Provisioning = (p) => p,
  bury: Lane["bury"] = async (message, reason) => void buried.push([message, reason]),
): WorkerHandler {
  const heard = listening();
  told = heard.told;
  const { lanes } = api.provisioning;
  const burying = { leavers: { ...lanes.leavers, bury }, changes: { ...lanes.changes, bury } };
  const worker = { ...change(api.provisioning), lanes: burying, workerId: "test" };
  return createWorkerHandler({ worker, laneOf, telemetry: heard.telemetry });
}

async function created(userName: string): Promise<{ id: string; body: string }> {
  const { body } = await api.ask("POST", "/scim/v2/Users", { body: user(userName) });
  const id = textOf(body["id"]);
  return { id, body: JSON.stringify({ type: "User", id, version: 1 }) };
}

async function handle(worker: WorkerHandler, ...bodies: string[]): Promise<string[]> {
  const messages = bodies.map((body, n) => ({ id: `m${n}`, body, sentAt: 0, receiveCount: 1, receipt: `r${n}` }));
  const { batchItemFailures } = await worker(sqsEvent("changes", messages), invocation("worker", 60));
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

describe("the worker function", () => {
  test("leaves out what a later release has put into a pointer beside what is known", async () => {
    const { id } = await created("one@example.com");
    expect(await handle(workerOn(), JSON.stringify({ type: "User", id, version: 1, why: ["new"] }))).toEqual([]);
    expect(await api.provisioning.table.get(entryKey("User", id))).toMatchObject({ attributes: { version: 1 } });
  });

  test("leaves a message that only a later release understands where it is, for that release", async () => {
    const { id, body } = await created("one@example.com");
    expect(await handle(workerOn(), JSON.stringify({ v: 2, all: [id] }), body)).toEqual(["m0"]);
    expect(buried).toEqual([]);
    expect(told.lines).toContainEqual(
      expect.objectContaining({ level: "error", message: "a message of a newer release, it comes again" }),
    );
  });

  test("applies a batch, and tells how long each change waited", async () => {
    const [one, two] = [await created("one@example.com"), await created("two@example.com")];
    await api.provisioning.clock.sleep(1_500);
    expect(await handle(workerOn(), one.body, two.body)).toEqual([]);
    expect(await api.provisioning.table.get(entryKey("User", one.id))).toMatchObject({ attributes: { version: 1 } });
    expect(told.counts).toEqual([
      ["Applied", 1],
      ["ApplyLatencyMs", 1_500],
      ["Applied", 1],
      ["ApplyLatencyMs", 1_500],
    ]);
  });

  test("tells how long a leaver took, and when that was too long", async () => {
    const [quick, slow] = [await created("quick@example.com"), await created("slow@example.com")];
    await handle(workerOn(), quick.body, slow.body);
    const leave = async (id: string) => {
      await api.ask("PATCH", `/scim/v2/Users/${id}`, { body: deactivation });
      return JSON.stringify({ type: "User", id, version: 2 });
    };
    const slowLeaves = await leave(slow.id);
    await api.provisioning.clock.sleep(301_000);
    await handle(workerOn(), await leave(quick.id), slowLeaves);
    expect(told.counts.filter(([name]) => name.startsWith("Leaver"))).toEqual([
      ["LeaverLatencyMs", 0],
      ["LeaverLatencyMs", 301_000],
      ["LeaversLate", 1],
    ]);
  });

  test("a message that comes twice does nothing the second time", async () => {
    const { body } = await created("twice@example.com");
    expect(await handle(workerOn(), body, body)).toEqual([]);
    expect(told.lines.map(({ outcome }) => outcome)).toEqual(["applied", "nothing"]);
  });

  test.each([
    "hello",
    "",
    "[]",
    "null",
    '{"type":"User"}',
    '{"type":"User","id":"","version":1}',
    '{"type":"User","id":"1","version":"1"}',
  ])("%j is not ours: it becomes a dead letter as it is, with a reason, and the others are applied", async (body) => {
    const { id, body: good } = await created("good@example.com");
    expect(await handle(workerOn(), body, good)).toEqual([]);
    expect(buried).toEqual([[body, "unreadable-message"]]);
    expect(await api.provisioning.table.get(entryKey("User", id))).toBeDefined();
    expect(JSON.stringify(told)).not.toContain("hello");
  });

  test("what is parked is told as parked, with its code and without a name", async () => {
    const { id, body } = await created("mailless@example.com");
    expect(
      await handle(
        workerOn((p) => ({ ...p, tenant: parkingTenant })),
        body,
      ),
    ).toEqual([]);
    expect(told.counts).toEqual([["Parked", 1]]);
    expect(told.lines).toEqual([
      expect.objectContaining({ level: "warn", message: "parked", id, code: "mapping-required-missing" }),
    ]);
    expect(JSON.stringify(told.lines)).not.toContain("mailless");
  });

  test("a message for what is not there is acknowledged", async () => {
    expect(await handle(workerOn(), JSON.stringify({ type: "User", id: crypto.randomUUID(), version: 3 }))).toEqual([]);
  });

  test("what cannot even be noted comes again, and nothing else does", async () => {
    const [one, two] = [await created("lost@example.com"), await created("found@example.com")];
    const worker = workerOn((p) => ({
      ...p,
      table: {
        ...p.table,
        get: async (key) => {
          if (key.sk === one.id) throw new TableError("lost", "no answer");
          return await p.table.get(key);
        },
      },
    }));
    expect(await handle(worker, one.body, two.body)).toEqual(["m0"]);
    expect(await handle(worker, one.body)).toEqual(["m0"]);
  });

  test("records of one batch are handled one after the other", async () => {
    const bodies = [];
    for (const name of ["a", "b", "c"]) bodies.push((await created(`${name}@example.com`)).body);
    let running = 0;
    let most = 0;
    const worker = workerOn((p) => ({
      ...p,
      table: {
        ...p.table,
        transact: async (writes) => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => void setTimeout(resolve, 1));
          await p.table.transact(writes);
          running -= 1;
        },
      },
    }));
    expect([await handle(worker, ...bodies), most]).toEqual([[], 1]);
  });

  test("a message that cannot even be made a dead letter comes again, and the log says why", async () => {
    const worker = workerOn(
      (p) => p,
      () => Promise.reject(new LaneError("no answer")),
    );
    expect(await handle(worker, "hello")).toEqual(["m0"]);
    expect(told.lines).toEqual([
      expect.objectContaining({ level: "error", message: expect.stringContaining("comes again"), error: "LaneError" }),
    ]);
  });

  test("a queue that is no lane of the tenant is a fault of the deployment: the batch fails, and the alarm with it", async () => {
    const { body } = await created("one@example.com");
    const event = sqsEvent("changes", [{ id: "m0", body, sentAt: 0, receiveCount: 1, receipt: "r0" }]);
    const Records = event.Records.map((record) => ({ ...record, eventSourceARN: "arn:aws:sqs:eu-central-1:1:other" }));
    await expect(workerOn()({ Records }, invocation("worker", 60))).rejects.toThrow("the line before this one");
    expect(told.lines).toEqual([
      expect.objectContaining({ level: "error", message: expect.stringContaining("batch") }),
    ]);
  });

  test("a lane is known by the name of its queue", () => {
    expect(() => laneOf("arn:aws:sqs:eu-central-1:1:other")).toThrow("arn:aws:sqs:eu-central-1:1:other is none");
    expect(laneOf("arn:aws:sqs:eu-central-1:1:leavers")).toBe("leavers");
  });
});

describe("the sweeper function", () => {
  test("sends again what is due, and tells how long the oldest waits", async () => {
    await created("waits@example.com");
    await api.provisioning.clock.sleep(90_000);
    const heard = listening();
    const report = await createSweeperHandler({ provisioning: api.provisioning, telemetry: heard.telemetry })();
    expect(report).toEqual({ sent: 1, oldestPendingSeconds: 90, leaversWaiting: 0 });
    expect(heard.told.counts).toEqual([["OldestPendingSeconds", 90]]);
  });

  test("tells of leavers who are over the limit and still active", async () => {
    const { id, body } = await created("leaves@example.com");
    await handle(workerOn(), body);
    await api.ask("PATCH", `/scim/v2/Users/${id}`, { body: deactivation });
    await api.provisioning.clock.sleep(301_000);
    const heard = listening();
    await createSweeperHandler({ provisioning: api.provisioning, telemetry: heard.telemetry })();
    expect(heard.told.counts).toContainEqual(["LeaversWaiting", 1]);
  });

  test("leaves a sign of life, no more often than every five minutes", async () => {
    const { table, clock } = api.provisioning;
    const sweeper = createSweeperHandler({ provisioning: api.provisioning, telemetry: listening().telemetry });
    expect(await readSweep(table)).toBeUndefined();
    const signs: (number | undefined)[] = [];
    const begun = clock.now();
    for (let n = 0; n < 11; n += 1) {
      await sweeper();
      signs.push(((await readSweep(table))?.at ?? 0) - begun);
      await clock.sleep(60_000);
    }
    expect([...new Set(signs)]).toEqual([0, 300_000, 600_000]);
  });

  test("does not fail because its sign of life cannot be written", async () => {
    const { table } = api.provisioning;
    const write = async () => await Promise.reject(new TableError("throttled", "full"));
    const provisioning = { ...api.provisioning, table: { ...table, write } };
    const sweeper = createSweeperHandler({ provisioning, telemetry: listening().telemetry });
    expect(await sweeper()).toMatchObject({ sent: 0 });
  });

  test("fails aloud when the table does", async () => {
    const waiting = async (): Promise<never> => await Promise.reject(new TableError("throttled", "too much"));
    const provisioning = { ...api.provisioning, table: { ...api.provisioning.table, waiting } };
    const heard = listening();
    await expect(createSweeperHandler({ provisioning, telemetry: heard.telemetry })()).rejects.toThrow(
      /^TableError; the line before/,
    );
    expect(heard.told.lines).toMatchObject([{ level: "error", error: "TableError" }]);
  });
});
