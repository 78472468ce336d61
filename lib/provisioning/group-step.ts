/**
 * One step of a walk: members, their reverses, "this one is not deleted" for each that comes, and the head's cursor, in one
 * transaction. The head's condition is the fence: applied, to and cursor as they were read.
 */
import type { Worker } from "./apply.ts";
import { pausesOf } from "./backoff.ts";
import type { Step, Touch } from "./group-walk.ts";
import { type Head, liveAmong, readHead, text } from "./head.ts";
import { headKey, memberKey, reverseKey } from "./keys.ts";
import { type Check, type Condition, TableError, type Update, type Write } from "./ports.ts";
import { removeMembers } from "./removals.ts";
import { settled } from "./stamp-applied.ts";
import type { Member } from "./state.ts";
import { SyncError } from "./sync-error.ts";

/** Takes the step. The head after it, or undefined when another worker was quicker. Errors: SyncError, TableError. */
export async function takeStep(w: Worker, head: Head, step: Step & { to: number }): Promise<Head | undefined> {
  let version = head.version;
  for await (const _attempt of pausesOf(w, { firstMs: 20, mostMs: 200, times: 10, forMs: 0 })) {
    const known = await withTypes(w, head.id, step.touches);
    // Dropped members are taken out of the log's sum by a change of their own: readers fold the log (D8, trap 4).
    if (known.unknown.length > 0 && (await removeMembers(w, head.id, known.unknown, true)))
      version = Number.POSITIVE_INFINITY;
    const next = headAfter(w, head, step);
    try {
      await w.table.transact([
        headUpdate(head, next, step, version === step.to),
        ...known.touches.flatMap((t) => writesOf(head.id, t)),
      ]);
      return next;
    } catch (error) {
      if (!(error instanceof TableError) || error.kind === "lost" || error.kind === "throttled") throw error;
      const now = await readHead(w.table, "Group", head.id);
      if (now === undefined || !isSameFence(now, head)) return undefined;
      version = now.version;
    }
  }
  throw new SyncError("conflict", `Group ${head.id} is written by others at the same time`);
}

interface KnownTouch {
  readonly id: string;
  readonly member: Member | "leaves";
  readonly leaverType: Member["type"];
}

/** What each is: a member that comes may have been named without a type, one that leaves has it in its item. */
async function withTypes(
  w: Worker,
  groupId: string,
  touches: readonly Touch[],
): Promise<{ touches: KnownTouch[]; unknown: string[] }> {
  const coming = touches.filter((touch) => touch.member !== "leaves").map((touch) => touch.id);
  const leaving = touches.filter((touch) => touch.member === "leaves").map((touch) => touch.id);
  const users = await liveAmong(w.table, "User", coming);
  const groups = await liveAmong(
    w.table,
    "Group",
    coming.filter((id) => !users.has(id)),
  );
  const items = await w.table.batchGet(leaving.map((id) => memberKey(groupId, id)));
  const groupLeavers = new Set(leaving.filter((_, n) => text(items[n]?.attributes ?? {}, "type") === "Group"));
  return {
    touches: touches.flatMap((touch): KnownTouch[] => {
      const leaverType = groupLeavers.has(touch.id) ? "Group" : "User";
      if (touch.member === "leaves") return [{ ...touch, leaverType }];
      const type = users.has(touch.id) ? "User" : groups.has(touch.id) ? "Group" : undefined;
      return type === undefined ? [] : [{ id: touch.id, member: { id: touch.id, type }, leaverType }];
    }),
    unknown: coming.filter((id) => !users.has(id) && !groups.has(id)),
  };
}

function writesOf(groupId: string, { id, member, leaverType }: KnownTouch): (Write | Check)[] {
  if (member === "leaves") {
    return [
      { kind: "delete", key: memberKey(groupId, id) },
      { kind: "delete", key: reverseKey(leaverType, id, groupId) },
    ];
  }
  return [
    { kind: "put", key: memberKey(groupId, id), attributes: { type: member.type } },
    { kind: "put", key: reverseKey(member.type, id, groupId), attributes: {} },
    { kind: "check", key: headKey(member.type, id), if: [{ is: "equal", attribute: "state", value: "live" }] },
  ];
}

function headAfter(w: Worker, head: Head, { touches, last, to }: Step & { to: number }): Head {
  const now = w.clock.now();
  const { to: _to, cursor: _cursor, ...rest } = head;
  const step = { ...rest, stepAt: now, stepBy: w.workerId };
  if (last) return { ...step, applied: to, since: head.applied, closedAt: now };
  return { ...step, to, cursor: touches.at(-1)?.id ?? head.cursor ?? "" };
}

function headUpdate(head: Head, next: Head, { last }: Step, nothingCame: boolean): Update {
  const key = headKey("Group", head.id);
  const { stepAt, stepBy = "" } = next;
  const fence: Condition[] = [
    { is: "equal", attribute: "applied", value: head.applied },
    same("to", head.to),
    same("cursor", head.cursor),
  ];
  if (!last)
    return { kind: "update", key, if: fence, set: { stepAt, stepBy, to: next.to ?? 0, cursor: next.cursor ?? "" } };
  const set = { stepAt, stepBy, applied: next.applied, since: next.since, closedAt: next.closedAt };
  if (!nothingCame) return { kind: "update", key, if: fence, set, remove: ["to", "cursor"] };
  const end = settled(head, stepAt);
  return {
    kind: "update",
    key,
    if: [...fence, { is: "equal", attribute: "version", value: next.applied }],
    set: { ...set, ...end.set },
    remove: ["to", "cursor", ...end.remove],
  };
}

function same(attribute: string, value: string | number | undefined): Condition {
  return value === undefined ? { is: "missing", attribute } : { is: "equal", attribute, value };
}

function isSameFence(now: Head, head: Head): boolean {
  return now.applied === head.applied && now.to === head.to && now.cursor === head.cursor;
}
