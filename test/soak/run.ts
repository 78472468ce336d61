/**
 * `npm run soak [-- --minutes 30 --seed 7]`: mixed traffic against real processes that lose answers, are throttled and die,
 * for five minutes when nothing is said; in the end both tables must hold what was accepted, and nothing else.
 *
 * Time runs ten times as fast as on the wall, so that retries of hours, sweeps and second looks come in.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { parseArgs } from "node:util";
import { soak } from "./soak.ts";

try {
  const { minutes, seed } = options();
  console.log(
    "Requests without an answer are part of it: processes die, and what became of a request is asked for then.",
  );
  console.log(
    `soak: ${minutes} min, seed ${seed}; the same again by: npm run soak -- --minutes ${minutes} --seed ${seed}`,
  );
  const folder = mkdtempSync(join(tmpdir(), "rollcall-soak-"));
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  try {
    const { violations, summary } = await soak({ folder, minutes, seed, signal: stop.signal, tell: console.log });
    for (const violation of violations.slice(0, 20)) console.log(`wrong: ${violation}`);
    if (violations.length > 20) console.log(`and ${violations.length - 20} more`);
    console.log(summary);
    console.log(violations.length === 0 ? "1 passed, 0 failed, 0 skipped" : "0 passed, 1 failed, 0 skipped");
    process.exitCode = violations.length === 0 ? 0 : 1;
  } finally {
    // A process that was just ended may still hold its file for a moment.
    await after(200);
    rmSync(folder, { recursive: true, force: true });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

function options(): { minutes: number; seed: number } {
  const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" } } });
  return {
    minutes: positive("--minutes", values.minutes ?? "5"),
    seed: positive("--seed", values.seed ?? String(1 + (Date.now() % 1_000_000))),
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`soak: ${name} is a whole number above 0, found "${text}"`);
}
