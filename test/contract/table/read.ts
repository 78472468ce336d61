/** Table: get and batchGet. */
import { describe, expect, test } from "vitest";
import { format } from "../../../lib/provisioning/format.ts";
import type { Key, Table } from "../../../lib/provisioning/ports.ts";
import { freshKey, freshPk, put, putAll } from "./fresh.ts";

export function readContract(table: () => Table): void {
  describe("get", () => {
    test("gives an item with its key and its attributes apart", async () => {
      const key = freshKey();
      await table().write(put(key, { text: "a", number: 1 }));
      expect(await table().get(key)).toEqual({ pk: key.pk, sk: key.sk, attributes: { text: "a", number: 1 } });
    });

    test("gives undefined when nothing is there", async () => {
      const key = freshKey();
      await table().write(put(key));
      expect(await table().get({ ...key, sk: "b" })).toBeUndefined();
      expect(await table().get(freshKey())).toBeUndefined();
    });

    test("tells the two tables apart", async () => {
      const scim = freshKey();
      const directory: Key = { ...scim, table: "directory" };
      await table().write(put(scim, { from: "scim" }));
      expect(await table().get(directory)).toBeUndefined();
      await table().write(put(directory, { from: "directory" }));
      expect((await table().get(scim))?.attributes).toEqual({ from: "scim" });
      expect((await table().get(directory))?.attributes).toEqual({ from: "directory" });
    });
  });

  describe("an item of a later release (format.ts)", () => {
    const newer = { name: "TableError", kind: "newer" };

    test("is given to nobody, and its key is not told", async () => {
      const key = freshKey();
      await table().write(put(key, { v: format + 1 }));
      const { pk } = key;
      const reads = [
        () => table().get(key),
        () => table().batchGet([freshKey(), key]),
        () => table().query({ table: "scim", pk }),
      ];
      for (const read of reads)
        await expect(read()).rejects.toMatchObject({
          ...newer,
          message: expect.not.stringContaining(pk.slice(pk.indexOf("#") + 1)),
        });
    });

    test("is none when it has no format, or the one of today", async () => {
      const [without, today] = [freshKey(), freshKey()];
      await table().write(put(without, { text: "a" }));
      await table().write(put(today, { v: format, text: "b" }));
      expect((await table().batchGet([without, today])).map((item) => item?.attributes["text"])).toEqual(["a", "b"]);
    });

    test("keeps nobody from writing another item, or from a condition on it", async () => {
      const [key, other] = [freshKey(), freshKey()];
      await table().write(put(key, { v: format + 1, state: "live" }));
      const isLive = { is: "equal", attribute: "state", value: "live" } as const;
      await table().transact([{ kind: "check", key, if: [isLive] }, put(other, { text: "a" })]);
      expect((await table().get(other))?.attributes).toEqual({ text: "a" });
    });
  });

  describe("batchGet", () => {
    test("gives nothing for no keys", async () => {
      expect(await table().batchGet([])).toEqual([]);
    });

    test("gives 250 keys in their order, undefined where nothing is", async () => {
      const pk = freshPk();
      const sks = Array.from({ length: 250 }, (_, i) => String((i * 97) % 250).padStart(3, "0"));
      const isThere = (sk: string): boolean => Number(sk) % 3 !== 0;
      await putAll(table(), pk, sks.filter(isThere));
      const items = await table().batchGet(sks.map((sk) => ({ table: "scim", pk, sk })));
      expect(items.map((item) => item?.sk)).toEqual(sks.map((sk) => (isThere(sk) ? sk : undefined)));
    });

    test("gives a key that is named twice twice", async () => {
      const key = freshKey();
      const nowhere = freshKey();
      await table().write(put(key, { n: 1 }));
      const items = await table().batchGet([key, nowhere, key, nowhere, key]);
      expect(items.map((item) => item?.attributes)).toEqual([{ n: 1 }, undefined, { n: 1 }, undefined, { n: 1 }]);
    });

    test("reads from both tables at once", async () => {
      const scim = freshKey();
      const directory: Key = { ...scim, table: "directory" };
      await table().write(put(scim, { from: "scim" }));
      await table().write(put(directory, { from: "directory" }));
      const items = await table().batchGet([directory, scim]);
      expect(items.map((item) => item?.attributes)).toEqual([{ from: "directory" }, { from: "scim" }]);
    });

    // DynamoDB answers at most 16 MB at once and leaves the rest to be asked for again.
    test("gives more than 16 MB", async () => {
      const pk = freshPk();
      const sks = Array.from({ length: 45 }, (_, i) => String(i).padStart(2, "0"));
      await putAll(table(), pk, sks, { text: "x".repeat(390_000) });
      const items = await table().batchGet(sks.map((sk) => ({ table: "scim", pk, sk })));
      expect(items.map((item) => item?.sk)).toEqual(sks);
    });
  });
}
