import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { expect, test } from "vitest";
import { releases } from "./fixture.ts";
import { openedFile } from "./sqlite-file.ts";
import { formatSuite } from "./suite.ts";

test("there is what each release left that had formats of its own", () => {
  expect(releases.map(({ release }) => release)).toEqual(expect.arrayContaining(["2279cec", "c39482f"]));
});

test.each(releases.map((fixture) => [fixture.release, fixture] as const))(
  "%s was left in the middle of its work: a walk, a delta in chunks, a parked change, and what nobody has applied",
  (_name, { items, messages }) => {
    const heads = items.filter(({ attributes }) => "waitKey" in attributes).map(({ attributes }) => attributes);
    expect(heads.filter(({ cursor }) => cursor !== undefined)).toHaveLength(1);
    expect(heads.filter(({ waitKey }) => String(waitKey).startsWith("parked#"))).toHaveLength(1);
    expect(heads.filter(({ waitKey }) => String(waitKey).startsWith("due#")).length).toBeGreaterThan(8);
    expect(items.some(({ attributes }) => attributes["chunks"] === 1)).toBe(true);
    expect(messages.filter(({ queue }) => queue.endsWith("-dead"))).toHaveLength(1);
    expect(messages.length).toBeGreaterThan(9);
  },
);

formatSuite("SQLite, in that release's own file", async (fixture) => {
  const { db, close } = openedFile(fixture, "all");
  return { table: sqliteTable(db), db, close: async () => close() };
});
