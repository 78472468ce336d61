/**
 * Every rule and decision of the protocol stands in the title of a test, or in a row of the table that makes the title.
 *
 * docs/protocol.md says what each number means. A range such as "R67 to R82" names none of those between.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "..");
const thisFile = "rules.test.ts";

const numbered = (letter: string, most: number) => Array.from({ length: most }, (_, n) => `${letter}${n + 1}`);

test.each([
  ["rule", numbered("R", 127)],
  ["decision", numbered("D", 24)],
])("each %s has a test that names it", (_, all) => {
  const named = new Set(testFiles().flatMap(namesIn));
  expect(all.filter((name) => !named.has(name))).toEqual([]);
});

function testFiles(): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".test.ts") && !file.endsWith(thisFile));
}

/** What stands in texts; comments promise nothing. */
function namesIn(file: string): string[] {
  const code = readFileSync(join(folder, file), "utf8")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/^\s*\/\/.*$/gm, "");
  const texts = code.match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? [];
  return texts.flatMap((text) => text.replaceAll(/[RD]\d+\s*(?:-|–|to)\s*[RD]\d+/g, "").match(/\b[RD]\d+\b/g) ?? []);
}
