/** Table: what put, update and delete leave behind. */
import { describe, expect, test } from "vitest";
import type { Attributes, Table, Update } from "../../../lib/provisioning/ports.ts";
import { attributesOf, freshKey, put } from "./fresh.ts";

export function writeContract(table: () => Table): void {
  describe("values", () => {
    test.each<[string, Attributes]>([
      ["no attributes", {}],
      ["text", { a: "abc", b: " a\tb\r\nc ", c: '"\\', d: "null" }],
      [
        "unicode text, kept as it is",
        { composed: "é", decomposed: "e\u0301", face: "😀", ideograph: "𠮷", nul: "a\u0000b" },
      ],
      ["empty text", { a: "" }],
      ["numbers", { zero: 0, one: 1, below: -1, most: Number.MAX_SAFE_INTEGER, least: Number.MIN_SAFE_INTEGER }],
      ["booleans", { yes: true, no: false }],
      ["lists of text, in their order", { list: ["b", "a", "b", "", "ü"] }],
      ["an empty list", { list: [] }],
      ["a list of texts that look like other values", { list: ["1", "true", "null", "[]"] }],
      [
        "reserved and unusual attribute names",
        { state: 1, version: 2, values: 3, "emails.value": 4, "a-b": 5, "#x": 6, ":y": 7 },
      ],
      ["a large text", { text: "ü".repeat(190_000) }],
    ])("%s: read as written", async (_, attributes) => {
      const putKey = freshKey();
      const updateKey = freshKey();
      await table().write(put(putKey, attributes));
      await table().write({ kind: "update", key: updateKey, set: { ...attributes, also: 1 } });
      expect(await attributesOf(table(), putKey)).toEqual(attributes);
      expect(await attributesOf(table(), updateKey)).toEqual({ ...attributes, also: 1 });
    });
  });

  describe("put", () => {
    test("replaces the whole item", async () => {
      const key = freshKey();
      await table().write(put(key, { a: 1, b: 2 }));
      await table().write(put(key, { b: 3 }));
      expect(await attributesOf(table(), key)).toEqual({ b: 3 });
    });
  });

  describe("update", () => {
    test.each<[string, Attributes | undefined, Omit<Update, "kind" | "key">, Attributes]>([
      ["set", { a: 1, b: 2 }, { set: { b: "x", c: true } }, { a: 1, b: "x", c: true }],
      ["set, on nothing", undefined, { set: { a: 1 } }, { a: 1 }],
      ["setIfMissing leaves a present value", { a: 1 }, { setIfMissing: { a: 9, b: 2 } }, { a: 1, b: 2 }],
      [
        "setIfMissing leaves false, 0 and empty ones too",
        { a: false, b: 0, c: "", d: [] },
        { setIfMissing: { a: 1, b: 1, c: 1, d: 1 } },
        { a: false, b: 0, c: "", d: [] },
      ],
      ["setIfMissing, on nothing", undefined, { setIfMissing: { a: 1 } }, { a: 1 }],
      ["remove", { a: 1, b: 2 }, { remove: ["a", "never there"] }, { b: 2 }],
      ["add", { a: 1, b: 1 }, { add: { a: 2, b: -5 } }, { a: 3, b: -4 }],
      ["add to a missing attribute", { a: 1 }, { add: { b: 2 } }, { a: 1, b: 2 }],
      ["add, on nothing", undefined, { add: { a: 2 } }, { a: 2 }],
      [
        "all four at once",
        { keep: 1, set: 1, there: 1, gone: 1, count: 1 },
        { set: { set: 2 }, setIfMissing: { there: 2, new: 2 }, remove: ["gone"], add: { count: 2 } },
        { keep: 1, set: 2, there: 1, new: 2, count: 3 },
      ],
      [
        "unusual names",
        { "a.b": 1, state: 1 },
        { set: { "a.b": 2 }, add: { state: 1 }, remove: ["#x"] },
        { "a.b": 2, state: 2 },
      ],
    ])("%s", async (_, before, update, after) => {
      const key = freshKey();
      if (before !== undefined) await table().write(put(key, before));
      await table().write({ ...update, kind: "update", key });
      expect(await attributesOf(table(), key)).toEqual(after);
    });
  });

  describe("delete", () => {
    test("takes the item away", async () => {
      const key = freshKey();
      await table().write(put(key, { a: 1 }));
      await table().write({ kind: "delete", key });
      expect(await table().get(key)).toBeUndefined();
    });

    test("succeeds when nothing is there", async () => {
      const key = freshKey();
      await table().write({ kind: "delete", key });
      expect(await table().get(key)).toBeUndefined();
    });
  });
}
