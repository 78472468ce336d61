/**
 * Applies a group: folds the log up to a fixed version and walks the members it names, in ascending id, in small fenced
 * steps. A crash resumes at the cursor; two workers cannot both take a step.
 */
import type { Worker } from "./apply.ts";
import { type Change, contiguous, readChanges } from "./change.ts";
import { bringEntryTo } from "./entry.ts";
import { sendLater } from "./failure.ts";
import { deltaOf } from "./group-members.ts";
import { type Head, readHead } from "./head.ts";
import { logKey } from "./keys.ts";
import { mapGroup } from "./mapping.ts";
import { foldDeltas } from "./member-delta.ts";
import { type LaneName, TableError } from "./ports.ts";
import { removeMemberships } from "./removals.ts";
import { lookAgainMs } from "./stamp-applied.ts";
import { takeStep } from "./group-step.ts";
import { stepsOf } from "./group-walk.ts";
import { SyncError } from "./sync-error.ts";

/** A step of another worker that is younger may not be visible in all its items yet (trap 8). */
const pauseSeconds = 5;
/** A longer walk hands itself over by a new message: a function runs for a limited time. */
const walkMs = 40_000;
const groupLogDays = 30;

/** True when nothing is pending any more. Errors: SyncError, TableError, ScimError 503. */
export async function applyGroup(w: Worker, first: Head, lane: LaneName): Promise<boolean> {
  const deadline = Math.min(w.clock.now() + walkMs, w.deadline ?? Number.POSITIVE_INFINITY);
  for (let head: Head | undefined = first; head !== undefined; head = await readHead(w.table, "Group", first.id)) {
    if (head.applied === head.version) return true;
    if (isOthersStep(w, head)) return await comeBack(w, head, lane, pauseSeconds);
    if (!(await walk(w, head, deadline))) return await comeBack(w, head, lane, isOver(w, deadline) ? 0 : pauseSeconds);
    if (head.state === "deleted") await sendLater(w, lane, head, lookAgainMs / 1000);
  }
  return true;
}

function isOthersStep(w: Worker, head: Head): boolean {
  return head.stepBy !== undefined && head.stepBy !== w.workerId && w.clock.now() - head.stepAt < pauseSeconds * 1000;
}

function isOver(w: Worker, deadline: number): boolean {
  return w.clock.now() > deadline;
}

/** A new pointer, not a failed receive: five of those make a dead letter. */
async function comeBack(w: Worker, head: Head, lane: LaneName, delaySeconds: number): Promise<false> {
  await sendLater(w, lane, head, delaySeconds);
  return false;
}

/** One walk to its end. False when another worker took a step meanwhile, or the time is over. */
async function walk(w: Worker, start: Head, deadline: number): Promise<boolean> {
  // A walk that was begun ends where it was to end: later changes may concern members before the cursor (trap 3).
  const to = start.to ?? start.version;
  const changes = await pendingChanges(w, start, to);
  if (changes.some((change) => change.changed !== undefined || change.kind === "delete"))
    await writeGroupEntry(w, start);
  if (start.state === "deleted") await removeMemberships(w, start);
  let head = start;
  for await (const step of stepsOf(w, head, foldDeltas(changes.map(deltaOf)))) {
    const next = await takeStep(w, head, { ...step, to });
    if (next === undefined) return false;
    head = next;
    if (!step.last && isOver(w, deadline)) return false;
  }
  await giveAnEnd(w, start.id, changes);
  return true;
}

async function pendingChanges(w: Worker, head: Head, to: number): Promise<Change[]> {
  const changes = contiguous(await readChanges(w.table, head.id, head.applied, to), head.applied);
  if (changes.length < to - head.applied) {
    throw new SyncError("conflict", `the log of Group ${head.id} is not yet visible up to version ${to}`);
  }
  return changes;
}

/** Only when its attributes changed: a membership costs the same in a group of any size and name. */
async function writeGroupEntry(w: Worker, head: Head): Promise<void> {
  const { type, id, version } = head;
  const made = { type, id, version, lookups: [], mappingHash: w.tenant.mapping.hash, appliedAt: w.clock.now() };
  await bringEntryTo(w.table, head, () =>
    head.state === "deleted"
      ? { ...made, state: "removed", profile: {} }
      : { ...made, state: "active", profile: mapGroup(head.resource) },
  );
}

/** What is applied is history, kept for a month. A crash before this leaves rows that stay for ever: small, and harmless. */
async function giveAnEnd(w: Worker, id: string, changes: readonly Change[]): Promise<void> {
  const expires = Math.floor(w.clock.now() / 1000) + groupLogDays * 86_400;
  for (const { version } of changes) {
    try {
      await w.table.write({ kind: "update", key: logKey(id, version), set: { expires } });
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
    }
  }
}
