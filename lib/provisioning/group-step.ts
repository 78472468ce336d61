/**
 * One step of a walk: members, their reverses, "this one is not deleted" for each that comes, and the head's cursor, in one
 * transaction. The head's condition is the fence: applied, to and cursor as they were read.
 */
import type { Worker } from "./apply.ts";
import { pausesOf } from "./backoff.ts";
import type { Step, Touch } from "./group-walk.ts";
import { fenceOf, isSameFence } from "./group-fence.ts";
import { defined, type Head, liveAmong, readHead, text } from "./head.ts";
import { headKey, memberKey, reverseKey } from "./keys.ts";
import { type MemberChange, stepPut } from "./last-step.ts";
import { type Check, type Item, TableError, type Update, type Write } from "./ports.ts";
import { removeMembers } from "./removals.ts";
import { givenBy } from "./role-table.ts";
import { askForRoles, sendForRoles } from "./roles-due.ts";
import { settled } from "./stamp-applied.ts";
import type { Member } from "./state.ts";
import { SyncError } from "./sync-error.ts";

/** A step of a walk up to `to`, whose changes gave the group `name`, if they did. */
export type NamedStep = Step & { readonly to: number; readonly name: string | undefined };

/** Takes the step. The head after it, or undefined when another worker was quicker. Errors: SyncError, TableError. */
export async function takeStep(w: Worker, head: Head, step: NamedStep): Promise<Head | undefined> {
  let version = head.version;
  const asksForRoles = givesRoles(w, head, step.name);
  for await (const _attempt of pausesOf(w, { firstMs: 20, mostMs: 200, times: 10, forMs: 0 })) {
    const known = await withTypes(w, head.id, step.touches, asksForRoles);
    // Dropped members are taken out of the log's sum by a change of their own: readers fold the log (D8, trap 4).
    if (known.unknown.length > 0 && (await removeMembers(w, head.id, known.unknown, true)))
      version = Number.POSITIVE_INFINITY;
    const nothingCame = version === step.to;
    const next = headAfter(w, head, step, nothingCame);
    try {
      await w.table.transact([
        headUpdate(head, next, step, nothingCame),
        ...known.touches.flatMap((t) => writesOf(head.id, t, next.stepAt)),
        ...toldOf(w, head, { version: step.to, at: next.stepAt }, known.touches),
      ]);
      await sendForUsers(w, known.touches);
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
  /** Whose roles may change by it. */
  readonly user?: Head;
  /** It is a member already, or was none; known only where somebody is told of it. */
  readonly isNothingNew?: boolean;
}

/** What the step changes, for whoever is told. Of a deleted group also that it changed nothing: then it is the last. */
function toldOf(
  { tenant: { events } }: Worker,
  { id: groupId, state }: Head,
  step: { readonly version: number; readonly at: number },
  touches: readonly KnownTouch[],
): Write[] {
  if (events === undefined) return [];
  const changes = touches.flatMap(({ id, member, leaverType, isNothingNew }): MemberChange[] => {
    if (isNothingNew === true) return [];
    return [member === "leaves" ? { id, type: leaverType, leaves: true } : { ...member, leaves: false }];
  });
  const ends = state === "deleted";
  return changes.length === 0 && !ends ? [] : [stepPut(groupId, { ...step, changes }, { ends })];
}

/** Whether a membership of this group may change somebody's roles. A name that is not known may be any. */
function givesRoles({ tenant: { mapping } }: Worker, { roleName }: Head, name: string | undefined): boolean {
  if (mapping.roles.length === 0) return false;
  const names = [roleName, name].filter((one) => one !== undefined);
  return names.length === 0 || names.some((one) => givenBy(mapping, one) !== "");
}

/** What each is: a member that comes may have been named without a type, one that leaves has it in its item. */
async function withTypes(
  w: Worker,
  groupId: string,
  touches: readonly Touch[],
  asksForRoles: boolean,
): Promise<{ touches: KnownTouch[]; unknown: string[] }> {
  const coming = touches.filter((touch) => touch.member !== "leaves").map((touch) => touch.id);
  const leaving = touches.filter((touch) => touch.member === "leaves").map((touch) => touch.id);
  const users = await liveAmong(w.table, "User", coming);
  const groups = await liveAmong(
    w.table,
    "Group",
    coming.filter((id) => !users.has(id)),
  );
  // Whoever comes is looked for, too, where somebody is told: once is enough.
  const looked = w.tenant.events === undefined ? leaving : touches.map(({ id }) => id);
  const items = await w.table.batchGet(looked.map((id) => memberKey(groupId, id)));
  const stored = new Map<string, Item | undefined>(looked.map((id, n) => [id, items[n]]));
  const groupLeavers = new Set(leaving.filter((id) => text(stored.get(id)?.attributes ?? {}, "type") === "Group"));
  const userLeavers = asksForRoles ? leaving.filter((id) => !groupLeavers.has(id)) : [];
  const asked = asksForRoles ? new Map([...users, ...(await liveAmong(w.table, "User", userLeavers))]) : new Map();
  return {
    touches: touches.flatMap((touch): KnownTouch[] => {
      const { id } = touch;
      const known = {
        id,
        leaverType: groupLeavers.has(id) ? "Group" : "User",
        isNothingNew: (stored.get(id) === undefined) === (touch.member === "leaves"),
        ...defined({ user: asked.get(id) }),
      } as const;
      if (touch.member === "leaves") return [{ ...known, member: "leaves" }];
      const type = users.has(id) ? "User" : groups.has(id) ? "Group" : undefined;
      return type === undefined ? [] : [{ ...known, member: { id, type } }];
    }),
    unknown: coming.filter((id) => !users.has(id) && !groups.has(id)),
  };
}

function writesOf(groupId: string, { id, member, leaverType, user }: KnownTouch, now: number): (Write | Check)[] {
  if (member === "leaves") {
    return [
      { kind: "delete", key: memberKey(groupId, id) },
      { kind: "delete", key: reverseKey(leaverType, id, groupId) },
      ...(user === undefined ? [] : [askForRoles(id, now, { is: "present" })]),
    ];
  }
  const isLive = { is: "equal", attribute: "state", value: "live" } as const;
  return [
    { kind: "put", key: memberKey(groupId, id), attributes: { type: member.type } },
    { kind: "put", key: reverseKey(member.type, id, groupId), attributes: {} },
    user === undefined ? { kind: "check", key: headKey(member.type, id), if: [isLive] } : askForRoles(id, now, isLive),
  ];
}

/** Whoever loses a role by it goes before those who get one. */
async function sendForUsers(w: Worker, touches: readonly KnownTouch[]): Promise<void> {
  const of = (leave: boolean) =>
    touches.flatMap(({ member, user }) => (user !== undefined && (member === "leaves") === leave ? [user] : []));
  await sendForRoles(w, "leavers", of(true));
  await sendForRoles(w, "changes", of(false));
}

function headAfter(w: Worker, head: Head, step: NamedStep, nothingCame: boolean): Head {
  const { touches, last, to } = step;
  // No two steps of a group have the same time, and a later one a later time, whatever the clocks of two workers say.
  const now = Math.max(w.clock.now(), head.stepAt + 1);
  const { to: _to, cursor: _cursor, nameCursor, roleName: _name, ...rest } = head;
  const roleName = roleNameAfter(w, head, step, nothingCame);
  const after = { ...rest, stepAt: now, stepBy: w.workerId, ...defined({ roleName }) };
  if (last) return { ...after, applied: to, since: head.applied, closedAt: now };
  return { ...after, ...defined({ nameCursor }), to, cursor: touches.at(-1)?.id ?? head.cursor ?? "" };
}

/**
 * Known from the first name that a walk gives it while there are role tables; of a group from before, from the first walk
 * after which nothing waits, as the accepted name is the applied one then. A name from before the tables went is no use.
 */
function roleNameAfter(
  { tenant: { mapping } }: Worker,
  { state, version, roleName, resource }: Head,
  { last, to, name }: NamedStep,
  nothingCame: boolean,
): string | undefined {
  if (state === "deleted" && last) return undefined;
  if (mapping.roles.length === 0) return name === undefined ? roleName : undefined;
  const { displayName } = resource;
  const isApplied = last && nothingCame && version === to && typeof displayName === "string";
  return name ?? roleName ?? (isApplied ? displayName : undefined);
}

function headUpdate(head: Head, next: Head, { last }: Step, nothingCame: boolean): Update {
  const key = headKey("Group", head.id);
  const { stepAt, stepBy = "", roleName } = next;
  const fence = fenceOf(head);
  const named = roleName === undefined || roleName === head.roleName ? {} : { roleName };
  const unnamed = roleName === undefined && head.roleName !== undefined ? ["roleName"] : [];
  if (!last) {
    const set = { stepAt, stepBy, to: next.to ?? 0, cursor: next.cursor ?? "", ...named };
    return { kind: "update", key, if: fence, set, remove: unnamed };
  }
  const set = { stepAt, stepBy, applied: next.applied, since: next.since, closedAt: next.closedAt, ...named };
  const remove = ["to", "cursor", ...unnamed, ...(head.nameCursor === undefined ? [] : ["nameCursor"])];
  if (!nothingCame) return { kind: "update", key, if: fence, set, remove };
  const end = settled(head, stepAt);
  return {
    kind: "update",
    key,
    if: [...fence, { is: "equal", attribute: "version", value: next.applied }],
    set: { ...set, ...end.set },
    remove: [...remove, ...end.remove],
  };
}
