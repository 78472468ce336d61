import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failedChanges } from "../../lib/ops/dlq/failed-changes.ts";
import { findResources } from "../../lib/ops/find-resource.ts";
import type { Operations } from "../../lib/ops/operations.ts";
import { planOne } from "../../lib/ops/resync/one.ts";
import { planResync, type ResyncOptions, type Scope } from "../../lib/ops/resync/plan.ts";
import { reindex } from "../../lib/ops/resync/reindex.ts";
import { resync } from "../../lib/ops/resync/resync.ts";
import { readChanges } from "../../lib/provisioning/change.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { giveUp } from "../../lib/provisioning/given-up.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { parkingTenantFile, type TestStore, testStore } from "./store.ts";

const attributes = { login: { from: "userName", required: true, lookup: true } };
const fileOf = (more: object) => ({
  ...parkingTenantFile,
  mapping: { policy: "park", attributes: { ...attributes, ...more } },
});
const tenantOf = (more: object = {}) => readTenantFile("parking", fileOf(more));
/** Of the first deployment; then everybody is to have a title, or must have one. */
const before = tenantOf();
const after = tenantOf({ title: { from: "title" } });
const strict = tenantOf({ title: { from: "title", required: true } });

let store: TestStore;
beforeEach(() => {
  store = testStore(before);
});
afterEach(() => store.close());

const as = (tenant: typeof before): Operations => ({ ...store.operations, tenant });
const planOf = async (scope: Scope, tenant = after, options: Partial<ResyncOptions> = {}) =>
  await planResync(as(tenant), scope, { examples: 3, ...options });
const run = async (scope: Scope, tenant = after, worker: typeof before | "nobody" = tenant) => {
  const { targets } = await planOf(scope, tenant, { evenFailing: true });
  return await resync({ ...store.whileWorking(worker), tenant }, targets, { patienceMs: 30_000 });
};
const profileOf = async (id: string) => (await readEntry(store.operations.table, "User", id))?.profile;

/** Ann has a title, Bob has none. */
async function annAndBob(): Promise<[string, string]> {
  const [ann, bob] = [
    await store.createUser({ userName: "ann", title: "Dr" }),
    await store.createUser({ userName: "bob" }),
  ];
  await store.work();
  return [ann, bob];
}

describe("the plan of a resync", () => {
  test("of a changed mapping names those that another mapping made, and what they would get", async () => {
    const [ann, bob] = await annAndBob();
    expect(await planOf("mappingChanged", before)).toMatchObject({ seen: 2, targets: [], current: 2 });
    const plan = await planOf("mappingChanged");
    expect(plan).toMatchObject({ seen: 2, stopped: false, changed: 1, same: 1, appears: 0, current: 0, failing: [] });
    expect(new Set(plan.targets.map(({ id }) => id))).toEqual(new Set([ann, bob]));
    expect(plan.attributes).toEqual([
      { attribute: "title", gets: 1, loses: 0, differs: 0, examples: [expect.objectContaining({ name: "ann" })] },
    ]);
  });

  test("tells who would fail, by reason and with names, and leaves them out unless that is asked for", async () => {
    const [ann] = await annAndBob();
    expect((await planOf("mappingChanged", strict)).targets).toEqual([{ type: "User", id: ann }]);
    expect((await planOf("mappingChanged", strict, { evenFailing: true })).targets).toHaveLength(2);
    expect((await planOf("mappingChanged", strict)).failing).toEqual([
      {
        code: "mapping-required-missing",
        message: expect.stringContaining('"title" is required'),
        count: 1,
        examples: [expect.objectContaining({ name: "bob" })],
      },
    ]);
  });

  test("leaves alone what is under way, parked or given up, and counts it", async () => {
    const [ann, bob] = await annAndBob();
    const cy = await store.createUser({ userName: "cy" });
    store.parkHead("User", ann);
    await store.patchUser(bob, { title: "x" });
    store.parkHead("User", bob);
    const head = await readHead(store.operations.table, "User", bob);
    expect(head && (await giveUp(store.operations, head, "a test"))).toBe(true);
    expect(await planOf("all")).toMatchObject({ targets: [], parked: 1, givenUp: 1, pending: 1 });
    expect(await planOf("all")).not.toMatchObject({ targets: [{ id: cy }] });
  });

  test("of all holds groups, too", async () => {
    const [ann] = await annAndBob();
    const group = await store.createGroup("g", [ann]);
    await store.work();
    const { targets } = await planOf("all", before);
    expect(targets).toHaveLength(3);
    expect(targets.at(-1)).toEqual({ type: "Group", id: group });
  });

  test("that is stopped says where it goes on", async () => {
    await annAndBob();
    const stop = new AbortController();
    const stopped = await planOf("all", after, { signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ seen: 0, stopped: true, targets: [] });
    const [first] = (await planOf("all", after, { signal: stop.signal })).targets;
    const rest = await planOf("all", after, { after: `User/${first?.id}` });
    expect(rest).toMatchObject({ seen: 1, stopped: false });
  });

  test("a position of a type that is not compared is refused: whoever stands before it would be left out", async () => {
    const [ann] = await annAndBob();
    await expect(planOf("mappingChanged", after, { after: `Group/${ann}` })).rejects.toThrow("it is over User");
    const options = { dryRun: true, after: `user/${ann}` };
    await expect(reindex(as(after), options)).rejects.toThrow("it is over User, Group");
  });

  test("its targets stand in the order of the walk, whatever is read first", async () => {
    const roles = tenantOf({ title: { from: "title" }, roles: { fromGroups: { a: "a" } } });
    for (let n = 0; n < 12; n += 1) await store.createUser({ userName: `u${n}` });
    await store.work();
    let reads = 0;
    const { table } = store.operations;
    const query: typeof table.query = async (range) => {
      // The first to ask is answered last.
      for (let turns = 100 - (reads += 1); turns > 0; turns -= 1) await Promise.resolve();
      return await table.query(range);
    };
    const { targets } = await planResync({ ...as(roles), table: { ...table, query } }, "all", { examples: 3 });
    const ids = targets.map(({ id }) => id);
    expect(ids).toHaveLength(12);
    expect(ids).toEqual(ids.toSorted());
  });
});

describe("resync", () => {
  test("makes the profiles of today's mapping, at the same version, and writes no log", async () => {
    const [ann, bob] = await annAndBob();
    expect(await run("all")).toEqual({
      applied: 2,
      failed: [],
      overtaken: 0,
      waiting: 0,
      stopped: false,
    });
    expect([await profileOf(ann), await profileOf(bob)]).toEqual([{ login: "ann", title: "Dr" }, { login: "bob" }]);
    expect(await readHead(store.operations.table, "User", ann)).toMatchObject({ version: 1, applied: 1 });
    expect(await readChanges(store.operations.table, ann, 0)).toHaveLength(1);
    expect(await planOf("mappingChanged")).toMatchObject({ targets: [], current: 2 });
  });

  test("whom the mapping cannot carry keeps the profile, and is listed with the reason", async () => {
    const [ann, bob] = await annAndBob();
    expect(await run("mappingChanged", strict)).toMatchObject({
      applied: 1,
      failed: [{ id: bob, code: "mapping-required-missing", parked: true }],
    });
    expect([await profileOf(ann), await profileOf(bob)]).toEqual([{ login: "ann", title: "Dr" }, { login: "bob" }]);
    expect(await failedChanges(store.operations, [])).toMatchObject([{ id: bob, status: "parked" }]);
  });

  test("without a worker it ends after a while, and what was marked is done when there is one", async () => {
    const [ann] = await annAndBob();
    expect(await run("mappingChanged", after, "nobody")).toMatchObject({
      applied: 0,
      waiting: 2,
      stopped: true,
      problem: "noWorker",
      position: expect.stringMatching(/^User\//),
    });
    await store.work(after);
    expect(await profileOf(ann)).toEqual({ login: "ann", title: "Dr" });
  });

  test("notices that the worker has another mapping", async () => {
    await annAndBob();
    expect(await run("mappingChanged", after, before)).toMatchObject({ stopped: true, problem: "otherMapping" });
  });

  test("a change that comes between plan and mark is left to the worker", async () => {
    const [ann] = await annAndBob();
    const { targets } = await planOf("all");
    await store.patchUser(ann, { title: "Prof" });
    const o = { ...store.whileWorking(after), tenant: after };
    expect(await resync(o, targets, { patienceMs: 30_000 })).toMatchObject({ applied: 1, overtaken: 1 });
    expect(await profileOf(ann)).toEqual({ login: "ann", title: "Prof" });
  });

  test("stopped by Ctrl-C it goes on where it was", async () => {
    for (let n = 0; n < 5; n += 1) await store.createUser({ userName: `user ${n}`, title: "x" });
    await store.work();
    const { targets } = await planOf("mappingChanged");
    const stop = new AbortController();
    const onProgress = (done: number) => {
      if (done === 4) stop.abort();
    };
    const o = { ...store.whileWorking(after), tenant: after };
    const stopped = await resync(o, targets, {
      patienceMs: 30_000,
      signal: stop.signal,
      onProgress,
      window: 2,
    });
    expect(stopped).toMatchObject({ applied: 4, stopped: true, position: `User/${targets[3]?.id}` });
    const rest = await planOf("all", after, { after: stopped.position ?? "" });
    expect(rest.targets.map(({ id }) => id)).toEqual(targets.slice(4).map(({ id }) => id));
  });
});

describe("one resource", () => {
  test("is shown before and after", async () => {
    await annAndBob();
    expect(await planOne(as(after), "ann")).toMatchObject([
      { name: "ann", standing: "settled", differences: [{ attribute: "title", after: "Dr" }] },
    ]);
    expect(await planOne(as(before), "ann")).toMatchObject([{ differences: [] }]);
    expect(await planOne(as(strict), "bob")).toMatchObject([{ forecast: { code: "mapping-required-missing" } }]);
  });

  test("that is pending, parked or deleted is told as such", async () => {
    const [ann, bob] = await annAndBob();
    store.parkHead("User", ann);
    await store.patchUser(bob, { title: "x" });
    expect(await planOne(as(after), "ann")).toMatchObject([{ standing: "parked" }]);
    expect(await planOne(as(after), "bob")).toMatchObject([{ standing: "pending" }]);
    await store.deleteUser(bob);
    expect(await planOne(as(after), bob)).toMatchObject([{ standing: "deleted" }]);
    await expect(planOne(as(after), "nobody")).rejects.toThrow('Nothing is called "nobody"');
  });
});

describe("reindex", () => {
  const urn = "urn:ietf:params:scim:schemas:extension:Acme:2.0:User";
  const fileWith = (unique: boolean, lookups: readonly string[]) =>
    readTenantFile("parking", {
      ...fileOf({}),
      schemas: [
        {
          id: urn,
          name: "AcmeUser",
          description: "x",
          attributes: [{ name: "badge", ...(unique ? { uniqueness: "server" } : {}) }],
        },
      ],
      extensions: { User: [urn] },
      ...(lookups.length === 0 ? {} : { lookups: { User: lookups } }),
    });
  const later = fileWith(true, ["phoneNumbers.value"]);
  const create = async (userName: string, badge: string) =>
    await store.createUser({ userName, phoneNumbers: [{ value: `0${badge}` }], [urn]: { badge } });
  const found = async (word: string) => (await findResources(as(later), word)).map(({ by }) => by);
  const go = async (dryRun = false) => await reindex(as(later), { dryRun });

  beforeEach(() => {
    store.close();
    store = testStore(fileWith(false, []));
  });

  test("what the tenant file made searchable and unique later holds for resources from before", async () => {
    const ann = await create("ann", "1");
    await create("bob", "2");
    expect(await found("01")).toEqual([]);
    expect(await go(true)).toMatchObject({ lookups: 2, claims: 2 });
    expect(await found("01")).toEqual([]);
    expect(await go()).toMatchObject({ seen: 2, lookups: 2, claims: 2, conflicts: [], stopped: false });
    expect([await found("01"), await found("1")]).toEqual([["phoneNumbers.value"], [`${urn}:badge`]]);
    expect(await readHead(store.operations.table, "User", ann)).toMatchObject({ version: 1 });
    expect(await go()).toMatchObject({ lookups: 0, claims: 0 });
  });

  test("of two who have what is to be unique one gets it, and both are told", async () => {
    await create("ann", "1");
    await create("bob", "1");
    const { claims, lookups, conflicts } = await go();
    expect({ claims, lookups }).toEqual({ claims: 1, lookups: 2 });
    expect(conflicts).toEqual([
      expect.objectContaining({ type: "User", attribute: `${urn}:badge`, value: "1", other: expect.any(Object) }),
    ]);
    expect(conflicts[0]?.holder).not.toBe(conflicts[0]?.other.id);
  });

  test("a value that was given up while it ran is not made findable", async () => {
    const ann = await create("ann", "1");
    const { table } = store.operations;
    let isFirst = true;
    const late = {
      ...table,
      transact: async (writes: Parameters<typeof table.transact>[0]) => {
        if (isFirst) {
          isFirst = false;
          await store.patchUser(ann, { phoneNumbers: [{ value: "09" }] });
        }
        await table.transact(writes);
      },
    };
    await reindex({ table: late, tenant: later }, { dryRun: false });
    expect([await found("01"), await found("09")]).toEqual([[], ["phoneNumbers.value"]]);
  });

  test("stopped at once it has done nothing", async () => {
    await create("ann", "1");
    expect(await reindex(as(later), { dryRun: false, signal: AbortSignal.abort() })).toMatchObject({
      stopped: true,
      lookups: 0,
    });
  });
});
