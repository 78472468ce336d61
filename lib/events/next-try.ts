/** When an event that a sink did not take is sent to it again: with growing pauses over a day. */
import type { Chance } from "../provisioning/ports.ts";

const minute = 60;
const hour = 60 * minute;

/** After the first try, the second …: together 23 hours and 42 minutes. */
const pauses = [5, 30, 2 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 4 * hour, 8 * hour, 8 * hour];
const dayMs = 24 * hour * 1000;
/** A part of each pause is left to chance, so that what failed at one moment does not come back at one. */
const jitter = 0.2;
/** SQS hides a message for at most twelve hours from its receive, and the try itself took some of it. */
const pauseMost = 43_000;

/**
 * Undefined: the day is over. One that has waited for its day behind another one of its subject is tried once.
 *
 * Units: seconds; `ageMs` since it was put into the sink's queue.
 */
export function nextTry(
  { attempts, ageMs, retryAfterSeconds = 0 }: { attempts: number; ageMs: number; retryAfterSeconds?: number },
  chance: Pick<Chance, "random">,
): number | undefined {
  const pause = pauses[attempts - 1];
  if (pause === undefined || ageMs >= dayMs) return undefined;
  const ours = Math.ceil(pause * (1 - jitter * chance.random()));
  return Math.min(Math.max(ours, retryAfterSeconds), pauseMost);
}
