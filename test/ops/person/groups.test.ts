import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { groupsOf } from "../../../lib/ops/person/groups.ts";
import { patchResource } from "../../../lib/provisioning/write-resource.ts";
import { groupType } from "../../../lib/scim/resource-type.ts";
import { systemChance } from "../../../lib/system.ts";
import { mendedTenant, type TestStore, testStore } from "../store.ts";

let store: TestStore;
beforeEach(() => {
  store = testStore(mendedTenant);
});
afterEach(() => store.close());

const patchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

async function change(id: string, op: "add" | "remove", member: string): Promise<void> {
  const one =
    op === "add" ? { op, path: "members", value: [{ value: member }] } : { op, path: `members[value eq "${member}"]` };
  const caller = { requestId: systemChance.uuid(), tokenId: "test" };
  await patchResource(store.operations, groupType, id, { schemas: [patchUrn], Operations: [one] }, { caller });
}

describe("the groups of a person", () => {
  test("are those of the directory by name, those that are to come, and those to leave", async () => {
    const ann = await store.createUser({ userName: "ann@example.com" });
    const bob = await store.createUser({ userName: "bob@example.com" });
    const [stays, leaves] = [await store.createGroup("Stays", [ann]), await store.createGroup("Leaves", [ann, bob])];
    const [comes] = [await store.createGroup("Comes"), await store.createGroup("Another")];
    await store.work();
    await change(leaves, "remove", ann);
    await change(comes, "add", ann);
    await change(stays, "add", bob);
    const { groups, applied, isMore, isMoreUnderWay } = await groupsOf(store.operations, ann);
    expect(groups).toEqual([
      { id: comes, name: "Comes", state: "coming" },
      { id: leaves, name: "Leaves", state: "leaving" },
      { id: stays, name: "Stays", state: "in" },
    ]);
    expect({ applied, isMore, isMoreUnderWay }).toEqual({ applied: 2, isMore: false, isMoreUnderWay: false });
    await store.work();
    expect((await groupsOf(store.operations, ann)).groups.map(({ name, state }) => [name, state])).toEqual([
      ["Comes", "in"],
      ["Stays", "in"],
    ]);
  });

  test("beyond a hundred are counted", async () => {
    const ann = await store.createUser({ userName: "ann@example.com" });
    for (let n = 0; n < 105; n += 1) await store.createGroup(`Group ${n}`, [ann]);
    await store.work();
    const { groups, applied, isMore } = await groupsOf(store.operations, ann);
    expect([groups.length, applied, isMore]).toEqual([100, 105, true]);
  });
});
