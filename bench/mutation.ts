/**
 * `npm run mutation [-- --seconds 300 --seed 1 --file patch-list.ts]`: changes lib/scim in one place at a time, in a copy,
 * and asks whether its tests notice. Prints the score of the sample, and each change that nobody noticed.
 * Stryker's runner finds no test under vitest 5, and its core does not start beside TypeScript 7; this needs neither.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { randomFrom } from "../test/simulation/random.ts";

interface Mutant {
  readonly file: string;
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

/** What stands in code, and what else it could be; the spaces keep types and generics out. */
const changes: readonly (readonly [RegExp, string])[] = [
  [/ === /g, " !== "],
  [/ !== /g, " === "],
  [/ && /g, " || "],
  [/ \|\| /g, " && "],
  [/ > /g, " >= "],
  [/ < /g, " <= "],
  [/ >= /g, " > "],
  [/ <= /g, " < "],
  [/ \+ 1/g, " + 2"],
  [/ \+= 1/g, " += 2"],
  [/\btrue\b/g, "false"],
  [/\bfalse\b/g, "true"],
  [/\.some\(/g, ".every("],
  [/\.every\(/g, ".some("],
  [/ \?\? /g, " && "],
  // The first thing that a condition asks.
  [/if \((?!\()/g, "if (!"],
  [/\.toLowerCase\(\)/g, ""],
  [/\.filter\(/g, ".map("],
  [/return undefined;/g, "return null as never;"],
  [/throw (?=new|invalid|misfit)/g, "void "],
];

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: { seconds: { type: "string" }, seed: { type: "string" }, file: { type: "string" } },
});
const seconds = Number(values.seconds ?? 300);
const seed = Number(values.seed ?? 1);

const folder = mkdtempSync(join(tmpdir(), "rollcall-mutation-"));
try {
  for (const name of ["lib", "test", "tenants", "package.json", "vitest.config.ts"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  if (!testsPass()) throw new Error("the tests fail before anything is changed");
  sample(mutants());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function mutants(): Mutant[] {
  const files = readdirSync(join(root, "lib/scim")).filter((name) => name.endsWith(".ts"));
  return files
    .filter((file) => values.file === undefined || file === values.file)
    .flatMap((file) => {
      const text = readFileSync(join(root, "lib/scim", file), "utf8");
      return changes.flatMap(([pattern, to]) =>
        [...text.matchAll(pattern)]
          .map(({ index, 0: from }) => ({ file, at: index, from, to }))
          .filter(({ at }) => isCode(text, at)),
      );
    });
}

/** Not in a comment, a type or the text of a message, as far as its line tells. */
function isCode(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", at) + 1).split("\n", 1)[0] ?? "";
  const before = text.slice(text.lastIndexOf("\n", at) + 1, at);
  return (
    !/^\s*(\*|\/\/|\/\*|export (type|interface)|readonly)/.test(line) && (before.match(/["`]/g) ?? []).length % 2 === 0
  );
}

function sample(all: Mutant[]): void {
  const random = randomFrom(seed);
  const until = Date.now() + seconds * 1000;
  const survivors: string[] = [];
  let tried = 0;
  for (const left = [...all]; left.length > 0 && Date.now() < until; tried += 1) {
    const [mutant] = left.splice(random.int(left.length), 1);
    if (mutant !== undefined && survives(mutant)) survivors.push(told(mutant));
  }
  const score = ((100 * (tried - survivors.length)) / Math.max(1, tried)).toFixed(1);
  console.log(
    `\nseed ${seed}: ${tried} of ${all.length} changes tried, ${tried - survivors.length} noticed (${score} %)\n`,
  );
  for (const line of survivors) console.log(`- ${line}`);
}

function survives({ file, at, from, to }: Mutant): boolean {
  const path = join(folder, "lib/scim", file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.slice(0, at) + to + text.slice(at + from.length));
  try {
    return testsPass();
  } finally {
    writeFileSync(path, text);
  }
}

/** An endless loop counts as noticed. */
function testsPass(): boolean {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = ["run", "test/scim", "test/rfc", "--bail=1", "--no-isolate", "--reporter=dot"];
  return spawnSync(process.execPath, [vitest, ...args], { cwd: folder, stdio: "ignore", timeout: 40_000 }).status === 0;
}

function told({ file, at, from, to }: Mutant): string {
  const text = readFileSync(join(root, "lib/scim", file), "utf8");
  const number = text.slice(0, at).split("\n").length;
  const line = text.split("\n")[number - 1]?.trim() ?? "";
  return `${file}:${number} \`${from.trim()}\` → \`${to.trim()}\` in \`${line.slice(0, 120)}\``;
}
