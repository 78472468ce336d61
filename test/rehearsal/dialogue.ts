/** Plays what an identity provider sends, as test/idp has it, step by step against the deployed API. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Told } from "./steps.ts";

export interface Played {
  readonly baseUrl: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

const player = import.meta.resolve("../idp/replay.mjs");
const resolver = import.meta.resolve("./loopback-preload.ts");
const outcomes = { pass: "passed", FAIL: "failed", skip: "skipped" } as const;

/**
 * `onStep` hears of each step as it ends; why one failed is printed below it.
 *
 * Errors: when the player does not come to its end, or found a fault in no step.
 */
export async function playDialogue(
  name: string,
  { baseUrl, token, signal }: Played,
  onStep: (told: Told) => void,
): Promise<void> {
  const args = ["--import", resolver, fileURLToPath(player), fileURLToPath(new URL(`${name}.json`, player))];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"], BASE_URL: baseUrl, TOKEN: token },
    stdio: ["ignore", "pipe", "inherit"],
    signal,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, failures] = await Promise.all([ended, tell(name, child.stdout, onStep)]);
  if (code !== 0 && failures === 0) throw new Error(`The player of dialogues ended with ${code ?? "a signal"}.`);
}

/** How many failed. */
async function tell(name: string, output: NodeJS.ReadableStream, onStep: (told: Told) => void): Promise<number> {
  let [failures, begin] = [0, performance.now()];
  for await (const line of createInterface({ input: output })) {
    const [, word, step] = /^ {2}(pass|FAIL|skip) +(\d+\. .*)$/.exec(line) ?? [];
    if (word === undefined) {
      // The reasons of a failed step are indented further; all else is the player's own summary.
      if (line.startsWith("     ")) console.log(line);
      continue;
    }
    const outcome = outcomes[word as keyof typeof outcomes];
    if (outcome === "failed") failures += 1;
    onStep({ name: `${name} ${step}`, outcome, ms: performance.now() - begin });
    begin = performance.now();
  }
  return failures;
}
