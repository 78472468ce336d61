import { beforeEach, describe, expect, test } from "vitest";
import { letGo, noteAllow, noteReject } from "../../lib/provisioning/brake-decision.ts";
import { readBrake, thresholdOf } from "../../lib/provisioning/brake.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { brakeKey, goneKey, leaversPartition } from "../../lib/provisioning/keys.ts";
import { TableError } from "../../lib/provisioning/ports.ts";
import { readResource } from "../../lib/provisioning/read-resource.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import type { Brake } from "../../lib/provisioning/tenant.ts";
import { createResource, deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";

const minute = 60_000;
const day = 1_440 * minute;
const brake: Brake = { windowMinutes: 60, people: 3, percent: 100, action: "hold" };

let world: CalmWorld;
let requests: number;
beforeEach(() => {
  world = new CalmWorld();
  requests = 0;
  set({});
});

function set(change: Partial<Brake>): void {
  world.tenant = { ...world.tenant, leavers: { limitMinutes: 5, brake: { ...brake, ...change } } };
}

const request = () => asked(`r${(requests += 1)}`);
const noted = async () => await world.run((w) => readBrake(w.table));
const headOf = async (id: string) => await world.run((w) => readHead(w.table, "User", id));
const stateOf = async (id: string) => (await world.run((w) => readEntry(w.table, "User", id)))?.state;
const states = async (ids: readonly string[]) => {
  const all: (string | undefined)[] = [];
  for (const id of ids) all.push(await stateOf(id));
  return all;
};
const codeOf = async (id: string) => (await headOf(id))?.failure?.code;

async function employ(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const body = { userName: `user ${requests}`, title: "x" };
    const { state } = await world.run((w) => createResource(w, userType, body, request()));
    ids.push(state.id);
  }
  await world.work();
  return ids;
}

async function say(id: string, value: object): Promise<void> {
  const body = { Operations: [{ op: "replace", value }] };
  await world.run((w) => patchResource(w, userType, id, body, request()));
}

async function leave(...ids: string[]): Promise<void> {
  for (const id of ids) await say(id, { active: false });
}

const replay = async (id: string) => {
  const version = (await headOf(id))?.version ?? 0;
  return await world.apply("leavers", { type: "User", id, version });
};
const allow = async () => await world.run((w) => noteAllow(w.table, w.tenant.leavers.brake, w.clock.now()));
const reject = async () => {
  await world.run(async (w) => {
    await noteReject(w.table, await readBrake(w.table), w.clock.now());
  });
};

describe("the threshold", () => {
  test.each([
    [{ people: 500, percent: 20 }, 10_000, 500],
    [{ people: 500, percent: 20 }, 1_000, 200],
    [{ people: 500, percent: 20 }, 20, 9],
    [{ people: 500, percent: 20 }, 0, 9],
    [{ people: 5, percent: 20 }, 1_000, 5],
  ])("%j of %i people is %i", (limits, users, threshold) => {
    expect(thresholdOf({ ...brake, ...limits }, users)).toBe(threshold);
  });
});

describe("a brake that holds", () => {
  test("lets as many leave as the tenant file says, and parks the next with a dead letter and its reason", async () => {
    const ids = await employ(5);
    await leave(...ids);
    const outcomes = await world.work();
    expect(outcomes.filter(({ kind }) => kind === "applied")).toHaveLength(3);
    expect(outcomes.filter(({ kind }) => kind === "parked")).toMatchObject([
      { code: "brake-held", tripped: true },
      { code: "brake-held" },
    ]);
    expect(outcomes.filter((outcome) => "tripped" in outcome)).toHaveLength(1);
    expect(world.lanes.leavers.dead.map(({ reason }) => reason)).toEqual(["brake-held", "brake-held"]);
    expect((await states(ids)).filter((state) => state === "active")).toHaveLength(2);
    expect(await noted()).toMatchObject({ state: "held", count: 4, threshold: 3, windowMinutes: 60 });
  });

  test("refuses nothing: what the identity provider said is what SCIM answers", async () => {
    const ids = await employ(4);
    await leave(...ids);
    await world.work();
    for (const id of ids) {
      const { resource } = await world.run((w) => readResource(w, userType, id, { members: false, groups: false }));
      expect(resource["active"]).toBe(false);
    }
  });

  test("counts by when people left, whatever the order and however late they are applied", async () => {
    const ids = await employ(5);
    for (const id of ids) {
      await leave(id);
      world.later(10 * minute);
    }
    world.later(3 * day);
    for (const id of ids.toReversed()) await replay(id);
    expect(await states(ids)).toEqual(["active", "active", "suspended", "suspended", "suspended"]);
  });

  test("lets people leave who leave slowly", async () => {
    const ids = await employ(8);
    for (const id of ids) {
      await leave(id);
      world.later(21 * minute);
    }
    await world.work();
    expect(new Set(await states(ids))).toEqual(new Set(["suspended"]));
  });

  test("stays on until an operator decides, however long that takes", async () => {
    const [late = "", ...ids] = await employ(5);
    await leave(...ids);
    await world.work();
    world.later(30 * day);
    await leave(late);
    expect(await world.work()).toMatchObject([{ kind: "parked", code: "brake-held" }]);
  });

  test("a share of all people, once ten have left", async () => {
    set({ people: 500, percent: 20 });
    const ids = await employ(60);
    await leave(...ids.slice(0, 15));
    await world.work();
    expect((await states(ids)).filter((state) => state === "suspended")).toHaveLength(12);
    expect(await noted()).toMatchObject({ count: 13, threshold: 12 });
  });

  test("of a small company lets nine leave", async () => {
    set({ people: 500, percent: 20 });
    const ids = await employ(12);
    await leave(...ids);
    await world.work();
    expect((await states(ids)).filter((state) => state === "suspended")).toHaveLength(9);
  });

  test("counts whoever was deleted among all", async () => {
    set({ people: 500, percent: 50 });
    const ids = await employ(30);
    for (const id of ids.slice(0, 15)) {
      await world.run((w) => deleteResource(w, userType, id, request()));
      await world.work();
    }
    expect(await states(ids.slice(0, 15))).not.toContain("active");
  });

  test("stops nobody else: joiners, movers, whoever was inactive before, whoever comes back", async () => {
    const [moves = "", back = "", left = "", ...ids] = await employ(7);
    await leave(left);
    await world.work();
    world.later(day);
    await leave(...ids);
    await world.work();
    await leave(back);
    await world.work();
    expect([await codeOf(back), await stateOf(back)]).toEqual(["brake-held", "active"]);
    await say(moves, { title: "y" });
    await say(back, { active: true });
    await say(left, { title: "z" });
    await world.run((w) => deleteResource(w, userType, left, request()));
    const [joins = ""] = await employ(1);
    await world.work();
    expect(await states([moves, back, left, joins])).toEqual(["active", "active", "removed", "active"]);
    for (const id of [moves, back, joins]) expect(await headOf(id)).not.toHaveProperty("failure");
  });

  test("a deleted user who is held keeps memberships in the directory, and is no member for SCIM, for as long as it takes", async () => {
    const [deleted = "", ...ids] = await employ(4);
    const body = { displayName: "staff", members: [{ value: deleted }] };
    const { state: group } = await world.run((w) => createResource(w, groupType, body, request()));
    await leave(...ids);
    await world.work();
    await world.run((w) => deleteResource(w, userType, deleted, request()));
    await world.work();
    expect(await stateOf(deleted)).toBe("active");
    expect(world.store.peek({ table: "directory", pk: `Group#${group.id}`, sk: `Member#${deleted}` })).toBeDefined();
    const { members } = await world.run((w) => readResource(w, groupType, group.id, { members: true, groups: false }));
    expect(members).toEqual([]);
    const { expires } = world.store.peek(goneKey(deleted))?.attributes ?? {};
    expect(Number(expires) * 1000).toBeGreaterThan(world.world.time + 365 * day);
  });

  test("holds nobody while it cannot be asked: the leaver is tried again", async () => {
    const [id = ""] = await employ(1);
    await leave(id);
    world.without = (table) => ({
      ...table,
      query: async (range) =>
        range.pk === leaversPartition
          ? await Promise.reject(new TableError("throttled", "full"))
          : await table.query(range),
    });
    expect(await world.work()).toMatchObject([{ kind: "later", code: "throttled" }]);
  });

  test("two workers who meet at the threshold note one trip", async () => {
    const ids = await employ(5);
    await leave(...ids);
    const pointers = ids.map((id) => ({ type: "User", id, version: 2 }));
    for (const pointer of pointers.slice(0, 3)) await world.apply("leavers", pointer);
    let other: unknown;
    world.without = (table) => ({
      ...table,
      write: async (write) => {
        if (write.key.sk === brakeKey.sk && other === undefined) {
          other = "under way";
          world.without = (same) => same;
          await table.write({
            ...write,
            kind: "update",
            set: { state: "held", at: 1, threshold: 3, windowMinutes: 60 },
          });
        }
        await table.write(write);
      },
    });
    expect(await world.apply("leavers", pointers[3] ?? pointers[0]!)).toEqual({ kind: "parked", code: "brake-held" });
    expect(await noted()).toMatchObject({ at: 1 });
  });
});

describe("allow", () => {
  test("lets everybody go who was held, however late they are replayed, and everybody for the next window", async () => {
    const [next = "", after = "", ...ids] = await employ(8);
    await leave(...ids);
    await world.work();
    await allow();
    world.later(59 * minute);
    await leave(next);
    await world.work();
    world.later(10 * day);
    for (const id of ids) await replay(id);
    expect(new Set(await states([...ids, next]))).toEqual(new Set(["suspended"]));
    await leave(after);
    await world.work();
    expect(await stateOf(after)).toBe("suspended");
  });

  test("counts anew afterwards: those who were let go do not trip it, more than the threshold do", async () => {
    const [a = "", b = "", c = "", d = "", ...ids] = await employ(10);
    await leave(...ids);
    await world.work();
    await allow();
    for (const id of ids) await replay(id);
    world.later(61 * minute);
    await leave(a, b, c, d);
    await world.work();
    expect(await states([a, b, c, d])).toEqual(["suspended", "suspended", "suspended", "active"]);
    expect(await noted()).toMatchObject({ state: "held", count: 4 });
  });

  test("lets those go, too, who left before it ended and are applied when others have left again", async () => {
    const [last = "", a = "", b = "", c = "", ...ids] = await employ(8);
    await leave(...ids);
    await world.work();
    await allow();
    world.later(59 * minute);
    await leave(last);
    world.lanes.leavers.messages = [];
    world.later(2 * minute);
    await leave(a, b, c);
    await world.work();
    await replay(last);
    expect(await states([last, a, b, c])).toEqual(["suspended", "suspended", "suspended", "suspended"]);
  });

  test("in the moment between a worker's question and its parking keeps nobody: the worker asks once more", async () => {
    const ids = await employ(4);
    await leave(...ids);
    let parking = 0;
    world.without = (table) => ({
      ...table,
      write: async (write) => {
        const isParking = write.kind === "update" && write.set?.["reason"] === "brake-held";
        if (isParking && (parking += 1) === 1) await noteAllow(table, brake, world.world.time);
        await table.write(write);
      },
    });
    for (const id of ids) await replay(id);
    expect(await states(ids)).toContain("active");
    // Also if the message is lost with which the worker sends it back.
    world.lanes.leavers.messages = [];
    await world.run((w) => sweep(w));
    await world.work();
    expect(new Set(await states(ids))).toEqual(new Set(["suspended"]));
    expect(parking).toBe(1);
  });

  test("of one person alone lets that one go, and the others are held still", async () => {
    const ids = await employ(5);
    await leave(...ids);
    await world.work();
    const held = [];
    for (const id of ids) if ((await codeOf(id)) !== undefined) held.push(id);
    const [one = "", other = ""] = held;
    await world.run(async (w) => {
      const head = await readHead(w.table, "User", one);
      expect(head && (await letGo(w.table, head))).toBe(true);
    });
    await replay(one);
    await replay(other);
    expect(await states([one, other])).toEqual(["suspended", "active"]);
    expect(await noted()).toMatchObject({ state: "held" });
  });
});

describe("reject", () => {
  async function rejected(): Promise<string> {
    const ids = await employ(4);
    await leave(...ids);
    await world.work();
    await reject();
    const kept = [];
    for (const id of ids) if ((await stateOf(id)) === "active") kept.push(id);
    expect(kept).toHaveLength(1);
    return kept[0] ?? "";
  }

  test("keeps who was held as they are, without a dead letter, however often they are replayed", async () => {
    const id = await rejected();
    world.lanes.leavers.dead = [];
    world.later(day);
    expect(await replay(id)).toEqual({ kind: "parked", code: "brake-rejected" });
    expect(await replay(id)).toEqual({ kind: "parked", code: "brake-rejected" });
    expect(await stateOf(id)).toBe("active");
    expect(world.lanes.leavers.dead).toEqual([]);
  });

  test("keeps those of the mass, too, whose message comes only now", async () => {
    const ids = await employ(6);
    await leave(...ids);
    const last = world.lanes.leavers.messages.splice(0, 1);
    await world.work();
    await reject();
    world.lanes.leavers.messages.push(...last);
    expect(await world.work()).toEqual([{ kind: "parked", code: "brake-rejected" }]);
  });

  test("a new word of the identity provider counts again: back, or gone after all", async () => {
    const id = await rejected();
    await replay(id);
    await say(id, { active: true });
    await world.work();
    expect(await headOf(id)).not.toHaveProperty("failure");
    expect(await stateOf(id)).toBe("active");
    await leave(id);
    await world.work();
    expect(await stateOf(id)).toBe("suspended");
  });

  test("who is inactive for the identity provider still, and is told so again, leaves; and counts as leaving then", async () => {
    const id = await rejected();
    await replay(id);
    world.later(day);
    await say(id, { title: "y" });
    await world.work();
    expect(await stateOf(id)).toBe("suspended");
    expect(world.world.time - ((await headOf(id))?.leftAt ?? 0)).toBeLessThan(minute);
  });

  test("leaves those who left before it tripped to be judged as ever", async () => {
    const [early = ""] = await employ(1);
    await leave(early);
    world.lanes.leavers.messages = [];
    world.later(5 * 60 * minute);
    await rejected();
    expect(await replay(early)).toMatchObject({ kind: "applied" });
  });

  test("begins to count anew", async () => {
    await rejected();
    const ids = await employ(4);
    world.later(minute);
    await leave(...ids);
    await world.work();
    expect((await states(ids)).filter((state) => state === "suspended")).toHaveLength(3);
  });
});

describe("a brake that only tells", () => {
  beforeEach(() => set({ action: "alarm" }));

  test("keeps nobody, tells once, and notes it for the operator", async () => {
    const ids = await employ(9);
    await leave(...ids);
    const outcomes = await world.work();
    expect(new Set(await states(ids))).toEqual(new Set(["suspended"]));
    expect(outcomes.filter((outcome) => "tripped" in outcome)).toHaveLength(1);
    expect(await noted()).toMatchObject({ state: "tripped", count: 4, threshold: 3 });
    expect(world.lanes.leavers.dead).toEqual([]);
  });

  test("tells again of the next time, although nobody answered the first", async () => {
    const ids = await employ(8);
    await leave(...ids.slice(0, 4));
    await world.work();
    world.later(3 * day);
    await leave(...ids.slice(4));
    expect((await world.work()).filter((outcome) => "tripped" in outcome)).toHaveLength(1);
  });

  test("tells, too, when whoever tripped it cannot be applied yet", async () => {
    const ids = await employ(4);
    await leave(...ids);
    let away = true;
    world.without = (table) => ({
      ...table,
      transact: async (writes) =>
        away && (await readBrake(table)).state === "tripped"
          ? await Promise.reject(new TableError("throttled", "full"))
          : await table.transact(writes),
    });
    const outcomes = await world.work();
    expect(outcomes.filter((outcome) => "tripped" in outcome)).toMatchObject([{ kind: "later", code: "throttled" }]);
    away = false;
    world.later(minute);
    expect(await world.work()).toMatchObject([{ kind: "applied" }]);
    expect(new Set(await states(ids))).toEqual(new Set(["suspended"]));
  });

  test("delays nobody because it cannot be asked", async () => {
    const [id = ""] = await employ(1);
    await leave(id);
    const away = async () => await Promise.reject(new TableError("throttled", "full"));
    world.without = (table) => ({
      ...table,
      get: async (key) => (key.sk === brakeKey.sk ? await away() : await table.get(key)),
    });
    expect(await world.work()).toMatchObject([{ kind: "applied" }]);
  });
});
