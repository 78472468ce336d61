import { beforeEach, describe, expect, test } from "vitest";
import { apply } from "../../lib/provisioning/apply.ts";
import { compileRoles, rolesOfNames } from "../../lib/provisioning/role-table.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { createResource, deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import type { Table } from "../../lib/provisioning/ports.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";
import * as guards from "../simulation/guards.ts";
import type { WithoutGuard } from "../simulation/simulate.ts";
import { simulatedTenant } from "../simulation/tenant.ts";

const table = { "Sales Admins": "admin", "Support*": "agent", "Support Leads": ["lead", "admin"] };
const roles = compileRoles("roles", table, () => {});
const without = () => simulatedTenant(false);
const withRoles = () => ({ ...without(), mapping: { ...without().mapping, roles: [roles] } });

let world: CalmWorld;
let requests: number;
beforeEach(() => {
  world = new CalmWorld();
  world.tenant = withRoles();
  requests = 0;
});

const request = () => asked(`r${(requests += 1)}`);
const members = (ids: readonly string[]) => ids.map((value) => ({ value }));

async function user(userName = "ann", title: string | null = "x"): Promise<string> {
  return (await world.run((w) => createResource(w, userType, { userName, title }, request()))).state.id;
}

async function group(displayName: string, ...ids: string[]): Promise<string> {
  const body = { displayName, members: members(ids) };
  return (await world.run((w) => createResource(w, groupType, body, request()))).state.id;
}

async function patchGroup(id: string, ...Operations: object[]): Promise<void> {
  await world.run((w) => patchResource(w, groupType, id, { Operations }, request()));
}

const rename = async (id: string, value: string) => await patchGroup(id, { op: "replace", path: "displayName", value });
const add = async (id: string, ...ids: string[]) =>
  await patchGroup(id, { op: "add", path: "members", value: members(ids) });
const remove = async (id: string, ...ids: string[]) =>
  await patchGroup(id, { op: "remove", path: "members", value: members(ids) });
const patchUser = async (id: string, ...Operations: object[]) =>
  await world.run((w) => patchResource(w, userType, id, { Operations }, request()));

/** Everything that waits is done, with the pauses in it. */
async function settle(): Promise<void> {
  for (let n = 0; n < 4; n += 1) {
    await world.work();
    world.later(6_000);
  }
  await world.work();
}

const entryOf = (id: string) => world.store.peek({ table: "directory", pk: `User#${id}`, sk: "Entry" })?.attributes;
const headOf = (id: string, type = "User") =>
  world.store.peek({ table: "scim", pk: `${type}#${id[0]}`, sk: id })?.attributes ?? {};
function rolesOf(id: string): unknown {
  return (JSON.parse(String(entryOf(id)?.["profile"] ?? "{}")) as { roles?: unknown }).roles;
}

describe("a table of roles", () => {
  test.each([
    [[], []],
    [["sales ADMINS"], ["admin"]],
    [["Sales"], []],
    [
      ["Support Berlin", "Sales Admins", "Support Rome"],
      ["admin", "agent"],
    ],
    [["SUPPORT LEADS"], ["admin", "agent", "lead"]],
    [["Supporters"], ["agent"]],
  ])("groups called %j give %j: every row that fits, in any letter case", (names, given) => {
    expect(rolesOfNames(withRoles().mapping, names)).toEqual({ roles: given });
  });
});

describe("the roles of a user", () => {
  test("are there from the first entry, and nobody in a group has an empty list", async () => {
    const [ann, bob] = [await user("ann"), await user("bob")];
    await group("Support One", ann);
    await settle();
    expect([rolesOf(ann), rolesOf(bob)]).toEqual([["agent"], []]);
  });

  test("come and go with memberships at once, and nothing waits a few seconds later", async () => {
    const ann = await user();
    const [support, admins] = [await group("Support One"), await group("Sales Admins", ann)];
    await settle();
    await add(support, ann);
    await world.work();
    expect(rolesOf(ann)).toEqual(["admin", "agent"]);
    await remove(admins, ann);
    await world.work();
    expect(rolesOf(ann)).toEqual(["agent"]);
    await settle();
    expect(headOf(ann)).not.toHaveProperty("waitKey");
    expect(entryOf(ann)).toMatchObject({ version: 1 });
  });

  test("go with the group", async () => {
    const ann = await user();
    const id = await group("Support One", ann);
    await settle();
    await world.run((w) => deleteResource(w, groupType, id, request()));
    await settle();
    expect(rolesOf(ann)).toEqual([]);
    expect(headOf(id, "Group")).not.toHaveProperty("roleName");
  });

  test("change with the group's name, for each member, in steps that go on where they were", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) ids.push(await user(`u${n}`));
    const id = await group("Support One", ...ids);
    await settle();
    await rename(id, "Sales Admins");
    const pointer = world.lanes.changes.messages.find((message) => message.pointer.id === id)?.pointer;
    expect(pointer).toBeDefined();
    world.lanes.changes.messages = [];
    // No time for more than one step of two; then the worker dies.
    const hurried = () => world.run((w) => apply({ ...w, deadline: 0 }, "changes", pointer!), 2);
    expect(await hurried()).toEqual({ kind: "continues" });
    expect(headOf(id, "Group")).toMatchObject({ nameCursor: expect.stringMatching(/^[0-9a-f-]{36}$/), applied: 1 });
    await settle();
    expect(ids.map(rolesOf)).toEqual(ids.map(() => ["admin"]));
    expect(headOf(id, "Group")).toMatchObject({ applied: 2, roleName: "Sales Admins" });
    expect(headOf(id, "Group")).not.toHaveProperty("nameCursor");
  });

  test("are left alone by a name that gives the same", async () => {
    const ann = await user();
    const id = await group("Support One", ann);
    await settle();
    const before = entryOf(ann);
    await rename(id, "Support Two");
    await settle();
    expect(entryOf(ann)).toEqual(before);
    await rename(id, "Marketing");
    await settle();
    expect(rolesOf(ann)).toEqual([]);
  });

  test("follow a name that was there only for a moment", async () => {
    const ann = await user();
    const id = await group("Support One", ann);
    await settle();
    await rename(id, "Sales Admins");
    await rename(id, "Support One");
    await settle();
    expect(rolesOf(ann)).toEqual(["agent"]);
  });

  test("stay with a suspended user and follow the groups; whoever is deleted has none, also when the profile is retained", async () => {
    world.tenant = { ...withRoles(), lifecycle: { rehire: "conflict", retainDays: 90 } };
    const ann = await user();
    const id = await group("Support One", ann);
    await settle();
    await patchUser(ann, { op: "replace", value: { active: false } });
    await settle();
    expect(entryOf(ann)).toMatchObject({ state: "suspended" });
    expect(rolesOf(ann)).toEqual(["agent"]);
    await remove(id, ann);
    await settle();
    expect(rolesOf(ann)).toEqual([]);
    await add(id, ann);
    await world.run((w) => deleteResource(w, userType, ann, request()));
    await settle();
    expect(JSON.parse(String(entryOf(ann)?.["profile"]))).toEqual({ login: "ann", title: "x" });
    world.later(61_000);
    await settle();
    expect(headOf(ann)).not.toHaveProperty("waitKey");
  });

  test("are those of today beside the last good profile of a leaver whom the mapping cannot carry", async () => {
    const ann = await user();
    const id = await group("Support One", ann);
    await settle();
    world.tenant = { ...withRoles(), mapping: { ...simulatedTenant(true).mapping, roles: [roles] } };
    await remove(id, ann);
    await patchUser(ann, { op: "remove", path: "title" }, { op: "replace", value: { active: false } });
    await settle();
    expect(JSON.parse(String(entryOf(ann)?.["profile"]))).toEqual({ login: "ann", title: "x", roles: [] });
  });

  test("do not wait for a parked user, who stays parked without another dead letter", async () => {
    const ann = await user();
    const id = await group("Support One", ann);
    await settle();
    world.tenant = { ...withRoles(), mapping: { ...simulatedTenant(true).mapping, roles: [roles] } };
    await patchUser(ann, { op: "remove", path: "title" });
    await settle();
    const dead = world.lanes.changes.dead.length;
    await remove(id, ann);
    await settle();
    expect(rolesOf(ann)).toEqual([]);
    expect(headOf(ann)).toMatchObject({ version: 2, applied: 1, reason: "mapping-required-missing" });
    expect(String(headOf(ann)["waitKey"])).toMatch(/^parked#/);
    expect(world.lanes.changes.dead).toHaveLength(dead);
  });

  test("are made by the sweep when every message is lost", async () => {
    const ann = await user();
    const id = await group("Support One");
    await settle();
    await add(id, ann);
    await world.work();
    for (const lane of Object.values(world.lanes)) lane.messages = [];
    expect(headOf(ann)).toMatchObject({ rolesAsked: 1 });
    world.later(61_000);
    await world.run((w) => sweep(w));
    await settle();
    expect(rolesOf(ann)).toEqual(["agent"]);
    expect(headOf(ann)).not.toHaveProperty("waitKey");
  });

  test("of a nested group are none: only direct members have them", async () => {
    const ann = await user();
    const inner = await group("Sales", ann);
    const outer = await group("Support One");
    await add(outer, inner);
    await settle();
    expect(rolesOf(ann)).toEqual([]);
  });
});

describe("role tables that come and go", () => {
  test("a group from before the tables has the name that was accepted, until it is renamed", async () => {
    world.tenant = without();
    const [ann, bob] = [await user("ann"), await user("bob")];
    const id = await group("Support One", ann);
    await settle();
    world.tenant = withRoles();
    await add(id, bob);
    await settle();
    expect(rolesOf(bob)).toEqual(["agent"]);
    await rename(id, "Sales Admins");
    await settle();
    expect([rolesOf(ann), rolesOf(bob)]).toEqual([["admin"], ["admin"]]);
  });

  test("a group that was renamed while there were none is known by its new name afterwards", async () => {
    const ann = await user();
    const id = await group("Support One", ann);
    await settle();
    world.tenant = without();
    await rename(id, "Sales Admins");
    await settle();
    world.tenant = withRoles();
    await patchUser(ann, { op: "replace", path: "title", value: "y" });
    await settle();
    expect(rolesOf(ann)).toEqual(["admin"]);
  });

  test("marks from before the tables went are answered", async () => {
    const ann = await user();
    const id = await group("Support One");
    await settle();
    await add(id, ann);
    const pointer = { type: "Group", id, version: 2 };
    await world.apply("changes", pointer);
    world.tenant = without();
    await settle();
    expect(headOf(ann)).not.toHaveProperty("waitKey");
  });
});

describe("a tenant without role tables", () => {
  test("pays nothing: no mark, no name, no look at anybody's groups", async () => {
    world.tenant = without();
    const seen: string[] = [];
    world.without = (table): Table => ({
      ...table,
      query: async (range) => {
        seen.push(`query ${range.from ?? ""}`);
        return await table.query(range);
      },
      transact: async (writes) => {
        seen.push(...writes.map((write) => `${write.kind} ${write.key.table}`));
        await table.transact(writes);
      },
    });
    const ann = await user();
    const id = await group("Support One");
    await settle();
    await add(id, ann);
    seen.length = 0;
    await settle();
    await rename(id, "Sales Admins");
    await settle();
    expect(seen.filter((one) => one.startsWith("query Group#"))).toEqual([]);
    expect(seen).toEqual(expect.arrayContaining(["check scim", "put directory"]));
    expect(JSON.stringify([...world.store.items.values()])).not.toMatch(/roles|roleName/);
  });
});

/** What happens the first time that a worker has read the memberships of a user, before it goes on. */
function inTheMiddle(happens: () => Promise<void>): WithoutGuard {
  let done = false;
  return (table) => ({
    ...table,
    query: async (range) => {
      const page = await table.query(range);
      if (range.table !== "directory" || range.from !== "Group#" || done) return page;
      done = true;
      await happens();
      return page;
    },
  });
}

describe("two at once", () => {
  const both =
    (one: WithoutGuard, other: WithoutGuard): WithoutGuard =>
    (table, process) =>
      one(other(table, process), process);
  const none: WithoutGuard = (table) => table;

  /** A worker has read that Ann is in no group any more; meanwhile she is put back, and another one makes her roles. */
  async function slowWorker(guard: WithoutGuard): Promise<unknown> {
    const ann = await user();
    const id = await group("Support One", ann);
    await settle();
    await remove(id, ann);
    await world.apply("leavers", { type: "Group", id, version: 2 });
    const look = async (roles: number) => await world.apply("changes", { type: "User", id: ann, version: 1, roles });
    world.without = both(
      inTheMiddle(async () => {
        await add(id, ann);
        await world.apply("changes", { type: "Group", id, version: 3 });
        await look(0);
        world.later(6_000);
        await look(Number(headOf(ann)["rolesAsked"]));
      }),
      guard,
    );
    await look(0);
    await settle();
    return rolesOf(ann);
  }

  test("whoever read the memberships earlier does not overwrite what was made later", async () => {
    expect(await slowWorker(none)).toEqual(["agent"]);
  });

  test("without the entry's fence it would (guard taken out)", async () => {
    expect(await slowWorker(guards.noRoleFence)).toEqual([]);
  });

  /** Ann's roles are being made; meanwhile she loses the group. All messages are lost: the mark alone tells of it. */
  async function markInTheMiddle(guard: WithoutGuard): Promise<unknown> {
    const ann = await user();
    const id = await group("Support One", ann);
    await settle();
    await patchUser(ann, { op: "replace", path: "title", value: "y" });
    world.without = both(
      inTheMiddle(async () => {
        await remove(id, ann);
        await world.apply("changes", { type: "Group", id, version: 2 });
        for (const lane of Object.values(world.lanes)) lane.messages = [];
      }),
      guard,
    );
    await world.apply("changes", { type: "User", id: ann, version: 2 });
    world.without = guard;
    world.later(61_000);
    await world.run((w) => sweep(w));
    await settle();
    return rolesOf(ann);
  }

  test("a mark that comes while roles are made stays, and is answered by its own", async () => {
    expect(await markInTheMiddle(none)).toEqual([]);
  });

  test("without the count of the marks it would be forgotten (guard taken out)", async () => {
    expect(await markInTheMiddle(guards.noRoleCount)).toEqual(["agent"]);
  });

  test("a mark that is visible before its membership is (trap 2) is not answered by whoever looked too early", async () => {
    const ann = await user();
    const id = await group("Support One");
    await settle();
    await add(id, ann);
    await world.apply("changes", { type: "Group", id, version: 2 });
    world.without = (table) => ({
      ...table,
      query: async (range) => (range.from === "Group#" ? { items: [] } : await table.query(range)),
    });
    await world.work();
    expect(rolesOf(ann)).toEqual([]);
    expect(headOf(ann)).toHaveProperty("waitKey");
    world.without = none;
    await settle();
    expect(rolesOf(ann)).toEqual(["agent"]);
    expect(headOf(ann)).not.toHaveProperty("waitKey");
  });

  /** The group is renamed into the table, and Ann's roles are made, while a walk that does not know of it removes her. */
  async function renameInTheMiddle(guard: WithoutGuard): Promise<unknown> {
    const ann = await user();
    const id = await group("Sales", ann);
    await settle();
    await remove(id, ann);
    let done = false;
    const beforeTheStep: WithoutGuard = (table) => ({
      ...table,
      transact: async (writes) => {
        if (!done && writes.some(({ key }) => key.sk.startsWith("Member#"))) {
          done = true;
          await rename(id, "Support One");
          await patchUser(ann, { op: "replace", path: "title", value: "y" });
          await world.apply("changes", { type: "User", id: ann, version: 2 });
        }
        await table.transact(writes);
      },
    });
    world.without = both(beforeTheStep, guard);
    await settle();
    return rolesOf(ann);
  }

  test("a membership that goes while a new name comes leaves no role behind", async () => {
    expect(await renameInTheMiddle(none)).toEqual([]);
  });

  test("roles made with the accepted name would leave one (guard taken out)", async () => {
    expect(await renameInTheMiddle(guards.noRoleName)).toEqual(["agent"]);
  });
});
