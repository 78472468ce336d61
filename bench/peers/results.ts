/** The record of a run: written after each operation, so that what was measured is kept when the rest is not. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Sample {
  readonly operation: string;
  readonly contestant: string;
  readonly size: number;
  /** CPU of the server, each round's mean. Units: milliseconds an operation. */
  readonly cpuMs: readonly number[];
  /** As the client waits. Units: milliseconds an operation. */
  readonly wallMs: readonly number[];
  readonly asked: number;
  /** Answers that were wrong, or whose effect was not there afterwards. */
  readonly wrong: number;
  /** What the first of them looked like. */
  readonly firstWrong?: string;
  /** The worker function's CPU for what was left to be done. Units: milliseconds an operation. */
  readonly applyMs?: readonly number[];
  /** CPU of the SDK calls alone. Units: milliseconds an operation. */
  readonly bareMs?: number;
  /** The same by the server's own clients. */
  readonly ownCallsMs?: number;
  /** Their kinds, with how many of each an operation makes. */
  readonly calls?: Readonly<Record<string, number>>;
}

/** How a server came through a race, each time. */
export interface RaceResult {
  readonly race: string;
  readonly contestant: string;
  readonly outcomes: readonly string[];
  readonly isRight: boolean;
}

export interface CycleResult {
  readonly contestant: string;
  readonly requests: number;
  readonly failed: number;
  readonly differences: number;
  /** Units: milliseconds a request. */
  readonly cpuMs: readonly number[];
  readonly firstFailure?: string;
}

export interface Results {
  readonly startedAt: string;
  readonly commit: string;
  readonly machine: string;
  /** Of one minute, when it began: other work makes every figure worse. */
  readonly loadBefore: number;
  readonly rounds: number;
  readonly sizes: readonly number[];
  readonly contestants: readonly string[];
  readonly samples: Sample[];
  readonly races: RaceResult[];
  readonly cycles: CycleResult[];
  /** What was left out, and why. */
  readonly notes: string[];
}

/** What git keeps is a whole run; one with other options is a trial, and does not take its place. */
export const wholeFolder = join(import.meta.dirname, "..", "results");
export const trialFolder = join(import.meta.dirname, "tried");
const fileIn = (folder: string): string => join(folder, "peers.json");

export function keep(results: Results, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileIn(folder), `${JSON.stringify(results, null, 2)}\n`);
}

/** Whether there has been a whole run. */
export const hasResults = (): boolean => existsSync(fileIn(wholeFolder));

export function lastResults(): Results {
  const results: Results = JSON.parse(readFileSync(fileIn(wholeFolder), "utf8"));
  return results;
}
