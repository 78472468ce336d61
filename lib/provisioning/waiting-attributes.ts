/** Attributes that a head has only while something is to be done: the sparse index shows the heads that have them. */
import { waitKey } from "./keys.ts";
import type { Attributes } from "./ports.ts";

/** Whoever takes them away has asked whether that is all. */
export const waitingAttributes = [
  "waitKey",
  "waitAt",
  "pendingSince",
  "failure",
  "reason",
  "givenUp",
  "reapply",
] as const;

/** The sweep finds what no message came for. */
export const sweepAfterMs = 60_000;

/** Of a head that waits for nothing else. */
export function dueSince(id: string, now: number): Attributes {
  return { waitKey: waitKey("due", id), waitAt: now + sweepAfterMs, pendingSince: now };
}
