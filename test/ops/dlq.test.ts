import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { byCause } from "../../lib/ops/dlq/causes.ts";
import { drop, planDrop } from "../../lib/ops/dlq/drop.ts";
import { forecaster } from "../../lib/ops/dlq/forecast.ts";
import { failingGroups, planReplay, type PlanOptions, type ReplayPlan } from "../../lib/ops/dlq/replay-plan.ts";
import { replay, type Replayed } from "../../lib/ops/dlq/replay.ts";
import { type Selection, withFailedChanges } from "../../lib/ops/dlq/select.ts";
import type { Operations } from "../../lib/ops/operations.ts";
import { workerAnswers } from "../../lib/ops/worker-answers.ts";
import { readGivenUp } from "../../lib/provisioning/given-up.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { brakeKey } from "../../lib/provisioning/keys.ts";
import { type Attributes, LaneError } from "../../lib/provisioning/ports.ts";
import { mendedTenant, parkingTenant, type TestStore, testStore } from "./store.ts";

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
const replayAll = async (
  selection: Selection = {},
  o = store.operations,
  signal?: AbortSignal,
): Promise<Omit<Replayed, "pending">> =>
  await withFailedChanges(o, selection, look, async ({ changes, removed }) => {
    const { pending, ...counts } = await replay(
      o,
      planReplay(changes),
      removed,
      signal === undefined ? {} : { signal },
    );
    expect(pending).toHaveLength(counts.sent);
    return counts;
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
        meaning: "The user has no value for a profile attribute that the tenant file requires.",
        cure: expect.stringContaining("mend the tenant file"),
        command: "dlq replay --cause mapping-required-missing",
      },
    ]);
  });

  test("costs no scan: the index of what waits, and the heads that it names", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    const { table } = store.operations;
    let reads = 0;
    const counted = {
      ...table,
      query: async () => await Promise.reject(new Error("a query")),
      get: async () => await Promise.reject(new Error("a read of one item")),
      batchGet: async (keys: Parameters<typeof table.batchGet>[0]) => {
        reads += keys.length;
        return await table.batchGet(keys);
      },
    };
    expect(await failed({}, { ...store.operations, table: counted })).toHaveLength(1);
    expect(reads).toBe(1);
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

describe("the plan of a replay", () => {
  const planOf = async (tenant = parkingTenant, options: PlanOptions = {}): Promise<ReplayPlan> => {
    const o = { ...store.operations, tenant };
    return planReplay(await failed(), { forecast: await forecaster(o), ...options });
  };

  test("tells those that the mapping would refuse again, grouped by what is in the way", async () => {
    for (const userName of ["ada", "bob", "cy", "dan"]) {
      await store.createUser({ userName });
      store.pass(1000);
    }
    await store.work();
    const { replay: toDo, failing } = await planOf();
    expect(toDo).toEqual([]);
    expect(failingGroups(failing)).toEqual([
      {
        code: "mapping-required-missing",
        message: expect.stringContaining('Profile attribute "email" is required'),
        count: 4,
        examples: ["ada", "bob", "cy"],
      },
    ]);
  });

  test("after the tenant file was mended nothing would fail", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    expect(await planOf(mendedTenant)).toMatchObject({ replay: [{ name: "ada" }], failing: [] });
  });

  test("knows that a group, a leaver and somebody deleted never fail by the mapping", async () => {
    const [group, leaver, deleted] = [
      await store.createGroup("Sales"),
      await store.createUser({ userName: "lea", active: false }),
      await store.createUser({ userName: "del", emails: [{ value: "d@example.com" }] }),
    ];
    await store.deleteUser(deleted);
    store.db.exec("UPDATE message SET queue = queue || '-dead'");
    const { replay: toDo, failing } = await planOf();
    expect(failing).toEqual([]);
    expect(new Set(toDo.map(({ id }) => id))).toEqual(new Set([group, leaver, deleted]));
  });

  test("knows whom the brake would hold again", async () => {
    const id = await store.createUser({ userName: "lea", emails: [{ value: "lea@example.com" }] });
    await store.work();
    await store.patchUser(id, { active: false });
    store.parkHead("User", id, "brake-held");
    const write = (set: Attributes) => store.operations.table.write({ kind: "update", key: brakeKey, set });
    await write({ state: "held" });
    expect(await planOf()).toMatchObject({ replay: [], failing: [{ forecast: { code: "brake-held" } }] });
    await write({ state: "tripped" });
    expect(await planOf()).toMatchObject({ replay: [{ id }], failing: [] });
  });

  test("leaves out what an operator has decided, unless it is asked for", async () => {
    const id = await store.createUser({ userName: "lea", emails: [{ value: "lea@example.com" }] });
    store.parkHead("User", id, "brake-rejected");
    expect(await failed()).toEqual([]);
    expect(await failed({ user: "lea" })).toMatchObject([{ id, cause: "brake-rejected" }]);
  });

  test("what would fail again keeps its letter, but one only", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    await store.operations.lanes.changes.bury({ type: "User", id, version: 1 }, "mapping-required-missing");
    await withFailedChanges(store.operations, {}, look, async ({ changes, removed }) => {
      const plan = planReplay(changes, { forecast: await forecaster(store.operations) });
      expect(await replay(store.operations, plan, removed)).toMatchObject({ sent: 0, pending: [] });
    });
    expect(await causes()).toMatchObject([{ parked: 1, deadLetters: 1 }]);
  });
});

describe("the worker's answers", () => {
  const sentOf = async () =>
    await withFailedChanges(store.operations, {}, look, async ({ changes, removed }) => {
      return (await replay(store.operations, planReplay(changes), removed)).pending;
    });
  const patience = { patienceMs: 30_000 };

  test("tell apart what was applied and what failed again", async () => {
    const mended = await store.createUser({ userName: "ada" });
    const broken = await store.createUser({ userName: "bob" });
    await store.work();
    const sent = await sentOf();
    await store.patchUser(mended, { emails: [{ value: "ada@example.com" }] });
    const answers = await workerAnswers(store.whileWorking(), sent, patience);
    expect(answers).toMatchObject({
      applied: [{ id: mended }],
      failed: [{ id: broken, code: "mapping-required-missing", parked: true }],
      waiting: [],
    });
  });

  test("end after half a minute without one: nobody is there", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    const began = store.operations.clock.now();
    const answers = await workerAnswers(store.whileWorking("nobody"), await sentOf(), patience);
    expect(answers).toMatchObject({ applied: [], failed: [], waiting: [{ version: 1 }] });
    expect(store.operations.clock.now() - began).toBeGreaterThanOrEqual(30_000);
  });

  test("end at Ctrl-C", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    const began = store.operations.clock.now();
    const o = store.whileWorking("nobody");
    const answers = await workerAnswers(o, await sentOf(), { ...patience, signal: AbortSignal.abort() });
    expect(answers.waiting).toHaveLength(1);
    expect(store.operations.clock.now() - began).toBeLessThan(30_000);
  });
});

describe("drop", () => {
  const dropAll = async (selection: Selection = {}, signal?: AbortSignal) =>
    await withFailedChanges(store.operations, selection, look, async (selected) => {
      return await drop(store.operations, selected, {
        reason: "a test account",
        ...(signal === undefined ? {} : { signal }),
      });
    });

  test("gives up what is parked: it is no longer listed, and its letter is gone", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    expect(await dropAll()).toEqual({ deadLetters: 1, givenUp: 1, stopped: false });
    expect(await failed()).toEqual([]);
    expect(await depth()).toBe(0);
    expect(await failed({ givenUp: true })).toMatchObject([
      { id, status: "givenUp", version: 1, applied: 0, head: { givenUp: { reason: "a test account" } } },
    ]);
  });

  test("a pointer that comes after it undoes nothing", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    await dropAll();
    await store.operations.lanes.changes.send({ type: "User", id, version: 1 });
    await store.work(mendedTenant);
    expect(await readEntry(store.operations.table, "User", id)).toBeUndefined();
    expect(await failed({ givenUp: true })).toHaveLength(1);
  });

  test("a new word of the identity provider ends it, and the reason stays with the resource", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    await dropAll();
    await store.patchUser(id, { emails: [{ value: "ada@example.com" }] });
    await store.work();
    expect(await readEntry(store.operations.table, "User", id)).toMatchObject({ version: 2, state: "active" });
    const head = await readHead(store.operations.table, "User", id);
    expect([head?.givenUp, head?.waitKey]).toEqual([undefined, undefined]);
    expect(await readGivenUp(store.operations.table, id)).toEqual([
      {
        at: expect.any(Number),
        reason: "a test account",
        version: 1,
        applied: 0,
        cause: "mapping-required-missing",
      },
    ]);
  });

  test("of a group it disturbs no later change: members and log are folded as before", async () => {
    const user = await store.createUser({ userName: "ada", emails: [{ value: "ada@example.com" }] });
    const group = await store.createGroup("Sales", [user]);
    store.parkHead("Group", group);
    expect(await dropAll()).toMatchObject({ givenUp: 1 });
    await store.work();
    expect(await readEntry(store.operations.table, "Group", group)).toBeUndefined();
    await store.renameGroup(group, "Sales 2");
    await store.work();
    expect(await readEntry(store.operations.table, "Group", group)).toMatchObject({ version: 2 });
    expect(await readHead(store.operations.table, "Group", group)).toMatchObject({ applied: 2 });
  });

  test("is taken up again by a replay of what was given up", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    await dropAll();
    await withFailedChanges(store.operations, { givenUp: true }, look, async ({ changes, removed }) => {
      await replay(store.operations, planReplay(changes, { takesUp: true }), removed);
    });
    await store.work(mendedTenant);
    expect(await readEntry(store.operations.table, "User", id)).toMatchObject({ state: "active" });
    expect(await failed({ givenUp: true })).toEqual([]);
  });

  test("a letter that was left of it, when a drop was killed, is superseded", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    await dropAll();
    await store.operations.lanes.changes.bury({ type: "User", id, version: 1 }, "mapping-required-missing");
    expect(await replayAll()).toMatchObject({ sent: 0, superseded: 1 });
    expect([await depth(), (await failed({ givenUp: true })).length]).toEqual([0, 1]);
  });

  test("leaves the young letter of a change that is just being parked", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.operations.lanes.changes.bury({ type: "User", id, version: 1 }, "mapping-required-missing");
    expect(await dropAll()).toMatchObject({ deadLetters: 0, givenUp: 0 });
    store.pass(2 * 60_000);
    expect(await dropAll()).toMatchObject({ deadLetters: 1, givenUp: 0 });
  });

  test("says how many people keep access because of it", async () => {
    const id = await store.createUser({ userName: "lea", emails: [{ value: "lea@example.com" }] });
    await store.work();
    await store.patchUser(id, { active: false });
    store.parkHead("User", id);
    expect(planDrop(await failed())).toMatchObject({ changes: 1, parked: [{ id }], leavers: [{ id }] });
  });

  test("stopped at once it has done nothing", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    expect(await dropAll({}, AbortSignal.abort())).toEqual({ deadLetters: 0, givenUp: 0, stopped: true });
    expect([await depth(), (await failed()).length]).toEqual([1, 1]);
  });

  test("drops unreadable messages alone when asked so", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    await store.operations.lanes.changes.bury("?", "unreadable-message");
    await dropAll({ cause: "unreadable-message" });
    expect(await causes()).toMatchObject([{ cause: "mapping-required-missing", parked: 1, deadLetters: 1 }]);
    expect(await depth()).toBe(1);
  });
});

describe("a redrive by hand (StartMessageMoveTask moves every dead letter back into its lane)", () => {
  const redrive = () => store.db.exec("UPDATE message SET queue = 'changes', receive_count = 0, visible_at = 0");

  test("after the cause is gone it ends with an empty dead-letter queue", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    redrive();
    await store.work(mendedTenant);
    expect(await readEntry(store.operations.table, "User", id)).toMatchObject({ state: "active" });
    expect([await depth(), await failed()]).toEqual([0, []]);
  });

  test("before the cause is gone it is parked again, with a letter, and ends by a replay", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    redrive();
    await store.work();
    expect(await causes()).toMatchObject([{ count: 1, parked: 1, deadLetters: 1 }]);
    await replayAll();
    await store.work(mendedTenant);
    expect([await depth(), await failed()]).toEqual([0, []]);
  });

  test("of several letters for one change none is left", async () => {
    const id = await store.createUser({ userName: "ada" });
    await store.work();
    await store.operations.lanes.changes.bury({ type: "User", id, version: 1 }, "mapping-required-missing");
    redrive();
    await store.work();
    expect(await causes()).toMatchObject([{ count: 1, parked: 1 }]);
    await replayAll();
    await store.work(mendedTenant);
    expect([await depth(), await failed()]).toEqual([0, []]);
  });

  test("of what was given up or overtaken nothing comes back", async () => {
    const overtaken = await store.createUser({ userName: "ada" });
    await store.work();
    await store.patchUser(overtaken, { emails: [{ value: "ada@example.com" }] });
    await store.work();
    redrive();
    await store.work();
    expect([await depth(), await failed()]).toEqual([0, []]);
  });
});
