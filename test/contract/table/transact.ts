/** Table: transact. */
import { describe, expect, test } from "vitest";
import type { Check, Key, Table, Write } from "../../../lib/provisioning/ports.ts";
import { attributesOf, conditionFailure, isMistake, freshKey, freshPk, put } from "./fresh.ts";

export function transactContract(table: () => Table): void {
  describe("transact", () => {
    test("writes puts, updates and deletes of both tables together", async () => {
      const [created, updated, deleted] = [freshKey(), freshKey(), freshKey()];
      const directory: Key = { ...created, table: "directory" };
      await table().write(put(updated, { n: 1 }));
      await table().write(put(deleted));
      await table().transact([
        { ...put(created, { a: 1 }), if: [{ is: "absent" }] },
        { kind: "update", key: updated, add: { n: 1 }, if: [{ is: "equal", attribute: "n", value: 1 }] },
        { kind: "delete", key: deleted, if: [{ is: "present" }] },
        put(directory, { b: 1 }),
      ]);
      const items = await table().batchGet([created, updated, deleted, directory]);
      expect(items.map((item) => item?.attributes)).toEqual([{ a: 1 }, { n: 2 }, undefined, { b: 1 }]);
    });

    test("writes nothing when one condition fails, and names that one", async () => {
      const [created, updated, deleted, fails] = [freshKey(), freshKey(), freshKey(), freshKey()];
      await table().write(put(updated, { n: 1 }));
      await table().write(put(deleted, { n: 1 }));
      const transaction = table().transact([
        put(created),
        { kind: "update", key: updated, set: { n: 2 } },
        { kind: "delete", key: deleted },
        { ...put(fails), if: [{ is: "present" }] },
      ]);
      await expect(transaction).rejects.toMatchObject(conditionFailure(3));
      const items = await table().batchGet([created, updated, deleted, fails]);
      expect(items.map((item) => item?.attributes)).toEqual([undefined, { n: 1 }, { n: 1 }, undefined]);
    });

    test("names every write whose condition failed, checks included, and no other", async () => {
      const there = freshKey();
      await table().write(put(there, { n: 1 }));
      const transaction = table().transact([
        { ...put(freshKey()), if: [{ is: "present" }] },
        { ...put(freshKey()), if: [{ is: "absent" }] },
        { kind: "check", key: there, if: [{ is: "equal", attribute: "n", value: 2 }] },
        put(freshKey()),
        { kind: "update", key: freshKey(), set: { n: 1 }, if: [{ is: "below", attribute: "n", value: 1 }] },
        { kind: "delete", key: freshKey(), if: [{ is: "missing", attribute: "n" }] },
        { kind: "delete", key: freshKey(), if: [{ is: "present" }] },
      ]);
      await expect(transaction).rejects.toMatchObject(conditionFailure(0, 2, 4, 6));
    });

    test("a check that holds lets the others through and changes nothing itself", async () => {
      const [checked, nowhere, written] = [freshKey(), freshKey(), freshKey()];
      await table().write(put(checked, { state: "active" }));
      await table().transact([
        { kind: "check", key: checked, if: [{ is: "equal", attribute: "state", value: "active" }] },
        { kind: "check", key: nowhere, if: [{ is: "absent" }] },
        put(written),
      ]);
      expect(await attributesOf(table(), checked)).toEqual({ state: "active" });
      expect(await table().get(nowhere)).toBeUndefined();
      expect(await table().get(written)).toBeDefined();
    });

    test("takes 100 items", async () => {
      const pk = freshPk();
      const writes = manyPuts(pk, 100);
      await table().transact(writes);
      const items = await table().batchGet(writes.map((write) => write.key));
      expect(items.filter((item) => item !== undefined)).toHaveLength(100);
    });

    test("names the last of 100 when that one fails", async () => {
      const writes: (Write | Check)[] = manyPuts(freshPk(), 99);
      writes.push({ kind: "check", key: freshKey(), if: [{ is: "present" }] });
      await expect(table().transact(writes)).rejects.toMatchObject(conditionFailure(99));
    });

    test.each([0, 101])("refuses %i items, as a mistake of the caller", async (count) => {
      await expect(table().transact(manyPuts(freshPk(), count))).rejects.toSatisfy(isMistake);
    });

    test.each<[string, (key: Key) => (Write | Check)[]]>([
      ["written twice", (key) => [put(key, { n: 1 }), { kind: "update", key, set: { n: 2 } }]],
      ["checked and written", (key) => [{ kind: "check", key, if: [{ is: "absent" }] }, put(key)]],
    ])("refuses an item that is %s, as a mistake of the caller", async (_, writes) => {
      const key = freshKey();
      await expect(table().transact([put(freshKey()), ...writes(key)])).rejects.toSatisfy(isMistake);
      expect(await table().get(key)).toBeUndefined();
    });
  });
}

function manyPuts(pk: string, count: number): Write[] {
  return Array.from({ length: count }, (_, i) => put({ table: "scim", pk, sk: String(i) }, { i }));
}
