import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAssignments } from "../../../lib/ops/orphans/assignments.ts";
import { readLastRun } from "../../../lib/ops/orphans/last-run.ts";
import { findOrphans, type OrphansOptions } from "../../../lib/ops/orphans/orphans.ts";
import { memberKey } from "../../../lib/provisioning/keys.ts";
import { type Played, played } from "../played.ts";

const day = 86_400_000;

let world: Played;
beforeEach(async () => {
  world = played();
  await world.connect("entra");
});
afterEach(() => world.close());

const user = async (userName: string, more: object = {}) =>
  await world.post(userName, { ...emails(userName), ...more });
const emails = (value: string) => ({ emails: [{ value: `${value}@mail.example` }] });
const find = async (options: Partial<OrphansOptions> = {}) =>
  await findOrphans(world.operations, { days: 90, ...options });
const names = (people: readonly { readonly name: string }[]) => people.map(({ name }) => name);
const compare = async (csv: string) => {
  const { compared } = await find({ assignments: readAssignments(csv) });
  if (compared === undefined) throw new Error("nothing was compared");
  return compared;
};

describe("orphans", () => {
  test("not named for 90 days: no change was accepted, the longest first; who left is told apart", async () => {
    await user("old");
    const gone = await user("gone");
    world.pass(2 * day);
    await user("older than the limit, but younger");
    await world.patch(gone, { active: false });
    world.pass(91 * day);
    const named = await user("ada");
    world.pass(10 * day);
    await world.patch(named, { title: "Countess" });
    const found = await find();
    expect(names(found.silent)).toEqual(["old", "older than the limit, but younger"]);
    expect(names(found.left)).toEqual(["gone"]);
    expect([found.active, found.inactive, found.stopped]).toEqual([3, 1, false]);
  });

  test("in no group, as the directory has it", async () => {
    const ada = await user("ada");
    await user("bob");
    await world.createGroup("Support", [ada]);
    await world.work();
    expect(await find()).toMatchObject({ groupless: [{ name: "bob" }], pendingGroups: 0 });
  });

  test("a group that is not applied yet is told: its members may be on their way", async () => {
    await world.createGroup("Support", [await user("ada")]);
    expect(await find()).toMatchObject({ groupless: [{ name: "ada" }], pendingGroups: 1 });
  });

  test("members that point nowhere, with their groups; a group as member is somewhere", async () => {
    const inner = await world.createGroup("Inner");
    const outer = await world.createGroup("Outer", [inner]);
    await world.work();
    const nobody = world.operations.chance.uuid();
    const key = memberKey(outer, nobody);
    await world.operations.table.write({ kind: "put", key, attributes: { type: "User", version: 1 } });
    expect((await find()).dangling).toEqual([{ id: nobody, groups: [{ id: outer, name: "Outer" }] }]);
  });

  test("needs no read for a user by itself", async () => {
    for (let n = 0; n < 150; n += 1) await user(`u${n}`);
    const { table } = world.operations;
    const reads = { get: 0, batchGet: 0, query: 0 };
    const counting = {
      ...table,
      get: async (key: Parameters<typeof table.get>[0]) => {
        reads.get += 1;
        return await table.get(key);
      },
      query: async (range: Parameters<typeof table.query>[0]) => {
        reads.query += 1;
        return await table.query(range);
      },
    };
    await findOrphans({ ...world.operations, table: counting }, { days: 90 });
    expect(reads.get).toBe(0);
    expect(reads.query).toBeLessThan(40);
  });

  test("is stopped and goes on: both parts together are the whole, and only a whole run is noted", async () => {
    for (let n = 0; n < 250; n += 1) await user(`u${n}`);
    const whole = names((await find()).groupless).toSorted();
    const { table, clock } = world.operations;
    const noted = (await readLastRun(table))?.at;
    world.pass(1_000);
    const stop = new AbortController();
    const onProgress = (done: number, _total: number, what?: string) => {
      if (what === "users" && done >= 100) stop.abort();
    };
    const first = await find({ onProgress, signal: stop.signal });
    expect(first).toMatchObject({ stopped: true, position: expect.any(String) });
    const second = await find({ after: first.position ?? "" });
    expect(second.stopped).toBe(false);
    expect([...names(first.groupless), ...names(second.groupless)].toSorted()).toEqual(whole);
    expect((await readLastRun(table))?.at).toBe(noted);
    expect(clock.now()).toBeGreaterThan(noted ?? Infinity);
  });
});

describe("against an export of assignments", () => {
  test("missing here, extra here, in another state", async () => {
    await user("ada");
    await user("bob");
    await user("cyd", { active: false });
    await user("dan");
    const compared = await compare("userName,active\nADA,true\ncyd,true\ndan,false\nghost,true\nformer,false\n");
    expect(compared.missing).toEqual([{ row: 5, name: "ghost", active: true }]);
    expect(names(compared.extra)).toEqual(["bob"]);
    expect(compared.different.map(({ person, row, there }) => [person.name, row, there])).toEqual([
      ["cyd", 3, "active"],
      ["dan", 4, "inactive"],
    ]);
  });

  test("more than half of the active ones in no row: that is told, and the doctor keeps the result before", async () => {
    for (const name of ["ada", "bob", "cyd"]) await user(name);
    await compare("login\nada\nbob\ncyd\n");
    const half = await compare("login\nada\nbob\n");
    expect([half.maybePartial, (await readLastRun(world.operations.table))?.extra]).toEqual([false, 1]);
    const part = await compare("login\nada\n");
    expect([part.maybePartial, part.extra.length]).toEqual([true, 2]);
    expect((await readLastRun(world.operations.table))?.extra).toBe(1);
  });

  test("without a column for the state, whoever is assigned should be active", async () => {
    await user("cyd", { active: false });
    expect(await compare("login\ncyd\n")).toMatchObject({ missing: [], different: [{ there: "assigned" }] });
  });

  test("an externalId outweighs a name; an e-mail finds who has another userName", async () => {
    await user("renamed", { externalId: "Id-1" });
    await user("old.name", { externalId: "Id-2" });
    await user("u3");
    const compared = await compare("mail,objectId\nold.name,id-1\nu3@mail.example,unknown\n");
    expect(compared.missing).toEqual([]);
    expect(names(compared.extra)).toEqual(["old.name"]);
  });

  test("somebody soft-deleted is found under the old name, and gives it up to a namesake who is active", async () => {
    const names = ["ada", "bob", "cyd", "dan", "eve", "fay", "guy", "hal"];
    const csv = (state: boolean) => `userName,active\n${names.map((name) => `${name},${state}\n`).join("")}`;
    for (const name of names) await user(`${"0123456789abcdef".repeat(2)}${name}`, { active: false });
    expect(await compare(csv(false))).toMatchObject({ missing: [], extra: [], different: [] });
    for (const name of names) await user(name);
    expect(await compare(csv(true))).toMatchObject({ missing: [], extra: [], different: [] });
  });
});
