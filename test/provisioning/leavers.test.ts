import { beforeEach, describe, expect, test } from "vitest";
import { leaversPartition } from "../../lib/provisioning/keys.ts";
import { leaversClock, type Leaver, readLeavers } from "../../lib/provisioning/leavers.ts";
import { TableError } from "../../lib/provisioning/ports.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { createResource, deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";
import { simulatedTenant } from "../simulation/tenant.ts";
import { customTenantFile } from "./custom-tenant.ts";

const minute = 60_000;
const day = 86_400_000;

let world: CalmWorld;
let requests: number;
beforeEach(() => {
  world = new CalmWorld();
  requests = 0;
});

const request = () => asked(`r${(requests += 1)}`);
const leavers = async () => await world.run((w) => readLeavers(w.table, { since: 0, most: 100 }));

async function employ(userName: string): Promise<string> {
  const body = { userName, title: "x" };
  const { state } = await world.run((w) => createResource(w, userType, body, request()));
  await world.work();
  return state.id;
}

async function say(id: string, value: object): Promise<void> {
  const body = { Operations: [{ op: "replace", value }] };
  await world.run((w) => patchResource(w, userType, id, body, request()));
}

const leave = async (id: string) => await say(id, { active: false });
const remove = async (id: string) => {
  await world.run((w) => deleteResource(w, userType, id, request()));
};

describe("whoever leaves", () => {
  test("is noted with the moment of the IdP's word and the moment from which the application sees it", async () => {
    const [ann, bob] = [await employ("ann"), await employ("bob")];
    await leave(ann);
    const annLeft = world.world.time;
    world.later(90_000);
    await remove(bob);
    world.later(30_000);
    await world.work();
    const [second, first] = await leavers();
    expect(first).toMatchObject({ id: ann, type: "User", kind: "deactivate" });
    expect(second).toMatchObject({ id: bob, type: "User", kind: "delete" });
    expect(annLeft - (first?.leftAt ?? 0)).toBeLessThan(1_000);
    expect(first?.ms).toBe((first?.appliedAt ?? 0) - (first?.leftAt ?? 0));
    expect(first?.ms).toBeGreaterThanOrEqual(120_000);
    expect(second?.ms).toBeGreaterThanOrEqual(30_000);
    expect(second?.ms).toBeLessThan(60_000);
  });

  test("is measured from the first word, however long an attempt failed", async () => {
    const id = await employ("ann");
    await leave(id);
    let full = true;
    world.without = (table) => ({
      ...table,
      transact: async (writes) => {
        if (full) throw new TableError("throttled", "full");
        await table.transact(writes);
      },
    });
    expect(await world.work()).toMatchObject([{ kind: "later" }]);
    world.later(3 * 60 * minute);
    full = false;
    expect(await world.work()).toMatchObject([{ kind: "applied", leaver: { late: true } }]);
    expect((await leavers())[0]?.ms).toBeGreaterThan(3 * 60 * minute);
  });

  test("is one leaver, also when the worker dies between the entry and its stamp", async () => {
    const id = await employ("ann");
    await leave(id);
    world.without = (table) => ({
      ...table,
      write: async (write) => {
        if (write.kind === "update" && write.set?.["applied"] !== undefined) throw new TableError("lost", "dead");
        await table.write(write);
      },
    });
    expect(await world.work()).toMatchObject([{ kind: "later" }]);
    world.without = (table) => table;
    await world.apply("leavers", { type: "User", id, version: 2 });
    await world.apply("leavers", { type: "User", id, version: 2 });
    expect(await leavers()).toMatchObject([{ id }]);
  });

  test("and is deleted afterwards has left once", async () => {
    const id = await employ("ann");
    await leave(id);
    await world.work();
    await remove(id);
    await world.work();
    expect(await leavers()).toMatchObject([{ kind: "deactivate" }]);
  });

  test("comes back and leaves again has left twice", async () => {
    const id = await employ("ann");
    for (const active of [false, true, false]) {
      world.later(minute);
      await say(id, { active });
      await world.work();
    }
    expect(await leavers()).toHaveLength(2);
  });

  test("is known for as long as the tenant file says", async () => {
    world.tenant = { ...world.tenant, evidenceDays: 90 };
    await leave(await employ("ann"));
    await world.work();
    const item = [...world.store.all("scim")].find(({ pk }) => pk === leaversPartition);
    const left = Math.floor(world.world.time / 1000) + (90 * day) / 1000;
    expect(Math.abs(Number(item?.attributes["expires"]) - left)).toBeLessThan(5);
  });

  test("may be of a type of the tenant's own", async () => {
    world.tenant = readTenantFile("acme", customTenantFile());
    const device = world.tenant.types[2] ?? userType;
    const { state } = await world.run((w) => createResource(w, device, { serialNumber: "1", active: true }, request()));
    await world.work();
    const body = { Operations: [{ op: "replace", path: "active", value: false }] };
    await world.run((w) => patchResource(w, device, state.id, body, request()));
    await world.work();
    expect(await leavers()).toMatchObject([{ id: state.id, type: "Device", kind: "deactivate" }]);
  });
});

describe("no leaver is", () => {
  test("whoever was inactive from the start", async () => {
    await world.run((w) => createResource(w, userType, { userName: "ann", active: false }, request()));
    await world.work();
    expect(await leavers()).toEqual([]);
  });

  test("whoever was deactivated before the directory had them: nobody saw them active", async () => {
    const { state } = await world.run((w) => createResource(w, userType, { userName: "ann" }, request()));
    await leave(state.id);
    await world.work();
    expect(await leavers()).toEqual([]);
  });

  test("whoever came back before the deactivation was applied", async () => {
    const id = await employ("ann");
    await leave(id);
    await say(id, { active: true });
    await world.work();
    expect(await leavers()).toEqual([]);
  });

  test("a leaver whose title changes later", async () => {
    const id = await employ("ann");
    await leave(id);
    await world.work();
    await say(id, { title: "y" });
    await world.work();
    expect(await leavers()).toHaveLength(1);
  });

  test("a group that is deleted", async () => {
    const { state } = await world.run((w) => createResource(w, groupType, { displayName: "staff" }, request()));
    await world.work();
    await world.run((w) => deleteResource(w, groupType, state.id, request()));
    await world.work();
    expect(await leavers()).toEqual([]);
  });
});

describe("the clock", () => {
  const taking = (ms: number): Leaver => ({
    id: String(ms),
    type: "User",
    kind: "deactivate",
    leftAt: 0,
    appliedAt: ms,
    ms,
  });

  test("tells times that were measured, and how many were over the limit", () => {
    const all = Array.from({ length: 200 }, (_, n) => taking((n + 1) * 10_000));
    expect(leaversClock(all.toReversed(), 5)).toEqual({
      count: 200,
      p50Ms: 1_000_000,
      p99Ms: 1_980_000,
      maxMs: 2_000_000,
      breaches: 170,
    });
  });

  test("of nobody has no times", () => {
    expect(leaversClock([], 5)).toEqual({ count: 0, breaches: 0 });
  });

  test("the limit itself is no breach", () => {
    expect([taking(5 * minute), taking(5 * minute + 1)].map((one) => leaversClock([one], 5).breaches)).toEqual([0, 1]);
  });

  test("looks at the latest, newest first, and at no more than is asked for", async () => {
    const ids: string[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      ids.push(await employ(name));
      await leave(ids.at(-1) ?? "");
      await world.work();
      world.later(minute);
    }
    const since = world.world.time - 3.5 * minute;
    const read = async (most: number) => await world.run((w) => readLeavers(w.table, { since, most }));
    expect((await read(10)).map(({ id }) => id)).toEqual([ids[3], ids[2], ids[1]]);
    expect((await read(2)).map(({ id }) => id)).toEqual([ids[3], ids[2]]);
  });
});

describe("leavers who wait", () => {
  const waiting = async () => (await world.run((w) => sweep(w))).leaversWaiting;

  test("are counted once they are over the limit, whether they are due or will be tried in hours", async () => {
    const [ann, bob] = [await employ("ann"), await employ("bob")];
    await leave(ann);
    await leave(bob);
    world.without = (table) => ({
      ...table,
      transact: async (writes) => {
        if (writes.some(({ key }) => key.sk === "Entry")) throw new TableError("throttled", "full");
        await table.transact(writes);
      },
    });
    await world.work();
    expect(await waiting()).toBe(0);
    world.later(6 * minute);
    expect(await waiting()).toBe(2);
    world.without = (table) => table;
    await world.work();
    expect(await waiting()).toBe(0);
  });

  test("are counted when they are parked", async () => {
    const id = await employ("ann");
    await leave(id);
    world.without = (table) => ({
      ...table,
      transact: async () => await Promise.reject(new TableError("throttled", "full")),
    });
    let outcome = await world.apply("leavers", { type: "User", id, version: 2 });
    while (outcome.kind === "later") {
      world.later(7 * 60 * minute);
      outcome = await world.apply("leavers", { type: "User", id, version: 2 });
    }
    expect(outcome.kind).toBe("parked");
    expect(await waiting()).toBe(1);
  });

  test("are not those who wait for something else: a joiner, a title of somebody who left long ago", async () => {
    const ann = await employ("ann");
    await leave(ann);
    await world.work();
    world.later(minute);
    world.tenant = simulatedTenant(true);
    await say(ann, { externalId: "e" });
    await world.run((w) => createResource(w, userType, { userName: "bob" }, request()));
    world.lanes.leavers.messages = [];
    world.later(10 * minute);
    expect(await waiting()).toBe(0);
  });
});
