/**
 * Applies a group: folds the log up to a fixed version and walks the members it names, in ascending id, in small fenced
 * steps. A crash resumes at the cursor; two workers cannot both take a step.
 */
import { expiresAfter } from "./expiry.ts";
import { asRead } from "./as-read.ts";
import { deadlineOf, type Worker } from "./apply.ts";
import { type Change, contiguous, readChanges } from "./change.ts";
import { bringEntryTo, type Entry, remakeEntry } from "./entry.ts";
import { sendLater } from "./failure.ts";
import { deltaOf } from "./group-members.ts";
import { type Head, readHead } from "./head.ts";
import { eachOf } from "./in-parallel.ts";
import { headKey, logKey } from "./keys.ts";
import { mapGroup, mapOther } from "./mapping.ts";
import { hashFor } from "./mapping-hash.ts";
import { foldDeltas } from "./member-delta.ts";
import { type LaneName, TableError } from "./ports.ts";
import { removeMemberships } from "./removals.ts";
import { lookAgainMs } from "./stamp-applied.ts";
import { namesIn, spreadName } from "./group-name.ts";
import { takeStep } from "./group-step.ts";
import { stepsOf } from "./group-walk.ts";
import { succeeds } from "./succeeds.ts";
import { SyncError } from "./sync-error.ts";

/** A step of another worker that is younger may not be visible in all its items yet (trap 8). */
const pauseSeconds = 5;
/** Of the changes that one walk folds: they are held in memory, and a parked group may have thousands waiting. */
const membersMost = 200_000;
const writesAtOnce = 16;

/** True when nothing is pending any more. Errors: SyncError, TableError, ScimError 503. */
export async function applyGroup(w: Worker, first: Head, lane: LaneName): Promise<boolean> {
  const deadline = deadlineOf(w);
  for (let head: Head | undefined = first; head !== undefined; head = await readHead(w.table, "Group", first.id)) {
    if (head.applied === head.version) return true;
    if (isOthersStep(w, head)) return await comeBackOnce(w, head, lane);
    if (await walk(w, head, deadline)) {
      if (head.state === "deleted") await sendLater(w, lane, head, lookAgainMs / 1000);
    } else {
      await sendLater(w, lane, head, isOver(w, deadline) ? 0 : pauseSeconds);
      return false;
    }
  }
  return true;
}

function isOthersStep(w: Worker, head: Head): boolean {
  return head.stepBy !== undefined && head.stepBy !== w.workerId && w.clock.now() - head.stepAt < pauseSeconds * 1000;
}

function isOver(w: Worker, deadline: number): boolean {
  return w.clock.now() > deadline;
}

/**
 * A new pointer with a delay, not a failed receive: five of those make a dead letter. One for all who meet the step: fifty
 * workers that each sent their own would meet again, and again.
 */
async function comeBackOnce(w: Worker, head: Head, lane: LaneName): Promise<false> {
  const now = w.clock.now();
  const { comeBackAt } = head;
  if (comeBackAt !== undefined && comeBackAt > now) return false;
  const set = { comeBackAt: now + pauseSeconds * 1000 };
  const key = headKey(head.type, head.id);
  const isFirst = await succeeds(w.table.write({ kind: "update", key, if: [asRead("comeBackAt", comeBackAt)], set }));
  if (isFirst) await sendLater(w, lane, head, pauseSeconds);
  return false;
}

/** One walk to its end. False when another worker took a step meanwhile, or the time is over. */
async function walk(w: Worker, start: Head, deadline: number): Promise<boolean> {
  // A walk that was begun ends where it was to end: later changes may concern members before the cursor (trap 3).
  const changes = await pendingChanges(w, start);
  const to = start.applied + changes.length;
  if (changes.some((change) => change.changed !== undefined || change.kind === "delete"))
    await writeGroupEntry(w, start);
  else if (start.reapply !== undefined) await writeGroupEntry(w, start, "anew");
  if (start.state === "deleted" && (await removeMemberships(w, start)) === "unfinished") return false;
  const names = namesIn(changes);
  let head = await spreadName(w, start, { names, to }, deadline);
  if (head === undefined || isOver(w, deadline)) return false;
  for await (const step of stepsOf(w, head, foldDeltas(changes.map(deltaOf)))) {
    const next = await takeStep(w, head, { ...step, to, name: names.at(-1) });
    if (next === undefined) return false;
    head = next;
    if (!step.last && isOver(w, deadline)) return false;
  }
  await giveAnEnd(w, start.id, changes);
  return true;
}

/** Up to where the walk is to end; a new one takes as many changes as it can hold. Errors: SyncError `conflict`. */
async function pendingChanges(w: Worker, { id, applied, version, to }: Head): Promise<Change[]> {
  const most = to === undefined ? membersMost : Number.POSITIVE_INFINITY;
  const found = await readChanges(w.table, id, applied, to ?? version, most);
  const changes = contiguous(found, applied);
  const isWhole = to === undefined ? changes.length > 0 : changes.length === to - applied;
  if (!isWhole || changes.length < found.length) {
    throw new SyncError("conflict", `the log of Group ${id} is not yet visible up to version ${to ?? version}`);
  }
  return changes;
}

/**
 * Only when its attributes changed: a membership costs the same in a group of any size and name. `anew`: as it is made now,
 * and its version, which is that of its attributes, stays. The version that it has.
 */
export async function writeGroupEntry(w: Worker, head: Head, how?: "anew"): Promise<number> {
  const make = (before: Entry | undefined) => nextGroupEntry(w, head, how === "anew" ? before?.version : undefined);
  if (how === "anew") return await remakeEntry(w.table, head, make);
  return (await bringEntryTo(w.table, head, make))?.entry.version ?? head.version;
}

/** What the directory is to have. */
export function nextGroupEntry(w: Pick<Worker, "tenant" | "clock">, head: Head, version = head.version): Entry {
  const { type, id, state, resource } = head;
  const { mapping } = w.tenant;
  const made = { type, id, version, mappingHash: hashFor(mapping, type), appliedAt: w.clock.now() };
  if (state === "deleted") return { ...made, state: "removed", profile: {}, lookups: [] };
  // What cannot be mapped is left out: a member who leaves must not wait for the name of the group.
  const { profile, lookups } = mapOther(mapping, type, resource) ?? { profile: mapGroup(resource), lookups: [] };
  return { ...made, state: "active", profile, lookups };
}

/** What is applied is history, kept as long as other evidence. A crash before this leaves rows that stay for ever: small, and harmless. */
async function giveAnEnd(w: Worker, id: string, changes: readonly Change[]): Promise<void> {
  const expires = expiresAfter(w.clock.now(), w.tenant.evidenceDays);
  const give = async ({ version }: Change) => {
    try {
      await w.table.write({ kind: "update", key: logKey(id, version), set: { expires } });
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
    }
  };
  await eachOf(changes, writesAtOnce, give);
}
