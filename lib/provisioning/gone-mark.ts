/**
 * The mark of a deleted resource whose memberships may still be in the directory: readers of groups leave its id out
 * (JumpCloud looks at once). The worker takes it away when none is left.
 */
import { expiresAfter } from "./expiry.ts";
import { goneKey } from "./keys.ts";
import type { Put } from "./ports.ts";

/** For so long even if the worker is late. */
const lateDays = 7;
/** A deletion that waits for an operator may wait for longer. */
const parkedDays = 400;

export function goneMark(id: string, now: number): Put {
  return mark(id, now, lateDays);
}

/** Of a deletion that is parked, if the mark is there still. */
export function lastingGoneMark(id: string, now: number): Put {
  return { ...mark(id, now, parkedDays), if: [{ is: "present" }] };
}

function mark(id: string, now: number, days: number): Put {
  return { kind: "put", key: goneKey(id), attributes: { at: now, expires: expiresAfter(now, days) } };
}
