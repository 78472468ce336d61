import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { allow, allowSome, reject } from "../../lib/ops/brake/decide.ts";
import { brakeStatus } from "../../lib/ops/brake/status.ts";
import { drop, planDrop } from "../../lib/ops/dlq/drop.ts";
import { forecaster } from "../../lib/ops/dlq/forecast.ts";
import { planReplay } from "../../lib/ops/dlq/replay-plan.ts";
import { replay } from "../../lib/ops/dlq/replay.ts";
import { withFailedChanges } from "../../lib/ops/dlq/select.ts";
import type { Operations } from "../../lib/ops/operations.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { LaneError } from "../../lib/provisioning/ports.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { deleteResource } from "../../lib/provisioning/write-resource.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import { brakeTenantFile, type TestStore, testStore } from "./store.ts";

const minute = 60_000;
const tenant = readTenantFile("parking", brakeTenantFile);

let store: TestStore;
let o: Operations;
let employed: number;
beforeEach(() => {
  employed = 0;
  store = testStore();
  o = { ...store.operations, tenant };
});
afterEach(() => store.close());

const work = async () => await store.work(tenant);
const stateOf = async (id: string) => (await readEntry(o.table, "User", id))?.state;
const codeOf = async (id: string) => (await readHead(o.table, "User", id))?.failure?.code;
const letters = async () => await o.deadLetters.leavers.depth();
const leave = async (...ids: string[]) => {
  for (const id of ids) await store.patchUser(id, { active: false });
};

async function employ(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    employed += 1;
    ids.push(await store.createUser({ userName: `user${employed}@example.com` }));
  }
  await work();
  return ids;
}

/** Six leave where three may; the three who are held. */
async function mass(): Promise<{ left: string[]; held: string[]; here: string }> {
  const [here = "", ...ids] = await employ(7);
  await leave(...ids);
  await work();
  const held: string[] = [];
  for (const id of ids) if ((await codeOf(id)) === "brake-held") held.push(id);
  expect(held).toHaveLength(3);
  // Whoever leaves in the millisecond of a decision is counted after it.
  store.pass(1);
  return { left: ids.filter((id) => !held.includes(id)), held, here };
}

describe("the status of the brake", () => {
  test("of a quiet day: off, how many have left, how many may", async () => {
    const [id = ""] = await employ(2);
    await leave(id);
    await work();
    expect(await brakeStatus(o)).toEqual({
      state: "off",
      action: "hold",
      windowMinutes: 60,
      left: 1,
      threshold: 3,
      users: 2,
      held: { count: 0, first: [] },
      rejected: { count: 0, first: [] },
    });
  });

  test("of a mass deactivation: when it tripped, whom it holds", async () => {
    await mass();
    const status = await brakeStatus(o);
    expect(status).toMatchObject({ state: "held", left: 3, trip: { count: 4, threshold: 3 }, held: { count: 3 } });
    expect(status.held.first).toHaveLength(3);
    expect(status.held.first[0]).toMatch(/^user\d@example.com$/);
  });

  test("names somebody who was deleted as the directory still does", async () => {
    const [here = "", ...ids] = await employ(4);
    await leave(...ids);
    await work();
    await deleteResource(o, userType, here, { caller: { requestId: "delete", tokenId: "t" } });
    await work();
    expect((await brakeStatus(o)).held).toEqual({ count: 1, first: [`user1@example.com (${here})`] });
  });
});

describe("allow", () => {
  test("lets everybody go, takes their dead letters away, and leaves nobody behind", async () => {
    const { left, held, here } = await mass();
    expect(await letters()).toBe(3);
    expect(await allow(o)).toMatchObject({ letGo: 3, stopped: false, allowedUntil: expect.any(Number) });
    await work();
    expect(await letters()).toBe(0);
    for (const id of [...left, ...held]) expect(await stateOf(id)).toBe("suspended");
    expect(await stateOf(here)).toBe("active");
    expect(await brakeStatus(o)).toMatchObject({ state: "off", held: { count: 0 }, decision: { kind: "allow" } });
  });

  test("stopped at once it has decided, and the next run carries it out, a week later as well", async () => {
    const { held } = await mass();
    expect(await allow(o, { signal: AbortSignal.abort() })).toMatchObject({ letGo: 0, stopped: true });
    expect(await brakeStatus(o)).toMatchObject({ state: "off", held: { count: 3 } });
    store.pass(7 * 1_440 * minute);
    expect(await allow(o)).toMatchObject({ letGo: 3, stopped: false });
    await work();
    for (const id of held) expect(await stateOf(id)).toBe("suspended");
  });

  test("takes the letter of somebody away who has come back meanwhile", async () => {
    const { held } = await mass();
    await store.patchUser(held[0] ?? "", { active: true });
    await work();
    expect(await allow(o)).toMatchObject({ letGo: 2 });
    await work();
    expect([await letters(), await stateOf(held[0] ?? "")]).toEqual([0, "active"]);
  });

  test("a lane that takes nothing ends it, and says why", async () => {
    await mass();
    const send = async () => await Promise.reject(new LaneError("SQS is away"));
    const away = { ...o, lanes: { ...o.lanes, leavers: { ...o.lanes.leavers, send } } };
    expect(await allow(away)).toMatchObject({ letGo: 0, stopped: true, problem: "SQS is away" });
  });

  test("before anybody is held, it lets whoever leaves within the next window", async () => {
    const ids = await employ(8);
    expect(await allow(o)).toMatchObject({ letGo: 0, stopped: false });
    await leave(...ids);
    await work();
    for (const id of ids) expect(await stateOf(id)).toBe("suspended");
  });

  test("of one person lets that one go; the others, and the brake, stay", async () => {
    const { held } = await mass();
    const [one = "", other = ""] = held;
    expect(await allowSome(o, { user: one })).toEqual({ letGo: 1, stopped: false });
    await work();
    expect([await stateOf(one), await stateOf(other)]).toEqual(["suspended", "active"]);
    expect(await brakeStatus(o)).toMatchObject({ state: "held", held: { count: 2 } });
    expect(await letters()).toBe(2);
  });

  test("of somebody whom it does not keep is told", async () => {
    const { here } = await mass();
    await expect(allowSome(o, { user: here })).rejects.toThrow(`The brake does not keep "${here}" from leaving.`);
    await expect(allowSome(o, { user: "nobody" })).rejects.toThrow('Nobody is called "nobody"');
  });
});

describe("reject", () => {
  test("keeps whoever is held, ends the alarm, and is over: nothing waits in the list of what failed", async () => {
    const { held, left } = await mass();
    expect(await reject(o)).toEqual({ kept: 3, stopped: false });
    await work();
    expect(await letters()).toBe(0);
    for (const id of held) expect([await stateOf(id), await codeOf(id)]).toEqual(["active", "brake-rejected"]);
    for (const id of left) expect(await stateOf(id)).toBe("suspended");
    expect(await brakeStatus(o)).toMatchObject({
      state: "off",
      left: 0,
      held: { count: 0 },
      rejected: { count: 3 },
      decision: { kind: "reject" },
    });
    expect(await withFailedChanges(o, {}, { hiddenSeconds: 60 }, async ({ changes }) => changes)).toEqual([]);
  });

  describe("a letter that was left, because the queue did not answer, rings on until it goes", () => {
    const fresh = { hiddenSeconds: 60 };
    const withoutLetters = (): Operations => {
      const receive = async () => await Promise.resolve([]);
      return { ...o, deadLetters: { ...o.deadLetters, leavers: { ...o.deadLetters.leavers, receive } } };
    };
    const rejectWithoutQueue = async () => {
      await mass();
      const remove = async () => await Promise.reject(new Error("SQS is away"));
      const deadLetters = { ...o.deadLetters, leavers: { ...o.deadLetters.leavers, remove } };
      expect(await reject({ ...o, deadLetters })).toMatchObject({ stopped: true, problem: expect.any(String) });
      expect(await letters()).toBe(3);
    };

    test("with the next run", async () => {
      await rejectWithoutQueue();
      expect(await reject(o)).toMatchObject({ stopped: false });
      expect(await letters()).toBe(0);
    });

    test("with a replay, which sends nobody", async () => {
      await rejectWithoutQueue();
      await reject(withoutLetters());
      await withFailedChanges(o, {}, fresh, async ({ changes, removed }) => {
        const plan = planReplay(changes, { forecast: await forecaster(o) });
        expect(plan).toMatchObject({ replay: [], failing: [], superseded: { length: 3 } });
        await replay(o, plan, removed);
      });
      expect(await letters()).toBe(0);
      expect(await brakeStatus(o)).toMatchObject({ rejected: { count: 3 } });
    });

    test("with a drop, which gives nobody up", async () => {
      await rejectWithoutQueue();
      await reject(withoutLetters());
      await withFailedChanges(o, {}, fresh, async (selected) => {
        expect(planDrop(selected.changes)).toMatchObject({ deadLetters: 3, parked: [], leavers: [] });
        expect(await drop(o, selected, { reason: "a test" })).toMatchObject({ deadLetters: 3, givenUp: 0 });
      });
      expect(await brakeStatus(o)).toMatchObject({ rejected: { count: 3 } });
    });
  });

  test("keeps somebody, too, who left long before and was only held now", async () => {
    const [early = ""] = await employ(1);
    await leave(early);
    store.db.exec("DELETE FROM message");
    store.pass(10 * 60 * minute);
    await mass();
    const { version = 0 } = (await readHead(o.table, "User", early)) ?? {};
    await o.lanes.leavers.send({ type: "User", id: early, version });
    await work();
    expect(await reject(o)).toMatchObject({ kept: 4 });
    await o.lanes.leavers.send({ type: "User", id: early, version });
    await work();
    expect([await stateOf(early), await codeOf(early)]).toEqual(["active", "brake-rejected"]);
  });

  test("stopped at once it has decided, and the next run carries it out", async () => {
    const { held, here } = await mass();
    expect(await reject(o, { signal: AbortSignal.abort() })).toEqual({ kept: 0, stopped: true });
    store.pass(minute);
    await leave(here);
    expect(await reject(o)).toEqual({ kept: 3, stopped: false });
    await work();
    for (const id of held) expect(await codeOf(id)).toBe("brake-rejected");
    expect(await stateOf(here)).toBe("suspended");
  });

  test("run again, still keeps one of the mass whose message comes only then", async () => {
    const ids = await employ(6);
    await leave(...ids);
    const [last = ""] = ids;
    store.db.prepare("DELETE FROM message WHERE body LIKE ?").run(`%${last}%`);
    await work();
    await reject(o, { signal: AbortSignal.abort() });
    await reject(o);
    await o.lanes.leavers.send({ type: "User", id: last, version: 2 });
    await work();
    expect([await stateOf(last), await codeOf(last)]).toEqual(["active", "brake-rejected"]);
  });

  test("touches nobody of whom the identity provider says more in that moment", async () => {
    const { held } = await mass();
    const [back = ""] = held;
    let said = false;
    const table: Operations["table"] = {
      ...o.table,
      write: async (write) => {
        if (write.kind === "update" && write.set?.["reason"] === "brake-rejected" && write.key.sk === back && !said) {
          said = true;
          await store.patchUser(back, { active: true });
        }
        await o.table.write(write);
      },
    };
    expect(await reject({ ...o, table })).toEqual({ kept: 2, stopped: false });
    await work();
    expect([await stateOf(back), await codeOf(back)]).toEqual(["active", undefined]);
  });

  test("can be taken back, for one or for all", async () => {
    const { held } = await mass();
    const [one = "", ...others] = held;
    await reject(o);
    expect(await allowSome(o, { user: one })).toMatchObject({ letGo: 1 });
    await work();
    expect(await stateOf(one)).toBe("suspended");
    expect(await allowSome(o, { cause: "brake-rejected" })).toMatchObject({ letGo: 2 });
    await work();
    for (const id of others) expect(await stateOf(id)).toBe("suspended");
  });
});
