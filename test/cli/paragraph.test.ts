import { stripVTControlCharacters, styleText } from "node:util";
import { describe, expect, test } from "vitest";
import { columnsOf } from "../../lib/cli/columns.ts";
import type { Io } from "../../lib/cli/io.ts";
import { field, paragraph } from "../../lib/cli/paragraph.ts";
import { printTable } from "../../lib/cli/table.ts";

const text = "What the identity provider said and what the directory has are the same, word for word, since yesterday.";

function linesOf(columns: number | undefined, print: (io: Io) => void): string[] {
  let said = "";
  print({
    stdout: (more) => void (said += more),
    stderr: () => {},
    colours: false,
    ...(columns === undefined ? {} : { columns }),
    interruption: () => new AbortController().signal,
    settings: { dataDir: "", tenant: "", tenantsDir: "" },
  });
  return said.trimEnd().split("\n");
}

describe("text for people", () => {
  test.each([
    ["80 columns where nobody says more", undefined, 80],
    ["the width of the terminal", 100, 100],
    ["120 columns at most, since longer lines are hard to read", 300, 120],
  ])("takes %s", (_name, columns, most) => {
    const [longest = 0] = linesOf(columns, (io) => paragraph(io, text.repeat(5)))
      .map((wrapped) => wrapped.length)
      .toSorted((a, b) => b - a);
    expect(longest).toBeLessThanOrEqual(most);
    expect(longest).toBeGreaterThan(most - 15);
  });

  test("behind a name goes on under itself", () => {
    const [first, second] = linesOf(60, (io) => field(io, "verdict", text));
    expect(first).toMatch(/^ {2}verdict {4}What the/);
    expect(second).toMatch(/^ {13}\S/);
  });

  test.each(["山田太郎山田太郎山田太郎山田太郎@例え.example.com", "🚀".repeat(30), "김".repeat(15) + "é".repeat(40)])(
    "characters that take two columns are counted so, and none is lost: %s",
    (name) => {
      const rows = [[name, "5f0c1b7e-0000-4000-8000-000000000000", name]];
      for (const print of [
        (io: Io) => printTable(io, ["name", "id", "who"], rows),
        (io: Io) => paragraph(io, `${name} ${name}`),
      ]) {
        const lines = linesOf(60, print);
        const said = lines.join("");
        expect(lines.filter((line) => columnsOf(line) > 60)).toEqual([]);
        for (const character of new Set(name)) {
          const count = (text: string): number => text.split(character).length;
          expect(count(said)).toBeGreaterThanOrEqual(2 * count(name) - 1);
        }
        expect(said).not.toContain("…");
      }
    },
  );

  test("a number and its unit stay together", () => {
    const lines = linesOf(40, (io) => paragraph(io, "It waits for the worker, the oldest for 4 s, or 12 days."));
    expect(lines).toEqual(["It waits for the worker, the oldest for", "4 s, or 12 days."]);
  });

  test("colours take no room, and a word too long for a line goes on in the next one", () => {
    const coloured = `${styleText("red", "parked", { validateStream: false })} since the morning, tried three times, last ${"x".repeat(50)}`;
    expect(linesOf(40, (io) => paragraph(io, coloured)).map(stripVTControlCharacters)).toEqual([
      "parked since the morning, tried three",
      "times, last",
      "x".repeat(40),
      "x".repeat(10),
    ]);
  });

  test("a long name in a sentence is broken between its parts, and stays in its column", () => {
    const urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    expect(linesOf(40, (io) => field(io, "map", `it reads ${urn} alone`))).toEqual([
      "  map        it reads",
      "             urn:ietf:params:scim:",
      "             schemas:extension:",
      "             enterprise:2.0:User:",
      "             department alone",
    ]);
  });

  test("a long name in a table is broken between its parts", () => {
    const urn = "urn:scim:schemas:extension:enterprise:1.0:department";
    const lines = linesOf(40, (io) => printTable(io, ["path", "why"], [[urn, "no schema has it"]]));
    expect(lines.slice(1)).toEqual([
      "urn:scim:schemas:       no schema has it",
      "extension:enterprise:",
      "1.0:department",
    ]);
  });

  test("a table is as wide as the terminal, and no wider", () => {
    const width = (columns: number) =>
      Math.max(
        ...linesOf(columns, (io) => printTable(io, ["who", "why"], [["ada", "y".repeat(200)]])).map((l) => l.length),
      );
    expect([width(80), width(120)]).toEqual([80, 120]);
  });
});
