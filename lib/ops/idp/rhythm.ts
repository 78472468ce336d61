/**
 * How often an identity provider calls, and how long it may be silent. Each sends only changes, so a silence about as long
 * as one that went by itself is none, and one that works without cycles says nothing over a long weekend.
 */
import { defined } from "../../provisioning/head.ts";
import type { IdpWords } from "./words.ts";

/** Units: milliseconds. */
export interface Rhythm {
  /** From one burst of requests to the next, usually. Absent: there were too few to tell. */
  readonly usualMs?: number;
  /** It is late, which is worth a look. */
  readonly lateMs: number;
  /** It is silent: provisioning is off, or cannot reach us. */
  readonly silentMs: number;
}

const minute = 60_000;
const day = 86_400_000;
/** Fewer pauses are no rhythm. */
const pausesLeast = 3;

/** `cycles`: when it began to call after a pause, oldest first. */
export function rhythmOf({ cycleMinutes }: Pick<IdpWords, "cycleMinutes">, cycles: readonly number[]): Rhythm {
  const pauses = pausesOf(cycles);
  const usualMs = pauses.length < pausesLeast ? undefined : median(pauses);
  // No two nights are equally long.
  const longestMs = 1.2 * Math.max(0, ...pauses);
  if (cycleMinutes === undefined) {
    const lateMs = Math.max(4 * day, 5 * (usualMs ?? 0), longestMs);
    return { lateMs, silentMs: lateMs, ...defined({ usualMs }) };
  }
  const lateMs = Math.max(3 * cycleMinutes * minute, 3 * (usualMs ?? 0), longestMs);
  return { lateMs, silentMs: Math.max(day, 3 * lateMs), ...defined({ usualMs }) };
}

export function pausesOf(cycles: readonly number[]): number[] {
  return cycles.slice(1).map((at, n) => at - (cycles[n] ?? at));
}

function median(pauses: readonly number[]): number | undefined {
  return pauses.toSorted((a, b) => a - b)[Math.floor(pauses.length / 2)];
}
