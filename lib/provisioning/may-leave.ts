/**
 * May this person leave? What the worker asks before it carries a deactivation or deletion of somebody active into the
 * directory.
 *
 * Counted are the leavers that the directory has, by when the identity provider said so: a worker that was down for hours, or
 * messages in any order, make no difference. Asked first and written afterwards, so of k workers at the same time k - 1 may
 * leave beyond the threshold.
 */
import { userType } from "../scim/resource-type.ts";
import type { Worker } from "./apply.ts";
import { type BrakeNote, countedFrom, leastPeople, noteTrip, readBrake, thresholdOf } from "./brake.ts";
import { countOf } from "./count.ts";
import { readEntry } from "./entry.ts";
import type { Head } from "./head.ts";
import { departures } from "./leavers.ts";
import { TableError } from "./ports.ts";
import { SyncError } from "./sync-error.ts";

/** The brake keeps somebody. */
export class BrakeError extends SyncError {
  /** This one was the first beyond the threshold. */
  readonly tripped: boolean;

  constructor(code: "brake-held" | "brake-rejected", message: string, tripped = false) {
    super(code, message);
    this.name = "BrakeError";
    this.tripped = tripped;
  }
}

export interface Judgement {
  /** The brake tripped by this one, and only tells. */
  readonly tripped: boolean;
}

export const rejectedMessage =
  "An operator said that this deactivation was a mistake: the person stays as they were until the identity provider says more, or `rollcall brake allow --user` lets them go.";

type Leaving = Head & { readonly leftAt: number };

interface Crowd {
  readonly count: number;
  readonly since: number;
  readonly threshold: number;
}

const minute = 60_000;
const pageItemsMost = 1_000;
const attemptsMost = 3;
const calm: Judgement = { tripped: false };

/** Errors: BrakeError; where the brake holds, TableError, too, and SyncError `conflict`. */
export async function mayLeave(w: Worker, head: Head): Promise<Judgement> {
  if (!isLeaving(head)) return calm;
  try {
    const before = await readEntry(w.table, head.type, head.id);
    return before?.state === "active" ? await judge(w, head) : calm;
  } catch (error) {
    // A brake that only tells is no reason to keep anybody.
    if (w.tenant.leavers.brake.action === "alarm" && error instanceof TableError) return calm;
    throw error;
  }
}

/** People alone: a tenant's own types are not what a mass deactivation is about. */
function isLeaving(head: Head): head is Leaving {
  return head.type === userType.id && head.leftAt !== undefined;
}

async function judge(w: Worker, head: Leaving): Promise<Judgement> {
  const { action, windowMinutes } = w.tenant.leavers.brake;
  for (let attempt = 0; attempt < attemptsMost; attempt += 1) {
    const note = await readBrake(w.table);
    if (isSettled(note, head, action, windowMinutes)) return calm;
    const crowd = await crowdAround(w, head, countedFrom(note));
    if (crowd.count <= crowd.threshold) return calm;
    const state = action === "hold" ? "held" : "tripped";
    if (!(await noteTrip(w.table, note, { state, at: w.clock.now(), windowMinutes, ...crowd }))) continue;
    if (action === "alarm") return { tripped: true };
    throw held({ windowMinutes, ...crowd }, true);
  }
  if (action === "alarm") return calm;
  throw new SyncError("conflict", "others note at the same time that the brake tripped");
}

/** True: this one may leave, and need not be counted. Errors: BrakeError. */
function isSettled(note: BrakeNote, head: Leaving, action: "alarm" | "hold", windowMinutes: number): boolean {
  // An operator let this one go, whatever becomes of the others.
  if (head.letGo === head.leftAt) return true;
  if (isRejected(note, head)) throw new BrakeError("brake-rejected", rejectedMessage);
  if (head.leftAt < (note.allowedUntil ?? 0)) return true;
  if (action === "hold" && note.state === "held") throw held(note, false);
  // It has told already.
  const told = (note.at ?? 0) + windowMinutes * minute;
  return action === "alarm" && note.state !== undefined && head.leftAt <= told;
}

/** A later word of the identity provider is judged anew. */
function isRejected({ rejectedSince, rejectedUntil = 0 }: BrakeNote, head: Leaving): boolean {
  if (head.failure?.code === "brake-rejected") return true;
  return rejectedSince !== undefined && head.leftAt >= rejectedSince && head.lastModified <= rejectedUntil;
}

function held({ threshold = 0, windowMinutes = 0 }: BrakeNote, tripped: boolean): BrakeError {
  return new BrakeError(
    "brake-held",
    `More than ${threshold} people left within ${windowMinutes} minutes, so the brake holds whoever leaves after them: \`rollcall brake allow\` lets them go, \`rollcall brake reject\` keeps them.`,
    tripped,
  );
}

async function crowdAround(w: Worker, { leftAt, state }: Leaving, from: number): Promise<Crowd> {
  const { brake } = w.tenant.leavers;
  const windowMs = brake.windowMinutes * minute;
  const times = [leftAt];
  let deleted = state === "deleted" ? 1 : 0;
  // Of so many on both sides, one side alone is too many.
  const most = 2 * brake.people + 1;
  const [first, last] = [Math.max(leftAt - windowMs, from), leftAt + windowMs];
  if (first <= last) {
    for await (const { leftAt: at, kind } of departures(w.table, first, last, Math.min(most, pageItemsMost))) {
      if (kind === "delete") deleted += 1;
      if (times.push(at) > most) break;
    }
  }
  times.sort((a, b) => a - b);
  const count = fullestWindow(times, windowMs);
  // Fewer make no share of all, so that nobody need be counted on a usual day. Who was deleted was one of all.
  const users = count < leastPeople ? Number.POSITIVE_INFINITY : (await countOf(w, [userType])) + deleted;
  return { count, since: first, threshold: thresholdOf(brake, users) };
}

/** How many are in the fullest window. `times` ascending, all of them within a window of one. */
function fullestWindow(times: readonly number[], windowMs: number): number {
  let fullest = 0;
  let end = 0;
  for (const [begin, at] of times.entries()) {
    while ((times[end] ?? Number.POSITIVE_INFINITY) <= at + windowMs) end += 1;
    fullest = Math.max(fullest, end - begin);
  }
  return fullest;
}
