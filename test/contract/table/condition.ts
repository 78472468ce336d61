/** Table: every kind of condition, on items that are there and that are not, for every kind of write. */
import { describe, expect, test } from "vitest";
import type { Attributes, Check, Condition, Key, Table, Write } from "../../../lib/provisioning/ports.ts";
import { attributesOf, conditionFailure, freshKey, put } from "./fresh.ts";

const item: Attributes = {
  n: 5,
  s: "b",
  yes: true,
  no: false,
  zero: 0,
  blank: "",
  none: [],
  "a.b": 1,
  state: "active",
  wide: "～",
};

type Case = readonly [name: string, conditions: readonly Condition[]];

const holdsOnItem: readonly Case[] = [
  ["present", [{ is: "present" }]],
  ["missing", [{ is: "missing", attribute: "other" }]],
  ["equal number", [{ is: "equal", attribute: "n", value: 5 }]],
  ["equal zero", [{ is: "equal", attribute: "zero", value: 0 }]],
  ["equal text", [{ is: "equal", attribute: "s", value: "b" }]],
  ["equal empty text", [{ is: "equal", attribute: "blank", value: "" }]],
  ["equal true", [{ is: "equal", attribute: "yes", value: true }]],
  ["equal false", [{ is: "equal", attribute: "no", value: false }]],
  [
    "equal, unusual names",
    [
      { is: "equal", attribute: "a.b", value: 1 },
      { is: "equal", attribute: "state", value: "active" },
    ],
  ],
  ["below a number", [{ is: "below", attribute: "n", value: 6 }]],
  ["below a text", [{ is: "below", attribute: "s", value: "ba" }]],
  // In UTF-16 it is the other way round.
  ["below a text, by bytes", [{ is: "below", attribute: "wide", value: "😀" }]],
  [
    "two about one attribute",
    [
      { is: "below", attribute: "n", value: 6 },
      { is: "equal", attribute: "n", value: 5 },
    ],
  ],
];

const failsOnItem: readonly Case[] = [
  ["absent", [{ is: "absent" }]],
  ["missing, of a number", [{ is: "missing", attribute: "n" }]],
  ["missing, of false", [{ is: "missing", attribute: "no" }]],
  ["missing, of an empty text", [{ is: "missing", attribute: "blank" }]],
  ["missing, of an empty list", [{ is: "missing", attribute: "none" }]],
  ["equal, another number", [{ is: "equal", attribute: "n", value: 6 }]],
  ["equal, another type", [{ is: "equal", attribute: "n", value: "5" }]],
  ["equal, 0 is not false", [{ is: "equal", attribute: "no", value: 0 }]],
  ["equal, other case", [{ is: "equal", attribute: "s", value: "B" }]],
  ["equal, no such attribute", [{ is: "equal", attribute: "other", value: "" }]],
  ["below the same number", [{ is: "below", attribute: "n", value: 5 }]],
  ["below a lower number", [{ is: "below", attribute: "n", value: 4 }]],
  ["below the same text", [{ is: "below", attribute: "s", value: "b" }]],
  ["below, another type", [{ is: "below", attribute: "n", value: "6" }]],
  ["below, no such attribute", [{ is: "below", attribute: "other", value: 6 }]],
  ["only the first of two holds", [{ is: "present" }, { is: "equal", attribute: "n", value: 6 }]],
  [
    "only the second of two holds",
    [
      { is: "missing", attribute: "n" },
      { is: "equal", attribute: "s", value: "b" },
    ],
  ],
];

const holdsOnNothing: readonly Case[] = [
  ["absent", [{ is: "absent" }]],
  ["missing", [{ is: "missing", attribute: "n" }]],
  ["absent and missing", [{ is: "absent" }, { is: "missing", attribute: "n" }]],
];

const failsOnNothing: readonly Case[] = [
  ["present", [{ is: "present" }]],
  ["equal", [{ is: "equal", attribute: "n", value: 5 }]],
  ["equal empty text", [{ is: "equal", attribute: "blank", value: "" }]],
  ["equal false", [{ is: "equal", attribute: "no", value: false }]],
  ["below a number", [{ is: "below", attribute: "n", value: 6 }]],
  ["below a text", [{ is: "below", attribute: "s", value: "z" }]],
  ["only one of two holds", [{ is: "missing", attribute: "n" }, { is: "present" }]],
];

export function conditionContract(table: () => Table): void {
  test.each([item, undefined])("an empty list of conditions asks nothing of %o", async (before) => {
    for (const { write, after } of writesUnder([])) {
      const key = freshKey();
      if (before !== undefined) await table().write(put(key, before));
      await table().write(write(key));
      expect(await attributesOf(table(), key)).toEqual(after(before));
    }
  });

  describe.each<[string, Attributes | undefined, readonly Case[], readonly Case[]]>([
    ["an item", item, holdsOnItem, failsOnItem],
    ["nothing", undefined, holdsOnNothing, failsOnNothing],
  ])("conditions on %s", (_, before, holding, failing) => {
    test.each(holding)("holds: %s", async (_, conditions) => {
      for (const { write, after } of writesUnder(conditions)) {
        const key = freshKey();
        if (before !== undefined) await table().write(put(key, before));
        await table().write(write(key));
        expect(await attributesOf(table(), key)).toEqual(after(before));
      }
      await expect(checkAlone(table(), before, conditions)).resolves.toBeUndefined();
    });

    test.each(failing)("fails, and writes nothing: %s", async (_, conditions) => {
      for (const { write } of writesUnder(conditions)) {
        const key = freshKey();
        if (before !== undefined) await table().write(put(key, before));
        await expect(table().write(write(key))).rejects.toMatchObject(conditionFailure(0));
        expect(await attributesOf(table(), key)).toEqual(before);
      }
      await expect(checkAlone(table(), before, conditions)).rejects.toMatchObject(conditionFailure(0));
    });
  });
}

interface ConditionalWrite {
  readonly write: (key: Key) => Write;
  readonly after: (before: Attributes | undefined) => Attributes | undefined;
}

function writesUnder(conditions: readonly Condition[]): readonly ConditionalWrite[] {
  return [
    { write: (key) => ({ ...put(key, { new: 1 }), if: conditions }), after: () => ({ new: 1 }) },
    {
      write: (key) => ({ kind: "update", key, set: { n: 9 }, if: conditions }),
      after: (before) => ({ ...before, n: 9 }),
    },
    { write: (key) => ({ kind: "delete", key, if: conditions }), after: () => undefined },
  ];
}

async function checkAlone(
  table: Table,
  before: Attributes | undefined,
  conditions: readonly Condition[],
): Promise<void> {
  const key = freshKey();
  if (before !== undefined) await table.write(put(key, before));
  const check: Check = { kind: "check", key, if: conditions };
  await table.transact([check]);
}
