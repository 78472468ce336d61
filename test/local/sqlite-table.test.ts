import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { groupedTable } from "../../lib/local/grouped-table.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import type { Attributes, Key, Table } from "../../lib/provisioning/ports.ts";
import { tableContract } from "../contract/table.ts";
import { temporaryDatabase } from "./temporary-database.ts";

tableContract("SQLite", async () => {
  const { db, close } = temporaryDatabase();
  return { table: sqliteTable(db), close: async () => close() };
});

tableContract("SQLite, many writes a commit", async () => {
  const { db, close } = temporaryDatabase();
  return { table: groupedTable(db), close: async () => close() };
});

describe("many writes a commit", () => {
  test("one whose condition fails writes nothing, and takes nothing from the others", async () => {
    const { db, close } = temporaryDatabase();
    const table = groupedTable(db);
    const put = (sk: string) =>
      table.transact([{ kind: "put", key: { table: "scim", pk: "p", sk }, attributes: { n: 1 } }]);
    const failing = table.transact([
      { kind: "put", key: { table: "scim", pk: "p", sk: "b" }, attributes: { n: 2 } },
      { kind: "check", key: { table: "scim", pk: "p", sk: "nobody" }, if: [{ is: "present" }] },
    ]);
    const outcomes = await Promise.allSettled([put("a"), failing, put("c"), table.transact([])]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected"]);
    expect((await table.query({ table: "scim", pk: "p" })).items.map(({ sk }) => sk)).toEqual(["a", "c"]);
    close();
  });
});

describe("table on SQLite", () => {
  const key: Key = { table: "scim", pk: "User#0", sk: "a" };
  let close: () => void;
  let table: Table;
  beforeEach(() => {
    const database = temporaryDatabase();
    table = sqliteTable(database.db);
    close = database.close;
  });
  afterEach(() => close());

  test.each<[string, Partial<Key>, Attributes, string]>([
    ["an item above 400 KB", {}, { text: "ü".repeat(205_000) }, "at most 409600"],
    ["an empty partition key", { pk: "" }, {}, "partition key"],
    ["a partition key above 2,048 bytes", { pk: "ü".repeat(1025) }, {}, "partition key"],
    ["an empty sort key", { sk: "" }, {}, "sort key"],
    ["a sort key above 1,024 bytes", { sk: "ü".repeat(513) }, {}, "sort key"],
    ["a fraction", {}, { n: 0.5 }, "n is 0.5"],
    ["a number that is not exact", {}, { n: 2 ** 53 }, "not a safe integer"],
  ])("refuses what DynamoDB would refuse: %s", async (_, part, attributes, message) => {
    await expect(table.write({ kind: "put", key: { ...key, ...part }, attributes })).rejects.toThrow(message);
  });

  test("refuses a transaction above 4 MB, and writes nothing of it (trap 11)", async () => {
    const writes = Array.from({ length: 11 }, (_, i) => ({
      kind: "put" as const,
      key: { ...key, sk: String(i) },
      attributes: { text: "x".repeat(400_000) },
    }));
    await expect(table.transact(writes)).rejects.toThrow("at most 4194304 bytes");
    expect(await table.query({ table: "scim", pk: key.pk })).toEqual({ items: [] });
  });

  test("ends a page at 1 MB, so that a caller who forgets `next` is noticed", async () => {
    for (const sk of ["a", "b", "c", "d"])
      await table.write({ kind: "put", key: { ...key, sk }, attributes: { text: "x".repeat(390_000) } });
    const page = await table.query({ table: "scim", pk: key.pk });
    expect(page.items).toHaveLength(3);
    expect(page.next).toBe("c");
  });

  test("adding to a text is an error that names the attribute", async () => {
    await table.write({ kind: "put", key, attributes: { login: "a" } });
    await expect(table.write({ kind: "update", key, add: { login: 1 } })).rejects.toThrow("login");
  });
});
