/** The sweep under pressure: thousands stand for millions, and the room in a lane is in the same proportion. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readHead } from "../../lib/provisioning/head.ts";
import { headKey } from "../../lib/provisioning/keys.ts";
import { LaneError, TableError } from "../../lib/provisioning/ports.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { type TestStore, testStore } from "../ops/store.ts";
import { multiplyPending } from "./many-pending.ts";

const minute = 60_000;
const day = 86_400_000;
/** As twenty thousand messages are to a million changes. */
const [changes, most] = [500, 10];

const tenant = readTenantFile("pressed", {
  environment: { region: "eu-central-1" },
  mapping: { attributes: { login: { from: "userName", required: true } } },
});

let store: TestStore;
beforeEach(() => {
  store = testStore(tenant);
});
afterEach(() => store.close());

const messages = (queue = "changes") =>
  Number(store.db.prepare("SELECT count(*) AS n FROM message WHERE queue = ?").get(queue)?.["n"]);
const waiting = () =>
  Number(store.db.prepare("SELECT count(*) AS n FROM item WHERE wait_key NOT LIKE 'accepted#%'").get()?.["n"]);
const loseMessages = () => {
  store.db.exec("DELETE FROM message");
};

/** So many creations wait, and the worker is off. */
async function manyWait(sent: boolean): Promise<void> {
  const id = await store.createUser({ userName: "seed@example.com" });
  multiplyPending(store.db, { id, name: "seed", times: changes - 1, messages: sent });
}

/** A sweep every ten minutes for so long, while SQS forgets what was sent four days ago. How many messages were sent. */
async function weekOff(): Promise<number> {
  let sent = 0;
  for (let n = 0; n < (7 * day) / (10 * minute); n += 1) {
    store.pass(10 * minute);
    store.db.prepare("DELETE FROM message WHERE sent_at < ?").run(store.operations.clock.now() - 4 * day);
    sent += (await sweep(store.operations, most)).sent;
  }
  return sent;
}

/** The worker is back: how many sweeps it takes until nothing waits, and how many messages. */
async function recovery(): Promise<{ sweeps: number; sent: number }> {
  let [sweeps, sent] = [0, 0];
  for (; waiting() > 0 && sweeps < changes; sweeps += 1) {
    store.pass(minute);
    sent += (await sweep(store.operations, most)).sent;
    await store.work();
  }
  return { sweeps, sent };
}

describe("a worker that is off for a week", () => {
  test("finds what was sent, and no more than its lane holds on top of it; then all that SQS forgot comes again", async () => {
    await manyWait(true);
    expect(await weekOff()).toBe(most);
    expect(messages()).toBe(most);
    const { sweeps, sent } = await recovery();
    // Each once, a lane's fill a minute: a million in fifty minutes.
    expect([sweeps, sent]).toEqual([changes / most, changes - most]);
    const applied = store.db.prepare("SELECT count(*) AS n FROM item WHERE tbl = 'directory' AND sk = 'Entry'").get();
    expect(applied?.["n"]).toBe(changes);
  });

  test("finds a lane's fill when every message was lost, sent twice because SQS forgets", async () => {
    await manyWait(false);
    loseMessages();
    expect(await weekOff()).toBe(2 * most);
    expect(messages()).toBe(most);
  });

  test("finds a few messages for each change when few wait", async () => {
    for (let n = 0; n < 3; n += 1) await store.createUser({ userName: `u${n}` });
    expect(await weekOff()).toBeLessThanOrEqual(2 * most);
  });
});

describe("leavers first", () => {
  async function leaverBehindMany(): Promise<string> {
    const id = await store.createUser({ userName: "leaves@example.com" });
    await store.work();
    await manyWait(true);
    store.pass(minute);
    await store.patchUser(id, { active: false });
    store.db.prepare("DELETE FROM message WHERE queue = 'leavers'").run();
    store.pass(2 * minute);
    return id;
  }

  test("a leaver whose message was lost is sent by the next sweep, although the other lane is full", async () => {
    await leaverBehindMany();
    expect(await sweep(store.operations, most)).toMatchObject({ sent: 1 });
    expect(messages("leavers")).toBe(1);
    expect(messages()).toBe(changes);
  });

  test("a leaver over the limit is told of, however many changes wait for longer", async () => {
    await leaverBehindMany();
    store.pass(10 * minute);
    expect(await sweep(store.operations, most)).toMatchObject({ leaversWaiting: 1 });
  });

  test("who is brought back is a change like others again", async () => {
    const id = await leaverBehindMany();
    await store.patchUser(id, { active: true });
    store.pass(2 * minute);
    expect(await sweep(store.operations, most)).toMatchObject({ sent: 0 });
  });

  test("a leaver whose change failed keeps the place", async () => {
    const id = await leaverBehindMany();
    const full = async () => await Promise.reject(new TableError("throttled", "full"));
    const { apply } = await import("../../lib/provisioning/apply.ts");
    const broken = { ...store.operations, table: { ...store.operations.table, transact: full }, workerId: "w" };
    expect(await apply(broken, "leavers", { type: "User", id, version: 2 })).toMatchObject({ kind: "later" });
    expect((await readHead(store.operations.table, "User", id))?.waitKey).toMatch(/^leaver#[0-3]$/);
  });

  test("one that the format before noted among all others goes to the leavers' lane, too", async () => {
    const id = await store.createUser({ userName: "leaves@example.com" });
    await store.work();
    await store.patchUser(id, { active: false });
    loseMessages();
    const waitKey = `due#${Number.parseInt(id.slice(0, 1), 16)}`;
    await store.operations.table.write({ kind: "update", key: headKey("User", id), set: { waitKey } });
    store.pass(2 * minute);
    expect(await sweep(store.operations)).toMatchObject({ sent: 1 });
    expect(messages("leavers")).toBe(1);
  });
});

describe("what the sweep tells", () => {
  test("the age of the oldest, also when it is not the next that is due", async () => {
    const old = await store.createUser({ userName: "old@example.com" });
    store.pass(day);
    await manyWait(true);
    const waitAt = store.operations.clock.now() + 360 * minute;
    await store.operations.table.write({ kind: "update", key: headKey("User", old), set: { waitAt } });
    const { oldestPendingSeconds } = await sweep(store.operations, most);
    expect(oldestPendingSeconds).toBeGreaterThanOrEqual(day / 1000);
  });
});

describe("a lane or a table that fails", () => {
  const down = async () => await Promise.reject(new LaneError("SQS is away"));
  const withChanges = (lane: object) => {
    const { lanes } = store.operations;
    return { ...store.operations, lanes: { ...lanes, changes: { ...lanes.changes, ...lane } } };
  };
  beforeEach(async () => {
    await store.createUser({ userName: "a@example.com" });
    loseMessages();
    store.pass(2 * minute);
  });

  test("a lane that does not say how full it is gets nothing, and the sweep says why", async () => {
    expect(await sweep(withChanges({ depth: down }))).toMatchObject({ sent: 0, laneError: "SQS is away" });
    expect(await sweep(store.operations)).toMatchObject({ sent: 1 });
  });

  test("what a lane did not take is due at the next sweep", async () => {
    expect(await sweep(withChanges({ sendAll: down }))).toMatchObject({ sent: 0, laneError: "SQS is away" });
    store.pass(minute);
    expect(await sweep(store.operations)).toMatchObject({ sent: 1 });
  });

  test("what was sent and could not be noted is sent again, but never beyond the room in the lane", async () => {
    const full = async () => await Promise.reject(new TableError("throttled", "full"));
    const throttled = { ...store.operations, table: { ...store.operations.table, write: full } };
    for (let n = 0; n < 3 * most; n += 1) await sweep(throttled, most);
    expect(messages()).toBe(most);
  });

  test("a head that a newer release wrote keeps no other from being sent", async () => {
    const other = await store.createUser({ userName: "b@example.com" });
    loseMessages();
    await store.operations.table.write({ kind: "update", key: headKey("User", other), set: { v: 99 } });
    store.pass(2 * minute);
    expect(await sweep(store.operations)).toMatchObject({ sent: 1 });
  });

  test("a head that cannot be read keeps no other from being sent, and is told of", async () => {
    const other = await store.createUser({ userName: "b@example.com" });
    loseMessages();
    await store.operations.table.write({ kind: "update", key: headKey("User", other), set: { resource: "{" } });
    store.pass(2 * minute);
    await expect(sweep(store.operations)).rejects.toThrow(SyntaxError);
    expect(messages()).toBe(1);
  });

  test("what was applied or parked meanwhile is not sent: the index lags", async () => {
    const { table } = store.operations;
    const rows = await Promise.all(
      Array.from({ length: 16 }, async (_, n) => await table.waiting(`due#${n}`, { limit: 9 })),
    );
    const [row] = rows.flat();
    if (row === undefined) throw new Error("nothing waits");
    await store.operations.lanes.changes.send({ type: "User", id: row.sk, version: 1 });
    await store.work();
    const lagging = { ...table, waiting: async (key: string) => (key === "due#0" ? [row] : []) };
    expect(await sweep({ ...store.operations, table: lagging })).toMatchObject({ sent: 0 });
    expect((await readHead(table, "User", row.sk))?.waitAt).toBeUndefined();
  });
});
