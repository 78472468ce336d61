import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { byCause } from "../../lib/ops/dlq/causes.ts";
import { drop } from "../../lib/ops/dlq/drop.ts";
import { planReplay, replay, type Replayed } from "../../lib/ops/dlq/replay.ts";
import { type Selection, withFailedChanges } from "../../lib/ops/dlq/select.ts";
import type { Operations } from "../../lib/ops/operations.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { LaneError } from "../../lib/provisioning/ports.ts";
import { mendedTenant, type TestStore, testStore } from "./store.ts";

const hour = 3_600_000;
const look = { hiddenSeconds: 60 };

let store: TestStore;
beforeEach(() => {
  store = testStore();
});
afterEach(() => store.close());

const failed = async (selection: Selection = {}, o: Operations = store.operations) =>
  await withFailedChanges(o, selection, look, async ({ changes }) => changes);
const causes = async () => byCause(await failed());
const replayAll = async (selection: Selection = {}, o = store.operations, signal?: AbortSignal): Promise<Replayed> =>
  await withFailedChanges(o, selection, look, async ({ changes, removed }) => {
    return await replay(o, planReplay(changes), removed, signal === undefined ? {} : { signal });
  });
const depth = async () => await store.operations.deadLetters.changes.depth();

describe("the list of what failed", () => {
  test("a parked change is listed once by its reason code, however many letters tell of it", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    await store.operations.lanes.changes.bury({ type: "User", id, version: 1 }, "mapping-required-missing");
    expect(await causes()).toEqual([
      {
        cause: "mapping-required-missing",
        count: 1,
        parked: 1,
        deadLetters: 2,
        oldest: expect.any(Number),
        lanes: ["changes"],
      },
    ]);
  });

  test("a parked change whose letter SQS forgot is still listed: the table is the truth", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    store.db.exec("DELETE FROM message");
    expect(await failed()).toMatchObject([
      { key: `User/${id}`, name: "ada", status: "parked", version: 1, applied: 0, letters: [], lanes: ["changes"] },
    ]);
  });

  test("a message that is none of ours is unreadable-message, and stays what it is", async () => {
    await store.operations.lanes.changes.bury("not JSON", "unreadable-message");
    await store.operations.lanes.leavers.bury('{"type":"User"}', "unreadable-message");
    expect(await causes()).toMatchObject([
      { cause: "unreadable-message", count: 2, parked: 0, lanes: ["changes", "leavers"] },
    ]);
  });

  test("a letter without a reason is never-finished: the worker crashed over it", async () => {
    const id = await store.createUser({ userName: "ada", emails: [{ value: "ada@example.com" }] });
    store.db.exec("UPDATE message SET queue = 'changes-dead'");
    expect(await failed()).toMatchObject([{ id, cause: "never-finished", status: "pending" }]);
  });

  test("looking leaves every letter where it was", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    await failed();
    expect(await store.operations.deadLetters.changes.receive({ hiddenSeconds: 1 })).toHaveLength(1);
  });

  test("more letters than one receive gives are all read", async () => {
    for (let n = 0; n < 25; n += 1) await store.createUser({ userName: `user ${n}` });
    await store.work();
    expect(await causes()).toMatchObject([{ count: 25, parked: 25, deadLetters: 25 }]);
  });

  test("it is chosen by cause, by user and by age", async () => {
    await store.createUser({ userName: "old", externalId: "x-1" });
    store.pass(3 * hour);
    await store.createUser({ userName: "new" });
    await store.work();
    const names = async (selection: Selection) => (await failed(selection)).map((change) => change.name);
    expect(await names({})).toEqual(["old", "new"]);
    expect(await names({ olderThanMs: 2 * hour })).toEqual(["old"]);
    expect(await names({ user: "x-1" })).toEqual(["old"]);
    expect(await names({ user: "NEW", olderThanMs: 2 * hour })).toEqual([]);
    expect(await names({ cause: "mapping-required-missing" })).toEqual(["old", "new"]);
    expect(await names({ cause: "internal" })).toEqual([]);
  });

  test("a user whom nobody knows is an error that says what was looked for", async () => {
    await expect(failed({ user: "nobody" })).rejects.toThrow('Nobody is called "nobody"');
  });
});

describe("replay", () => {
  test("after the tenant file was mended, what was parked is applied and its letter is gone", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    expect(await replayAll()).toEqual({ sent: 1, superseded: 0, unreadable: 0, stopped: false });
    await store.work(mendedTenant);
    expect(await readEntry(store.operations.table, "User", id)).toMatchObject({
      state: "active",
      profile: { login: "ada" },
    });
    expect(await failed()).toEqual([]);
    expect(await depth()).toBe(0);
  });

  test("nothing on the head is cleared: what fails again is parked again, with one letter", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    const before = await readHead(store.operations.table, "User", id);
    await replayAll();
    expect(await readHead(store.operations.table, "User", id)).toEqual(before);
    await store.work();
    expect(await causes()).toMatchObject([{ count: 1, parked: 1, deadLetters: 1 }]);
  });

  test("what was mended meanwhile is superseded: only its letter goes", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    await store.patchUser(id, { emails: [{ value: "ada@example.com" }] });
    await store.work();
    expect(await failed()).toMatchObject([{ status: "applied" }]);
    expect(await replayAll()).toEqual({ sent: 0, superseded: 1, unreadable: 0, stopped: false });
    expect(await depth()).toBe(0);
    expect(store.db.prepare("SELECT count(*) AS n FROM message").get()).toEqual({ n: 0 });
  });

  test("the pointer goes to the lane that its letter came from", async () => {
    const id = await store.createUser({ userName: "ada", emails: [{ value: "ada@example.com" }] });
    store.db.exec("UPDATE message SET queue = 'leavers-dead'");
    await replayAll({ user: id });
    expect(store.db.prepare("SELECT queue FROM message").all()).toEqual([{ queue: "leavers" }]);
  });

  test("a letter of a resource that is no more is taken away", async () => {
    await store.operations.lanes.changes.bury(
      { type: "User", id: store.operations.chance.uuid(), version: 1 },
      "internal",
    );
    expect(await replayAll()).toMatchObject({ sent: 0, superseded: 1 });
    expect(await depth()).toBe(0);
  });

  test("what is unreadable stays", async () => {
    await store.operations.lanes.changes.bury("?", "unreadable-message");
    expect(await replayAll()).toEqual({ sent: 0, superseded: 0, unreadable: 1, stopped: false });
    expect(await depth()).toBe(1);
  });

  test("stopped at once it has done nothing, and the next run does it all", async () => {
    for (let n = 0; n < 12; n += 1) await store.createUser({ userName: `user ${n}` });
    await store.work();
    expect(await replayAll({}, store.operations, AbortSignal.abort())).toMatchObject({ sent: 0, stopped: true });
    expect(await depth()).toBe(12);
    expect(await replayAll()).toMatchObject({ sent: 12, stopped: false });
    expect(await depth()).toBe(0);
  });

  test("stopped in the middle it can be run again: nothing is lost, and what comes twice is harmless", async () => {
    for (let n = 0; n < 30; n += 1) await store.createUser({ userName: `user ${n}` });
    await store.work();
    const stop = new AbortController();
    const { lanes } = store.operations;
    const changes = {
      ...lanes.changes,
      send: async (pointer: Parameters<typeof lanes.changes.send>[0]) => {
        await lanes.changes.send(pointer);
        stop.abort();
      },
    };
    const first = await replayAll({}, { ...store.operations, lanes: { ...lanes, changes } }, stop.signal);
    expect(first.stopped).toBe(true);
    expect(first.sent).toBeLessThan(30);
    expect(await replayAll()).toMatchObject({ sent: 30, stopped: false });
    await store.work(mendedTenant);
    expect(await failed()).toEqual([]);
  });

  test("a lane that takes nothing ends it: letters stay, and the reason is told", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    const { lanes } = store.operations;
    const changes = { ...lanes.changes, send: async () => await Promise.reject(new LaneError("SQS is away")) };
    const result = await replayAll({}, { ...store.operations, lanes: { ...lanes, changes } });
    expect(result).toEqual({ sent: 0, superseded: 0, unreadable: 0, stopped: true, problem: "SQS is away" });
    expect(await store.operations.deadLetters.changes.receive({ hiddenSeconds: 1 })).toHaveLength(1);
  });
});

describe("drop", () => {
  test("takes the letters away and leaves what is parked, for the table is the list", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    const dropped = await withFailedChanges(
      store.operations,
      {},
      look,
      async (selected) => await drop(store.operations, selected),
    );
    expect(dropped).toEqual({ deadLetters: 1, stillParked: 1 });
    expect(await failed()).toMatchObject([{ status: "parked", letters: [] }]);
  });

  test("drops unreadable messages alone when asked so", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    await store.operations.lanes.changes.bury("?", "unreadable-message");
    const selection = { cause: "unreadable-message" };
    await withFailedChanges(
      store.operations,
      selection,
      look,
      async (selected) => await drop(store.operations, selected),
    );
    expect(await causes()).toMatchObject([{ cause: "mapping-required-missing", deadLetters: 1 }]);
    expect(await depth()).toBe(1);
  });
});
