import { describe, expect, test } from "vitest";
import { apply, type Worker } from "../../lib/provisioning/apply.ts";
import { readResource } from "../../lib/provisioning/read-resource.ts";
import { search } from "../../lib/provisioning/search.ts";
import {
  createResource,
  deleteResource,
  patchResource,
  replaceResource,
} from "../../lib/provisioning/write-resource.ts";
import { groupType, groupTypeWith, userType } from "../../lib/scim/resource-type.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";

const whole = { members: true, groups: true };

async function users(world: CalmWorld, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { state } = await world.run((w) =>
      createResource(w, userType, { userName: `u${n}`, title: "x" }, asked(`u${n}`)),
    );
    ids.push(state.id);
  }
  return ids;
}

const members = (ids: readonly string[]) => ids.map((value) => ({ value }));
const group = async (world: CalmWorld, ids: readonly string[]) =>
  (await world.run((w) => createResource(w, groupType, { displayName: "g", members: members(ids) }, asked("group"))))
    .state.id;
const read = async (world: CalmWorld, id: string) =>
  (await world.run((w: Worker) => readResource(w, groupType, id, whole))).members?.map((member) => member.id);

describe("members of a group", () => {
  test("more members than a transaction holds are applied in steps (trap 11)", async () => {
    const world = new CalmWorld();
    const ids = await users(world, 101);
    const id = await group(world, ids);
    expect(await read(world, id)).toEqual([...ids].sort());
    await world.work();
    const stored = [...world.store.all("directory")].filter(
      (item) => item.pk === `Group#${id}` && item.sk.startsWith("Member#"),
    );
    expect(stored).toHaveLength(101);
    expect(await read(world, id)).toEqual([...ids].sort());
  });

  test("a delta that does not fit its log item stands in chunks, and is read and applied all the same", async () => {
    const world = new CalmWorld();
    const id = await group(world, []);
    const many = Array.from({ length: 2_500 }, (_, n) => `a0000000-0000-4000-8000-${String(n).padStart(12, "0")}`);
    await world.run((w) =>
      replaceResource(w, groupType, id, { displayName: "g", members: members(many) }, asked("big")),
    );
    expect([...world.store.all("scim")].filter((item) => item.pk.startsWith("Delta#"))).not.toHaveLength(0);
    expect(await read(world, id)).toHaveLength(2_500);
  });

  test("adding a member twice makes no new version, and neither does removing a stranger (D2, R67)", async () => {
    const world = new CalmWorld();
    const [ann = "", bob = ""] = await users(world, 2);
    const id = await group(world, [ann]);
    await world.work();
    const add = { Operations: [{ op: "add", path: "members", value: members([ann]) }] };
    expect((await world.run((w) => patchResource(w, groupType, id, add, asked("again")))).changed).toBe(false);
    const remove = { Operations: [{ op: "remove", path: `members[value eq "${bob}"]` }] };
    expect((await world.run((w) => patchResource(w, groupType, id, remove, asked("stranger")))).changed).toBe(false);
  });

  test("an unknown member is refused by its id (D8); a tenant may have it skipped", async () => {
    const world = new CalmWorld();
    const id = await group(world, []);
    const add = { Operations: [{ op: "add", path: "members", value: members(["nobody"]) }] };
    const patch = () => world.run((w) => patchResource(w, groupType, id, add, asked("unknown")));
    await expect(patch()).rejects.toMatchObject({
      status: 400,
      scimType: "invalidValue",
      message: expect.stringContaining('"nobody"') as string,
    });
    world.tenant = { ...world.tenant, unknownMembers: "skip" };
    expect((await patch()).changed).toBe(false);
  });

  test("a text that cannot be an id is no member, and does not become one in the log of a group that waits", async () => {
    const world = new CalmWorld();
    const [ann = "", bob = ""] = await users(world, 2);
    const id = await group(world, [ann]);
    const remove = (value: string) => ({ Operations: [{ op: "remove", path: "members", value: members([value]) }] });
    for (const strange of [`x,${ann}`, `x;+${bob}`, "x".repeat(1_100)]) {
      const patched = await world.run((w) => patchResource(w, groupType, id, remove(strange), asked(strange)));
      expect(patched.changed).toBe(false);
    }
    const many = Array.from({ length: 1_001 }, (_, n) => `a0000000-0000-4000-8000-${String(n).padStart(12, "0")}`);
    const body = { displayName: "g", members: members([...many, `x;-${ann}`]) };
    await expect(world.run((w) => replaceResource(w, groupType, id, body, asked("many")))).rejects.toMatchObject({
      status: 400,
      scimType: "invalidValue",
    });
    await world.work();
    expect(await read(world, id)).toEqual([ann]);
  });

  test("a group cannot be its own member (trap 11: no item twice in a transaction)", async () => {
    const world = new CalmWorld();
    const id = await group(world, []);
    const add = { Operations: [{ op: "add", path: "members", value: members([id]) }] };
    await expect(world.run((w) => patchResource(w, groupType, id, add, asked("self")))).rejects.toMatchObject({
      status: 400,
    });
  });

  test("a group may be a member of a group, and leaves it when it is deleted", async () => {
    const world = new CalmWorld();
    const inner = (await world.run((w) => createResource(w, groupType, { displayName: "inner" }, asked("inner")))).state
      .id;
    const outer = await group(world, [inner]);
    await world.work();
    expect((await world.run((w) => readResource(w, groupType, outer, whole))).members).toEqual([
      { id: inner, type: "Group" },
    ]);
    await world.run((w) => deleteResource(w, groupType, inner, asked("gone")));
    expect(await read(world, outer)).toEqual([]);
    await world.work();
    await world.work();
    expect([...world.store.all("directory")].filter((item) => item.sk.startsWith("Member#"))).toEqual([]);
  });

  test("a deleted user is no member from the answer on, and the mark that hides it goes after the second look (R86, trap 4)", async () => {
    const world = new CalmWorld();
    const [ann = "", bob = ""] = await users(world, 2);
    const id = await group(world, [ann, bob]);
    await world.work();
    await world.run((w) => deleteResource(w, userType, ann, asked("leaves")));
    expect(await read(world, id)).toEqual([bob]);
    await world.work();
    await world.work();
    expect(await read(world, id)).toEqual([bob]);
    expect([...world.store.all("scim")].some((item) => item.pk === "Gone")).toBe(true);
    world.later(61_000);
    await world.work();
    expect([...world.store.all("scim")].some((item) => item.pk === "Gone")).toBe(false);
    expect(await read(world, id)).toEqual([bob]);
  });

  test("somebody who was to come and is deleted is no member, however long the group waits for the worker", async () => {
    const world = new CalmWorld();
    const [ann = ""] = await users(world, 1);
    const id = await group(world, []);
    await world.work();
    await world.run((w) =>
      patchResource(
        w,
        groupType,
        id,
        { Operations: [{ op: "add", path: "members", value: members([ann]) }] },
        asked("add"),
      ),
    );
    world.lanes.changes.messages = [];
    await world.run((w) => deleteResource(w, userType, ann, asked("leaves")));
    await world.work();
    world.later(61_000);
    await world.work();
    expect([...world.store.all("scim")].some((item) => item.pk === "Gone")).toBe(false);
    expect(await read(world, id)).toEqual([]);
  });

  test("a deletion from many groups hands itself over when its time is over, and ends (trap 4)", async () => {
    const world = new CalmWorld();
    const [ann = ""] = await users(world, 1);
    for (let n = 0; n < 5; n += 1) {
      const body = { displayName: `g${n}`, members: members([ann]) };
      await world.run((w) => createResource(w, groupType, body, asked(`g${n}`)));
    }
    await world.work();
    await world.run((w) => deleteResource(w, userType, ann, asked("leaves")));
    const hurried = () =>
      world.run((w) => apply({ ...w, deadline: 0 }, "leavers", { type: "User", id: ann, version: 2 }));
    expect(await hurried()).toEqual({ kind: "continues" });
    for (let n = 0; n < 5; n += 1) await hurried();
    await world.work();
    expect([...world.store.all("directory")].filter((item) => item.sk.startsWith("Member#"))).toEqual([]);
  });

  test("the groups of a user are those that have been applied (R107)", async () => {
    const world = new CalmWorld();
    const [ann = ""] = await users(world, 1);
    const id = await group(world, [ann]);
    await world.work();
    expect((await world.run((w) => readResource(w, userType, ann, whole))).groups).toEqual([{ id, displayName: "g" }]);
  });

  test("a filter on members reads who is asked for, not the group (R34)", async () => {
    const world = new CalmWorld();
    const ids = await users(world, 40);
    const id = await group(world, ids.slice(0, 39));
    await world.work();
    const find = async (filter: string) =>
      (
        await world.run((w) =>
          search(w, groupType, { filter, startIndex: 1, count: 10 }, { members: false, groups: false }),
        )
      ).totalResults;
    expect(await find(`id eq "${id}" and members eq "${ids[0]}"`)).toBe(1);
    expect(await find(`id eq "${id}" and members eq "${ids[39]}"`)).toBe(0);
    expect(await find(`members[value eq "${ids[0]}"]`)).toBe(1);
  });

  test("the groups of a group are found; those of somebody deleted are none, from the answer on (R34, R86)", async () => {
    const world = new CalmWorld();
    const [ann = ""] = await users(world, 1);
    const inner = await world.run((w) => createResource(w, groupType, { displayName: "inner" }, asked("inner")));
    await group(world, [ann, inner.state.id]);
    const find = async (id: string) => {
      const query = { filter: `members eq "${id}"`, startIndex: 1, count: 10 };
      return (await world.run((w) => search(w, groupType, query, { members: false, groups: false }))).totalResults;
    };
    expect([await find(ann), await find(inner.state.id)]).toEqual([1, 1]);
    await world.work();
    world.later(61_000);
    expect([await find(ann), await find(inner.state.id)]).toEqual([1, 1]);
    await world.run((w) => deleteResource(w, userType, ann, asked("leaves")));
    expect([await find(ann), await find(inner.state.id)]).toEqual([0, 1]);
  });

  test("a name and a member that come while a search reads are not mixed with what was there before", async () => {
    const world = new CalmWorld();
    const [ann = ""] = await users(world, 1);
    const id = await group(world, []);
    await world.work();
    world.later(61_000);
    let isBetween = false;
    world.without = (table) => ({
      ...table,
      query: async (range) => {
        const page = await table.query(range);
        // Behind the first of the two that decide: the groups of Ann, and the heads.
        if (!isBetween && (range.from === "Group#" || range.pk.startsWith("Group#"))) {
          isBetween = true;
          const rename = { op: "replace", path: "displayName", value: "other" };
          await world.run((w) => patchResource(w, groupType, id, { Operations: [rename] }, asked("rename")));
          const add = { op: "add", path: "members", value: members([ann]) };
          await world.run((w) => patchResource(w, groupType, id, { Operations: [add] }, asked("add")));
          await world.work();
        }
        return page;
      },
    });
    const query = { filter: `displayName sw "g" and members eq "${ann}"`, startIndex: 1, count: 10 };
    const { states } = await world.run((w) => search(w, groupType, query, { members: false, groups: false }));
    expect([isBetween, states]).toEqual([true, []]);
  });

  test("a list leaves out a group that is deleted while its members are read", async () => {
    const world = new CalmWorld();
    const id = await group(world, await users(world, 2));
    await world.work();
    let isDeleted = false;
    world.without = (table) => ({
      ...table,
      query: async (range) => {
        if (range.pk === "Gone" && !isDeleted) {
          isDeleted = true;
          await world.run((w) => deleteResource(w, groupType, id, asked("meanwhile")));
        }
        return await table.query(range);
      },
    });
    const query = { startIndex: 1, count: 10 };
    const { states } = await world.run((w) => search(w, groupType, query, { members: true, groups: false }));
    expect([isDeleted, states]).toEqual([true, []]);
  });

  test("an ended month leaves no gap for readers: the log goes, the members stay", async () => {
    const world = new CalmWorld();
    const [ann = ""] = await users(world, 1);
    const id = await group(world, [ann]);
    await world.work();
    world.later(31 * 86_400_000);
    for (const [name, item] of world.store.items)
      if (Number(item.attributes["expires"]) * 1000 < world.world.time) world.store.items.delete(name);
    expect([...world.store.all("scim")].some((item) => item.pk === `Log#${id}`)).toBe(false);
    expect(await read(world, id)).toEqual([ann]);
  });
});

describe("groups whose names become unique while they are there (D12)", () => {
  test("are found, renamed and deleted all the same; a new one of that name is refused", async () => {
    const world = new CalmWorld();
    const unique = world.tenant;
    world.tenant = { ...unique, types: [userType, groupTypeWith({ uniqueNames: false })] };
    const [loose = groupType] = world.tenant.types.filter((type) => type.hasMembers);
    const create = async (type: typeof groupType, requestId: string) =>
      (await world.run((w) => createResource(w, type, { displayName: "Sales" }, asked(requestId)))).state.id;
    const [one, other] = [await create(loose, "one"), await create(loose, "other")];
    world.tenant = unique;
    const filter = { filter: 'displayName eq "sales"', startIndex: 1, count: 10 };
    const found = await world.run((w) => search(w, groupType, filter, { members: false, groups: false }));
    expect(found.totalResults).toBe(2);
    const rename = { Operations: [{ op: "replace", path: "displayName", value: "Sales 2" }] };
    await world.run((w) => patchResource(w, groupType, one, rename, asked("rename")));
    await world.run((w) => deleteResource(w, groupType, other, asked("delete")));
    await create(groupType, "new");
    await expect(create(groupType, "again")).rejects.toMatchObject({ status: 409 });
  });
});

describe("a request that was answered as unknown", () => {
  test("writes nothing when its function wakes: a leaver does not come back by it", async () => {
    const world = new CalmWorld();
    const [ann = ""] = await users(world, 1);
    const late = { caller: { ...asked("late").caller, writeBefore: world.world.time - 1 } };
    const body = { Operations: [{ op: "replace", path: "active", value: true }] };
    await expect(world.run((w) => patchResource(w, userType, ann, body, late))).rejects.toMatchObject({ status: 503 });
    await expect(world.run((w) => createResource(w, userType, { userName: "x" }, late))).rejects.toMatchObject({
      status: 503,
    });
  });
});

describe("pages of a list", () => {
  test("a page reads what it shows, not a megabyte", async () => {
    const world = new CalmWorld();
    await users(world, 5);
    const asked: (number | undefined)[] = [];
    world.without = (table) => ({
      ...table,
      query: async (range) => {
        if (range.pk.startsWith("User#")) asked.push(range.limit);
        return await table.query(range);
      },
    });
    await world.run((w) => search(w, userType, { startIndex: 1, count: 2 }, { members: false, groups: false }));
    expect(new Set(asked)).toEqual(new Set([100]));
  });

  test("every resource comes once, also from a bookmark, and a stale bookmark is not used (R44, trap 9)", async () => {
    const world = new CalmWorld();
    const ids = await users(world, 45);
    const page = async (startIndex: number) =>
      (
        await world.run((w) => search(w, userType, { startIndex, count: 10 }, { members: false, groups: false }))
      ).states.map((s) => s.id);
    const walk = [
      ...(await page(1)),
      ...(await page(11)),
      ...(await page(21)),
      ...(await page(31)),
      ...(await page(41)),
    ];
    expect([...walk].sort()).toEqual([...ids].sort());
    for (const [name, item] of world.store.items) {
      if (item.pk.startsWith("Bookmark#"))
        world.store.items.set(name, { ...item, attributes: { ...item.attributes, after: "0" } });
    }
    world.later(16 * 60_000);
    expect(await page(11)).toEqual(walk.slice(10, 20));
  });
});
