/**
 * `npm run fuzz [-- --seconds 600 --seed 7]`: random inputs for everything that reads what strangers write, 30 seconds long.
 * A crash is kept in test/regressions, where `regressions.test.ts` plays it again for ever.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { randomFrom } from "../simulation/random.ts";
import { nextInput } from "./inputs.ts";
import { crashOf, type TargetName, targets } from "./targets.ts";

const folder = join(import.meta.dirname, "../regressions");
const names = Object.keys(targets).filter((name): name is TargetName => name in targets);

try {
  const { seconds, seed } = options();
  console.log(
    `fuzz: ${seconds} s, seed ${seed}; the same again by: npm run fuzz -- --seconds ${seconds} --seed ${seed}`,
  );
  const failed = fuzz(seconds, seed);
  console.log(`${names.length - failed.size} passed, ${failed.size} failed, 0 skipped`);
  process.exitCode = failed.size === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

/** The targets that crashed. */
function fuzz(seconds: number, seed: number): Set<TargetName> {
  const random = randomFrom(seed);
  const failed = new Set<TargetName>();
  const until = performance.now() + seconds * 1000;
  let inputs = 0;
  while (performance.now() < until) {
    for (const name of names) {
      const input = nextInput(random, name);
      inputs += 1;
      const why = crashOf(name, input);
      // One of a target is enough to mend it.
      if (why === undefined || failed.has(name)) continue;
      failed.add(name);
      console.log(`${name}: ${why}; kept as ${keep(name, input, why)}`);
    }
  }
  console.log(`${inputs} inputs of ${names.join(", ")}`);
  return failed;
}

function keep(target: TargetName, input: string, why: string): string {
  const file = `${target}-${createHash("sha256").update(input).digest("hex").slice(0, 12)}.json`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), `${JSON.stringify({ target, why, input }, null, 2)}\n`);
  return `test/regressions/${file}`;
}

function options(): { seconds: number; seed: number } {
  const { values } = parseArgs({ options: { seconds: { type: "string" }, seed: { type: "string" } } });
  return {
    seconds: positive("--seconds", values.seconds ?? "30"),
    seed: positive("--seed", values.seed ?? String(1 + (Date.now() % 1_000_000))),
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`fuzz: ${name} is a whole number above 0, found "${text}"`);
}
