/**
 * The mark of a deleted resource whose memberships may still be in the directory: readers of groups leave its id out
 * (JumpCloud looks at once). The worker takes it away when none is left.
 */
import { expiresAfter } from "./expiry.ts";
import { goneKey } from "./keys.ts";
import type { Put } from "./ports.ts";

/** The worker may be off for weeks, and a deletion that is parked waits for an operator: until then nobody is to come back. */
const days = 400;

export function goneMark(id: string, now: number): Put {
  return { kind: "put", key: goneKey(id), attributes: { at: now, expires: expiresAfter(now, days) } };
}
