/** `appliedAt` of an entry: whoever tells of changes goes by it, so it grows with each, whatever the clocks say. */
import { expect, test } from "vitest";
import { apply } from "../../lib/provisioning/apply.ts";
import { createResource, deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";

const minute = 60_000;

test.each([
  ["user", userType, { userName: "ann" }, { title: "x" }],
  ["group", groupType, { displayName: "Blue" }, { displayName: "Green" }],
])(
  "of a %s grows from change to change, also where each worker's clock is behind that of the one before",
  async (_, type, body, value) => {
    const world = new CalmWorld();
    const { state } = await world.run((w) => createResource(w, type, body, asked("create")));
    const changes = [
      () =>
        world.run((w) => patchResource(w, type, state.id, { Operations: [{ op: "replace", value }] }, asked("patch"))),
      () => world.run((w) => deleteResource(w, type, state.id, asked("delete"))),
    ];
    const times: number[] = [];
    for (const change of [async () => {}, ...changes]) {
      await change();
      const pointer = { type: type.id, id: state.id, version: times.length + 1 };
      const now = world.world.time - times.length * minute;
      await world.run((w) => apply({ ...w, clock: { ...w.clock, now: () => now } }, "changes", pointer));
      const entry = world.store.peek({ table: "directory", pk: `${type.id}#${state.id}`, sk: "Entry" });
      expect(entry?.attributes["version"]).toBe(pointer.version);
      times.push(Number(entry?.attributes["appliedAt"]));
    }
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(3);
  },
);
