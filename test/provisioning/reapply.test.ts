import { beforeEach, describe, expect, test } from "vitest";
import { giveUp } from "../../lib/provisioning/given-up.ts";
import { type Head, readHead } from "../../lib/provisioning/head.ts";
import type { Table } from "../../lib/provisioning/ports.ts";
import { askAgain } from "../../lib/provisioning/reapply.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { createResource, deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";
import { simulatedTenant } from "../simulation/tenant.ts";

/** The mapping of the first deployment, and that of the second. */
const [first, second] = [simulatedTenant(false, "a"), simulatedTenant(false, "b")];
const strict = simulatedTenant(true, "b");
const minute = 60_000;

let world: CalmWorld;
beforeEach(() => {
  world = new CalmWorld();
  world.tenant = first;
});

async function user(body: object = { title: "x" }): Promise<string> {
  const { state } = await world.run((w) => createResource(w, userType, { userName: "ann", ...body }, asked("create")));
  await world.work();
  return state.id;
}

const patch = async (id: string, value: object) =>
  await world.run((w) => patchResource(w, userType, id, { Operations: [{ op: "replace", value }] }, asked("patch")));

const headOf = async (id: string, type = "User"): Promise<Head> => {
  const head = await world.run((w) => readHead(w.table, type, id));
  if (head === undefined) throw new Error(`there is no ${id}`);
  return head;
};
const entryOf = (id: string, type = "User") => {
  const { profile, ...entry } = {
    ...world.store.peek({ table: "directory", pk: `${type}#${id}`, sk: "Entry" })?.attributes,
  };
  return { ...entry, profile: JSON.parse(String(profile ?? "{}")) };
};
const appliedAt = (id: string) =>
  Number(world.store.peek({ table: "directory", pk: `User#${id}`, sk: "Entry" })?.attributes["appliedAt"]);
const lookups = () =>
  [...world.store.all("directory")].map(({ pk }) => pk).filter((pk) => pk.startsWith("Lookup#alias"));
const log = (id: string) => [...world.store.all("scim")].filter(({ pk }) => pk === `Log#${id}`);

/** Marks it, and sends the pointer as a resync does. */
async function again(id: string, type = "User") {
  const head = await headOf(id, type);
  return await world.run(async (w) => {
    const marked = await askAgain(w, head);
    if (marked) await w.lanes.changes.send({ type, id, version: head.version });
    return marked;
  });
}

/** Before the worker's next write of the entry, or of the head of that id. */
function beforeWrite(of: string, then: (table: Table) => Promise<unknown>): void {
  let isDue = true;
  world.without = (table) => {
    const first = async (writes: readonly { key: { sk: string } }[]) => {
      if (!isDue || !writes.some(({ key }) => key.sk === of)) return;
      isDue = false;
      await then(table);
    };
    return {
      ...table,
      write: async (write) => {
        await first([write]);
        await table.write(write);
      },
      transact: async (writes) => {
        await first(writes);
        await table.transact(writes);
      },
    };
  };
}

describe("a user who is applied again", () => {
  test("gets the profile and the lookups of today's mapping, at the same version", async () => {
    const id = await user();
    expect(entryOf(id)).toMatchObject({ version: 1, profile: { alias: "a" }, mappingHash: first.mapping.hash });
    const before = await headOf(id);
    world.tenant = second;
    world.later(minute);
    await again(id);
    expect(await world.work()).toEqual([{ kind: "again" }]);
    expect(entryOf(id)).toMatchObject({ version: 1, profile: { alias: "b" }, mappingHash: second.mapping.hash });
    expect(lookups()).toEqual(["Lookup#alias#b"]);
    expect([await headOf(id), log(id).length]).toEqual([before, 1]);
  });

  test("is not written when nothing is different", async () => {
    const id = await user();
    const before = entryOf(id);
    world.later(minute);
    await again(id);
    await world.work();
    expect(entryOf(id)).toEqual(before);
    expect((await headOf(id)).waitKey).toBeUndefined();
  });

  test("whose pointer is lost is found by the sweep", async () => {
    const id = await user();
    world.tenant = second;
    await again(id);
    world.lanes.changes.messages = [];
    world.later(2 * minute);
    await world.run((w) => sweep(w));
    await world.work();
    expect(entryOf(id)).toMatchObject({ profile: { alias: "b" } });
  });

  test("who comes to have no entry gets one", async () => {
    const id = await user();
    world.store.items.delete(`directory|User#${id}|Entry`);
    await again(id);
    await world.work();
    expect(entryOf(id)).toMatchObject({ version: 1, state: "active" });
  });

  test("who left and cannot be mapped any more keeps the last good profile", async () => {
    const id = await user({});
    await patch(id, { active: false });
    await world.work();
    world.tenant = strict;
    await again(id);
    await world.work();
    expect(entryOf(id)).toMatchObject({ state: "suspended", profile: { login: "ann", alias: "a" } });
  });
});

describe("a user whom today's mapping cannot carry", () => {
  test("keeps the entry, and is parked with a letter; a replay after the mapping was mended brings it", async () => {
    const id = await user({});
    const before = entryOf(id);
    world.tenant = strict;
    await again(id);
    expect(await world.work()).toEqual([{ kind: "parked", code: "mapping-required-missing" }]);
    expect([entryOf(id), world.lanes.changes.dead.length]).toEqual([before, 1]);
    expect(await headOf(id)).toMatchObject({ version: 1, applied: 1, failure: { code: "mapping-required-missing" } });
    world.tenant = second;
    expect(await world.apply("changes", { type: "User", id, version: 1 })).toEqual({ kind: "again" });
    expect(entryOf(id)).toMatchObject({ profile: { alias: "b" } });
    expect((await headOf(id)).failure).toBeUndefined();
  });

  test("is mended by the next word of the identity provider", async () => {
    const id = await user({});
    world.tenant = strict;
    await again(id);
    await world.work();
    await patch(id, { title: "y" });
    await world.work();
    expect(entryOf(id)).toMatchObject({ version: 2, profile: { title: "y" } });
    const { waitKey, reapply } = await headOf(id);
    expect([waitKey, reapply]).toEqual([undefined, undefined]);
  });
});

describe("what comes between the mark and its answer", () => {
  test("a change answers the mark, too", async () => {
    const id = await user();
    world.tenant = second;
    await again(id);
    await patch(id, { title: "y" });
    await world.work();
    expect(entryOf(id)).toMatchObject({ version: 2, profile: { title: "y", alias: "b" } });
    const { waitKey, reapply } = await headOf(id);
    expect([waitKey, reapply]).toEqual([undefined, undefined]);
  });

  test("a deletion stays a deletion", async () => {
    const id = await user();
    await again(id);
    await world.run((w) => deleteResource(w, userType, id, asked("delete")));
    await world.work();
    expect(entryOf(id)).toMatchObject({ version: 2, state: "removed" });
    expect((await headOf(id)).reapply).toBeUndefined();
  });

  test("a second mark, while the first is answered, is answered after it", async () => {
    const id = await user();
    world.tenant = second;
    await again(id);
    const marked = await headOf(id);
    const reapply = Number(marked.reapply) + minute;
    beforeWrite("Entry", async (table) => {
      await askAgain({ table, clock: { now: () => reapply, sleep: async () => {} } }, marked);
    });
    await world.apply("changes", { type: "User", id, version: 1 });
    expect(await headOf(id)).toMatchObject({ reapply, waitKey: expect.stringMatching(/^due/) });
    await world.apply("changes", { type: "User", id, version: 1 });
    expect((await headOf(id)).reapply).toBeUndefined();
  });

  test("a worker that tidies up does not take the mark along", async () => {
    const id = await user();
    // Left by a slow worker: nothing is to be done.
    const key = { table: "scim", pk: `User#${id.slice(0, 1)}`, sk: id } as const;
    await world.run((w) =>
      w.table.write({ kind: "update", key, set: { waitKey: "due#1", waitAt: 1, pendingSince: 1 } }),
    );
    const head = await headOf(id);
    const clock = { now: () => world.world.time, sleep: async () => {} };
    beforeWrite(id, async (table) => await askAgain({ table, clock }, head));
    await world.apply("changes", { type: "User", id, version: 1 });
    expect((await headOf(id)).reapply).toBeDefined();
  });

  test("a worker that is slow does not replace what a quicker one made of the same version", async () => {
    const id = await user();
    await again(id);
    world.tenant = simulatedTenant(false, "slow");
    const quickAt = world.world.time + minute;
    beforeWrite("Entry", async (table) => {
      const key = { table: "directory", pk: `User#${id}`, sk: "Entry" } as const;
      const set = { appliedAt: quickAt, profile: '{"login":"ann","title":"quick"}' };
      await table.write({ kind: "update", key, set: { ...set, lookups: ["login#ann"] } });
    });
    await world.work();
    // It has read again before it wrote: what the quick one took along is not left behind.
    expect(entryOf(id)).toMatchObject({ lookups: ["login#ann", "alias#slow"] });
    expect(appliedAt(id)).toBeGreaterThan(quickAt);
  });

  test("the failure of a slow worker does not park what a quicker one has done", async () => {
    const id = await user({});
    await again(id);
    const { reapply = 0 } = await headOf(id);
    await world.work();
    world.tenant = strict;
    // As the slow worker has read it.
    world.without = (table) => ({
      ...table,
      get: async (key) => {
        const item = await table.get(key);
        const isHead = item !== undefined && key.pk.startsWith("User#") && key.table === "scim";
        return isHead ? { ...item, attributes: { ...item.attributes, reapply } } : item;
      },
    });
    await world.apply("changes", { type: "User", id, version: 1 });
    world.without = (table) => table;
    expect((await headOf(id)).waitKey).toBeUndefined();
  });
});

describe("a group that is applied again", () => {
  test("gets its entry anew at the version of its attributes, and its members stay", async () => {
    const member = await user();
    const { state } = await world.run((w) =>
      createResource(w, groupType, { displayName: "g", members: [{ value: member }] }, asked("group")),
    );
    await world.work();
    world.store.items.delete(`directory|Group#${state.id}|Entry`);
    await again(state.id, "Group");
    expect(await world.work()).toEqual([{ kind: "again" }]);
    expect(entryOf(state.id, "Group")).toMatchObject({ version: 1, profile: { displayName: "g" } });
    expect([...world.store.all("directory")].some(({ sk }) => sk === `Member#${member}`)).toBe(true);
  });

  test("with a change of members before the answer gets both", async () => {
    const member = await user();
    const { state } = await world.run((w) => createResource(w, groupType, { displayName: "g" }, asked("group")));
    await world.work();
    world.store.items.delete(`directory|Group#${state.id}|Entry`);
    await again(state.id, "Group");
    const add = { Operations: [{ op: "add", path: "members", value: [{ value: member }] }] };
    await world.run((w) => patchResource(w, groupType, state.id, add, asked("members")));
    await world.work();
    expect(entryOf(state.id, "Group")).toMatchObject({ profile: { displayName: "g" } });
    expect((await headOf(state.id, "Group")).waitKey).toBeUndefined();
  });
});

describe("nothing is asked again of what is", () => {
  test("pending", async () => {
    const id = await user();
    await patch(id, { title: "y" });
    expect(await again(id)).toBe(false);
  });

  test("parked, or given up", async () => {
    world.tenant = strict;
    const id = await user({});
    expect(await again(id)).toBe(false);
    const head = await headOf(id);
    expect(await world.run((w) => giveUp(w, head, "a test"))).toBe(true);
    expect(await again(id)).toBe(false);
  });

  test("deleted", async () => {
    const id = await user();
    await world.run((w) => deleteResource(w, userType, id, asked("delete")));
    await world.work();
    expect(await again(id)).toBe(false);
  });

  test("changed since it was read", async () => {
    const id = await user();
    const head = await headOf(id);
    await patch(id, { title: "y" });
    await world.work();
    expect(await world.run((w) => askAgain(w, head))).toBe(false);
  });
});
