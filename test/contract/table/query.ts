/** Table: query. */
import { describe, expect, test } from "vitest";
import type { Item, QueryRange, Table } from "../../../lib/provisioning/ports.ts";
import { freshPk, put, putAll } from "./fresh.ts";

/** In UTF-16 the last but one comes after the last; in UTF-8 bytes it does not. */
const byBytes = ["A", "a", "a#", "a#1", "a#2", "aa", "b", "z", "é", "～", "😀"];

export function queryContract(table: () => Table): void {
  describe("query", () => {
    test("gives the items of a partition by the UTF-8 bytes of the sort key", async () => {
      const pk = freshPk();
      await putAll(table(), pk, byBytes.toReversed());
      expect(await sortKeys(table(), { table: "scim", pk })).toEqual(byBytes);
    });

    test("gives them in the other direction", async () => {
      const pk = freshPk();
      await putAll(table(), pk, byBytes);
      expect(await sortKeys(table(), { table: "scim", pk, descending: true })).toEqual(byBytes.toReversed());
    });

    test("gives attributes as get does", async () => {
      const pk = freshPk();
      const attributes = { text: "ü", list: ["a", "b"], flag: false, number: 7 };
      await putAll(table(), pk, ["a"], attributes);
      expect((await table().query({ table: "scim", pk })).items).toEqual([{ pk, sk: "a", attributes }]);
    });

    test("gives an empty last page for a partition that is not there", async () => {
      expect(await table().query({ table: "scim", pk: freshPk() })).toEqual({ items: [] });
    });

    test("sees neither another partition nor the other table", async () => {
      const pk = freshPk();
      await putAll(table(), pk, ["a"]);
      await putAll(table(), `${pk}#`, ["b"]);
      await table().write(put({ table: "directory", pk, sk: "c" }));
      expect(await sortKeys(table(), { table: "scim", pk })).toEqual(["a"]);
      expect(await sortKeys(table(), { table: "directory", pk })).toEqual(["c"]);
    });

    test.each<[string, Partial<QueryRange>, string[]]>([
      ["from, inclusive", { from: "aa" }, ["aa", "b", "z", "é", "～", "😀"]],
      ["from a key that is not there", { from: "c" }, ["z", "é", "～", "😀"]],
      ["to, inclusive", { to: "a#" }, ["A", "a", "a#"]],
      ["to a key that is not there", { to: "a#11" }, ["A", "a", "a#", "a#1"]],
      ["between, both inclusive", { from: "a#1", to: "b" }, ["a#1", "a#2", "aa", "b"]],
      ["one key", { from: "b", to: "b" }, ["b"]],
      ["all that begin alike", { from: "a#", to: "a#\u{10FFFF}" }, ["a#", "a#1", "a#2"]],
      ["beyond the last", { from: "😀😀" }, []],
      ["bounds the wrong way round", { from: "z", to: "a" }, []],
      ["after, exclusive", { after: "z" }, ["é", "～", "😀"]],
      ["after a key that is not there", { after: "m" }, ["z", "é", "～", "😀"]],
      ["after, by bytes", { after: "～" }, ["😀"]],
      ["after within bounds", { from: "a", to: "aa", after: "a#1" }, ["a#2", "aa"]],
      ["after the last", { after: "😀" }, []],
    ])("range: %s", async (_, range, expected) => {
      const pk = freshPk();
      await putAll(table(), pk, byBytes);
      expect(await sortKeys(table(), { ...range, table: "scim", pk })).toEqual(expected);
    });

    test.each<[string, Partial<QueryRange>, string[]]>([
      ["between, both inclusive", { from: "a#1", to: "b" }, ["b", "aa", "a#2", "a#1"]],
      ["after, exclusive", { after: "a#1" }, ["a#", "a", "A"]],
      ["after within bounds", { from: "a", to: "aa", after: "a#1" }, ["a#", "a"]],
      ["after the first", { after: "A" }, []],
    ])("descending range: %s", async (_, range, expected) => {
      const pk = freshPk();
      await putAll(table(), pk, byBytes);
      expect(await sortKeys(table(), { ...range, table: "scim", pk, descending: true })).toEqual(expected);
    });

    test.each([1, 3, 11, 100])("limit %i: no page holds more, and the pages together hold all, once", async (limit) => {
      const pk = freshPk();
      await putAll(table(), pk, byBytes);
      for (const descending of [false, true]) {
        const pages = await allPages(table(), { table: "scim", pk, limit, descending });
        expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
        expect(pages.flat().map((item) => item.sk)).toEqual(descending ? byBytes.toReversed() : byBytes);
      }
    });

    test("limit stays within the bounds from page to page", async () => {
      const pk = freshPk();
      await putAll(table(), pk, byBytes);
      const range: QueryRange = { table: "scim", pk, from: "a", to: "z", limit: 2 };
      expect(await sortKeys(table(), range)).toEqual(["a", "a#", "a#1", "a#2", "aa", "b", "z"]);
    });

    test("goes on where it was when the item before has been deleted meanwhile", async () => {
      const pk = freshPk();
      await putAll(table(), pk, ["a", "b", "c", "d"]);
      const { next } = await table().query({ table: "scim", pk, limit: 2 });
      expect(next).toBe("b");
      await table().write({ kind: "delete", key: { table: "scim", pk, sk: "b" } });
      expect(await sortKeys(table(), { table: "scim", pk, after: "b" })).toEqual(["c", "d"]);
    });

    // DynamoDB ends a page at 1 MB.
    test("gives more than 1 MB, in as many pages as it likes", async () => {
      const pk = freshPk();
      const sks = ["a", "b", "c", "d", "e"];
      await putAll(table(), pk, sks, { text: "x".repeat(300_000) });
      expect(await sortKeys(table(), { table: "scim", pk })).toEqual(sks);
      expect(await sortKeys(table(), { table: "scim", pk, descending: true })).toEqual(sks.toReversed());
    });
  });
}

async function sortKeys(table: Table, range: QueryRange): Promise<string[]> {
  return (await allPages(table, range)).flat().map((item) => item.sk);
}

async function allPages(table: Table, range: QueryRange): Promise<(readonly Item[])[]> {
  const pages: (readonly Item[])[] = [];
  let page = await table.query(range);
  pages.push(page.items);
  while (page.next !== undefined) {
    page = await table.query({ ...range, after: page.next });
    pages.push(page.items);
    if (pages.length > 100) throw new Error("query gives a `next` for ever");
  }
  return pages;
}
