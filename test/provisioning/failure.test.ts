import { describe, expect, test } from "vitest";
import { goneKey } from "../../lib/provisioning/keys.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { createResource, deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import { TableError, type TableErrorKind } from "../../lib/provisioning/ports.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";
import { parkedStaysDue } from "../simulation/guards.ts";
import { simulatedTenant } from "../simulation/tenant.ts";

const minute = 60_000;

async function parkedUser(world: CalmWorld): Promise<string> {
  world.tenant = simulatedTenant(true);
  const { state } = await world.run((w) => createResource(w, userType, { userName: "ann" }, asked("create")));
  expect(await world.work()).toEqual([{ kind: "parked", code: "mapping-required-missing" }]);
  return state.id;
}

const headOf = (world: CalmWorld, id: string) =>
  world.store.peek({ table: "scim", pk: `User#${id[0]}`, sk: id })?.attributes;

/** The directory takes nothing until the answer is called. */
function fullDirectory(world: CalmWorld): () => void {
  let full = true;
  const refuse = (writes: readonly { key: { table: string } }[]): void => {
    if (full && writes.some((write) => write.key.table === "directory")) throw new TableError("throttled", "full");
  };
  world.without = (table) => ({
    ...table,
    write: async (write) => {
      refuse([write]);
      await table.write(write);
    },
    transact: async (writes) => {
      refuse(writes);
      await table.transact(writes);
    },
  });
  return () => {
    full = false;
  };
}

async function applyUntilParked(world: CalmWorld, pointer: { type: string; id: string; version: number }) {
  let outcome = await world.apply("changes", pointer);
  while (outcome.kind === "later") {
    world.later(16 * minute);
    outcome = await world.apply("changes", pointer);
  }
  expect(outcome).toEqual({ kind: "parked", code: "throttled" });
}

async function sweepForADay(world: CalmWorld): Promise<void> {
  for (let hour = 0; hour < 24; hour += 1) {
    world.later(60 * minute);
    await world.run((w) => sweep(w));
    await world.work();
  }
}

describe("a change that can never work", () => {
  test("is a dead letter with its reason, and the head says what and why", async () => {
    const world = new CalmWorld();
    const id = await parkedUser(world);
    expect(world.lanes.changes.dead).toEqual([
      { pointer: { type: "User", id, version: 1 }, reason: "mapping-required-missing" },
    ]);
    const head = world.store.peek({ table: "scim", pk: `User#${id[0]}`, sk: id })?.attributes;
    expect(head).toMatchObject({
      waitKey: `parked#${Number.parseInt(id[0] ?? "", 16)}`,
      reason: "mapping-required-missing",
    });
    expect(String(head?.["failure"])).toContain("title");
  });

  test("leaves the sweep: a day of sweeps makes no further dead letter (trap 7)", async () => {
    const world = new CalmWorld();
    await parkedUser(world);
    await sweepForADay(world);
    expect(world.lanes.changes.dead).toHaveLength(1);
  });

  test("makes dead letters for ever when it stays in the sweep (trap 7, guard taken out)", async () => {
    const world = new CalmWorld();
    world.without = parkedStaysDue;
    await parkedUser(world);
    await sweepForADay(world);
    expect(world.lanes.changes.dead.length).toBeGreaterThan(1);
  });

  test("is mended by the next change that brings what was missing", async () => {
    const world = new CalmWorld();
    const id = await parkedUser(world);
    const body = { Operations: [{ op: "add", path: "title", value: "Countess" }] };
    await world.run((w) => patchResource(w, userType, id, body, asked("mend")));
    expect(await world.work()).toMatchObject([{ kind: "applied" }]);
    const head = world.store.peek({ table: "scim", pk: `User#${id[0]}`, sk: id })?.attributes;
    expect(head).toMatchObject({ version: 2, applied: 2 });
    expect(head).not.toHaveProperty("failure");
    expect(head).not.toHaveProperty("waitKey");
  });

  test("a user who leaves is suspended all the same, with the last good profile", async () => {
    const world = new CalmWorld();
    const { state } = await world.run((w) =>
      createResource(w, userType, { userName: "bob", title: "x" }, asked("create")),
    );
    await world.work();
    world.tenant = simulatedTenant(true);
    const body = {
      Operations: [
        { op: "remove", path: "title" },
        { op: "replace", path: "active", value: "False" },
      ],
    };
    await world.run((w) => patchResource(w, userType, state.id, body, asked("leave")));
    expect(await world.work()).toMatchObject([{ kind: "applied" }]);
    const entry = world.store.peek({ table: "directory", pk: `User#${state.id}`, sk: "Entry" })?.attributes;
    expect(entry).toMatchObject({ state: "suspended", version: 2 });
    expect(JSON.parse(String(entry?.["profile"]))).toEqual({ login: "bob", title: "x" });
  });
});

describe("a leaver", () => {
  test("is not made active again by a PATCH that removes `active` (D15)", async () => {
    const world = new CalmWorld();
    const { state } = await world.run((w) =>
      createResource(w, userType, { userName: "eve", active: false }, asked("create")),
    );
    const body = { Operations: [{ op: "remove", path: "active" }] };
    const { state: after } = await world.run((w) => patchResource(w, userType, state.id, body, asked("remove")));
    expect(after.resource).toMatchObject({ active: false });
  });
});

describe("a change that may work later", () => {
  test("of somebody deleted: no member of a group for SCIM, for as long as an operator takes", async () => {
    const world = new CalmWorld();
    const { state } = await world.run((w) => createResource(w, userType, { userName: "di" }, asked("create")));
    await world.work();
    await world.run((w) => deleteResource(w, userType, state.id, asked("delete")));
    fullDirectory(world);
    await applyUntilParked(world, { type: "User", id: state.id, version: 2 });
    const { expires } = world.store.peek(goneKey(state.id))?.attributes ?? {};
    expect(Number(expires) * 1000 - world.world.time).toBeGreaterThan(365 * 1_440 * minute);
  });

  /** The pauses, and the last word, of a change whose directory answers so until then. */
  async function triedUntilParked(kind: TableErrorKind): Promise<{ pauses: number[]; code: string }> {
    const world = new CalmWorld();
    const { state } = await world.run((w) =>
      createResource(w, userType, { userName: "cy", title: "x" }, asked("create")),
    );
    let full = true;
    world.without = (table) => ({
      ...table,
      transact: async (writes) => {
        if (full && writes.some((write) => write.key.table === "directory")) throw new TableError(kind, "full");
        await table.transact(writes);
      },
    });
    const pauses: number[] = [];
    const pointer = { type: "User", id: state.id, version: 1 };
    let outcome = await world.apply("changes", pointer);
    for (; outcome.kind === "later"; outcome = await world.apply("changes", pointer)) {
      const head = world.store.peek({ table: "scim", pk: `User#${state.id[0]}`, sk: state.id })?.attributes;
      const failure = JSON.parse(String(head?.["failure"])) as { at: number };
      pauses.push((Number(head?.["waitAt"]) - failure.at) / 1000);
      world.later(Number(head?.["waitAt"]) - world.world.time);
    }
    expect(world.lanes.changes.dead).toHaveLength(1);
    full = false;
    expect(await world.apply("changes", pointer)).toMatchObject({ kind: "applied" });
    return { pauses, code: outcome.kind === "parked" ? outcome.code : outcome.kind };
  }

  test("is tried after 10 s, 1 min, 5 min, 30 min, 2 h and 6 h, and then parked with one dead letter", async () => {
    expect(await triedUntilParked("conflict")).toEqual({
      pauses: [10, 60, 300, 1800, 7200, 21_600],
      code: "conflict",
    });
  });

  test.each([
    ["throttled", "throttled"],
    ["lost", "unavailable"],
  ] as const)(
    "a table that is %s says nothing about the change: it is tried every quarter of an hour for three days before it is parked",
    async (kind, expected) => {
      const { pauses, code } = await triedUntilParked(kind);
      expect([pauses.slice(0, 5), Math.max(...pauses), code]).toEqual([[10, 60, 300, 900, 900], 900, expected]);
      const days = pauses.reduce((sum, pause) => sum + pause, 0) / 86_400;
      expect([days > 3, days < 3.1]).toEqual([true, true]);
    },
  );
});

describe("a change that was parked", () => {
  test("begins anew when it is replayed: one more throttle does not park it again", async () => {
    const world = new CalmWorld();
    const { state } = await world.run((w) =>
      createResource(w, userType, { userName: "eve", title: "x" }, asked("create")),
    );
    fullDirectory(world);
    const pointer = { type: "User", id: state.id, version: 1 };
    await applyUntilParked(world, pointer);
    expect(await world.apply("changes", pointer)).toMatchObject({ kind: "later" });
    expect(world.lanes.changes.dead).toHaveLength(1);
  });

  test("is not parked any more once it is applied, also when it is a deletion: the sweep brings its second look", async () => {
    const world = new CalmWorld();
    const { state } = await world.run((w) =>
      createResource(w, userType, { userName: "eve", title: "x" }, asked("create")),
    );
    await world.work();
    await world.run((w) => deleteResource(w, userType, state.id, asked("delete")));
    const mend = fullDirectory(world);
    const pointer = { type: "User", id: state.id, version: 2 };
    await applyUntilParked(world, pointer);
    mend();
    expect(await world.apply("changes", pointer)).toMatchObject({ kind: "applied" });
    expect(headOf(world, state.id)?.["waitKey"]).toMatch(/^leaver#/);
    for (const lane of Object.values(world.lanes)) lane.messages = [];
    world.later(2 * minute);
    await world.run((w) => sweep(w));
    await world.work();
    expect(headOf(world, state.id)).not.toHaveProperty("waitKey");
  });

  test("is due again after a change whose accept had read the head before it was parked", async () => {
    const world = new CalmWorld();
    const { state } = await world.run((w) =>
      createResource(w, userType, { userName: "eve", title: "x" }, asked("create")),
    );
    await world.work();
    const key = { table: "scim", pk: `User#${state.id[0]}`, sk: state.id } as const;
    const failure = JSON.stringify({ code: "throttled", message: "full", at: 1, attempts: 7 });
    world.without = (table) => ({
      ...table,
      transact: async (writes) => {
        await table.write({ kind: "update", key, set: { failure, reason: "throttled" } });
        await table.transact(writes);
      },
    });
    const body = { Operations: [{ op: "add", path: "title", value: "Countess" }] };
    await world.run((w) => patchResource(w, userType, state.id, body, asked("patch")));
    expect(headOf(world, state.id)).not.toHaveProperty("failure");
    expect(headOf(world, state.id)).not.toHaveProperty("reason");
  });
});

describe("a request whose function was frozen in the middle of it", () => {
  test("changes nothing when it wakes: what was accepted meanwhile stays", async () => {
    const world = new CalmWorld();
    const { state } = await world.run((w) =>
      createResource(w, userType, { userName: "fay", title: "x" }, asked("create")),
    );
    world.without = (table) => ({
      ...table,
      get: async (key) => {
        world.later(60_000);
        return await table.get(key);
      },
    });
    const body = {
      Operations: [
        { op: "replace", path: "active", value: true },
        { op: "remove", path: "title" },
      ],
    };
    const patched = world.run((w) => patchResource(w, userType, state.id, body, asked("frozen")));
    await expect(patched).rejects.toMatchObject({ status: 503, headers: { "retry-after": "2" } });
    expect(headOf(world, state.id)).toMatchObject({ version: 1 });
  });
});

describe("a pointer whose send failed", () => {
  test("is sent by the sweep after a minute, and not twice", async () => {
    const world = new CalmWorld();
    await world.run((w) => createResource(w, userType, { userName: "dee", title: "x" }, asked("create")));
    world.lanes.changes.messages = [];
    expect(await world.run((w) => sweep(w))).toMatchObject({ sent: 0 });
    world.later(61_000);
    const { sent, oldestPendingSeconds } = await world.run((w) => sweep(w));
    // The calls of a sweep take time, too.
    expect([sent, oldestPendingSeconds - 61 <= 2]).toEqual([1, true]);
    expect(oldestPendingSeconds).toBeGreaterThanOrEqual(61);
    expect(await world.run((w) => sweep(w))).toMatchObject({ sent: 0 });
    expect(await world.work()).toMatchObject([{ kind: "applied" }]);
    expect(await world.run((w) => sweep(w))).toEqual({ sent: 0, oldestPendingSeconds: 0, leaversWaiting: 0 });
  });
});
