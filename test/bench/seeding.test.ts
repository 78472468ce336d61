/** A seeded store: what is measured on it counts only if it is what the program itself would have made. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { seedGroups, seededGroupId } from "../../bench/seeding/groups.ts";
import { seedExternalId, seedNumber, seedUserName } from "../../bench/seeding/people.ts";
import { proveSeeded } from "../../bench/seeding/proof.ts";
import { seededId, seedUsers } from "../../bench/seeding/users.ts";
import { countOf } from "../../lib/provisioning/count.ts";
import { memberKey } from "../../lib/provisioning/keys.ts";
import { search } from "../../lib/provisioning/search.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { acme } from "../local/served.ts";
import { type TestStore, testStore } from "../ops/store.ts";

const tenant = acme;
let store: TestStore;
beforeEach(() => {
  store = testStore(tenant);
});
afterEach(() => store.close());

async function found(filter: string): Promise<string[]> {
  const asked = { filter, startIndex: 1, count: 10 };
  const { states } = await search(store.operations, userType, asked, { members: false, groups: false });
  return states.map(({ id }) => id);
}

describe("a seeded store", () => {
  test.each([
    ["applied", true],
    ["pending", false],
  ])("a user who is %s has each item that the program would have written", async (_, applied) => {
    const { db } = store;
    expect(await seedUsers({ db, tenant, users: 40, applied })).toBe(40);
    await proveSeeded(db, tenant, { numbers: [0, 17, 39], applied });
    db.prepare("UPDATE item SET attributes = json_set(attributes, '$.version', 2) WHERE sk = ? AND tbl = 'scim'").run(
      (await seededId(store.operations.table, 17)) ?? "",
    );
    await expect(proveSeeded(db, tenant, { numbers: [17], applied })).rejects.toThrow("the program writes");
  });

  test("seeding goes on where it ended, and everybody is counted and found", async () => {
    const { db, operations } = store;
    await seedUsers({ db, tenant, users: 25 });
    expect(await seedUsers({ db, tenant, users: 60 })).toBe(60);
    expect(await countOf(operations, [userType])).toBe(60);
    const number = seedNumber(59);
    const id = await seededId(operations.table, 59);
    expect(await found(`userName eq "${seedUserName(number)}"`)).toEqual([id]);
    expect(await found(`externalId eq "${seedExternalId(number)}"`)).toEqual([id]);
    expect(await found(`emails.value eq "${seedUserName(number)}"`)).toEqual([id]);
  });

  test("a group is applied with its members when seeding ends", async () => {
    const { db, operations } = store;
    await seedUsers({ db, tenant, users: 70 });
    expect(await seedGroups({ db, tenant, groups: 2, members: 50, users: 70 })).toBe(2);
    expect(await countOf(operations, [groupType])).toBe(2);
    const groupId = (await seededGroupId(operations.table, 1)) ?? "";
    // The second group's members go round: 50 to 69, and then 0 to 29.
    for (const [n, isMember] of [
      [50, true],
      [29, true],
      [30, false],
    ] as const) {
      const member = await operations.table.get(memberKey(groupId, (await seededId(operations.table, n)) ?? ""));
      expect([n, member !== undefined]).toEqual([n, isMember]);
    }
  });
});
