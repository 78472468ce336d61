/**
 * Who is in a group: the member items of the directory with the log after them folded over.
 *
 * The order makes one pass exact: `Gone` first, then the head, then the members, then the log. The worker moves members
 * only after their change is in the log, and the log keeps what was applied (traps 2, 5, 8).
 */
import { ScimError } from "../scim/error.ts";
import { pausesOf } from "./backoff.ts";
import { type Change, contiguous, readChanges, readSmallChanges, withDifference } from "./change.ts";
import { type Head, liveAmong, readHead, text } from "./head.ts";
import { entryPartition, gonePartition, isPossibleId, memberKey, memberPrefix } from "./keys.ts";
import { foldDeltas, type MemberDelta, type NetDelta, noMembers, overlay } from "./member-delta.ts";
import type { Attributes } from "./ports.ts";
import { queryAll, queryPages } from "./query-all.ts";
import type { Member, Provisioning } from "./state.ts";

/** A group at one version, which may be later than the head that was read. */
export interface GroupState {
  readonly head: Head;
  readonly members: readonly Member[];
}

/** A closing step this young may not be visible in all its items yet. Generous: clocks differ, folding more is never wrong. */
const settledMs = 60_000;

/** Nothing is pending, and what was applied last had long been visible at that time: nobody has moved a member since. */
export function isAtRest(head: Head, at: number): boolean {
  return head.applied === head.version && isSettled(head, at);
}

function isSettled({ closedAt }: Head, at: number): boolean {
  return at - closedAt > settledMs;
}

/** The group with all its members; undefined when it is not there. */
export async function readGroup(p: Provisioning, id: string): Promise<GroupState | undefined> {
  const gone = await readGone(p);
  const head = await readHead(p.table, "Group", id);
  if (head === undefined || head.state === "deleted") return undefined;
  const stored = await storedMembers(p, id);
  const state = await foldLog(p, head, (net) => overlay(stored, net));
  if (state.head.state === "deleted") return undefined;
  const members = gone.size === 0 ? state.members : state.members.filter((member) => !gone.has(member.id));
  // Nothing was folded over: nobody is to come.
  return state.members === stored
    ? { ...state, members }
    : { ...state, members: await withoutGhosts(p, members, stored) };
}

/** Beyond, the worker finds them as it walks (D8). */
const checkedMost = 1_000;

/**
 * Without those who were to come and have been deleted since: a membership that is not yet applied has no reverse by
 * which the deletion could find it, and its group may be parked for days.
 */
async function withoutGhosts(
  p: Provisioning,
  members: readonly Member[],
  stored: readonly Member[],
): Promise<readonly Member[]> {
  const there = new Set(stored.map((member) => member.id));
  const coming = members.filter((member) => !there.has(member.id));
  if (coming.length === 0 || coming.length > checkedMost) return members;
  const ids = coming.map((member) => member.id);
  const live = [await liveAmong(p.table, "User", ids), await liveAmong(p.table, "Group", ids)];
  return members.filter(({ id }) => there.has(id) || live.some((ones) => ones.has(id)));
}

/**
 * Which of the named are members: constant reads, however large the group. `head` is the one that was read just before;
 * the answer's head is that of the version that the answer is true for.
 */
export async function membersAmong(p: Provisioning, head: Head, ids: readonly string[]): Promise<GroupState> {
  return await amongStored(p, head, ids, async (read) => await foldLog(p, head, read));
}

/** The same, but undefined where a change of thousands of members would have to be read for it. */
export async function membersAmongIfCheap(
  p: Provisioning,
  head: Head,
  ids: readonly string[],
): Promise<GroupState | undefined> {
  return await amongStored(p, head, ids, async (read) => {
    const small = await readSmallChanges(p.table, head.id, sinceOf(p, head));
    return small === undefined ? undefined : await foldLog(p, head, read, small);
  });
}

async function amongStored<T>(
  p: Provisioning,
  head: Head,
  ids: readonly string[],
  fold: (read: (net: NetDelta) => readonly Member[]) => Promise<T>,
): Promise<T> {
  const named = [...new Set(ids)].filter(isPossibleId);
  const items = await p.table.batchGet(named.map((id) => memberKey(head.id, id)));
  const stored = items.flatMap((item, n) => (item === undefined ? [] : [memberOf(named[n] ?? "", item.attributes)]));
  const wanted = new Set(named);
  return await fold((net) => overlay(stored, net).filter((member) => wanted.has(member.id)));
}

async function readGone(p: Provisioning): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  for await (const item of queryAll(p.table, { table: "scim", pk: gonePartition })) gone.add(item.sk);
  return gone;
}

export function memberOf(id: string, attributes: Attributes): Member {
  return { id, type: text(attributes, "type") === "Group" ? "Group" : "User" };
}

async function storedMembers(p: Provisioning, id: string): Promise<Member[]> {
  const members: Member[] = [];
  const range = {
    table: "directory" as const,
    pk: entryPartition("Group", id),
    from: memberPrefix,
    to: `${memberPrefix}~`,
  };
  for await (const items of queryPages(p.table, range))
    for (const { sk, attributes } of items) members.push(memberOf(sk.slice(memberPrefix.length), attributes));
  return members;
}

function sinceOf(p: Provisioning, head: Head): number {
  return isSettled(head, p.clock.now()) ? head.applied : head.since;
}

/** `found`: the log as it was read last. */
async function foldLog(
  p: Provisioning,
  head: Head,
  members: (net: NetDelta) => readonly Member[],
  found?: readonly Change[],
): Promise<GroupState> {
  const changes = await readWithoutGap(p, head, sinceOf(p, head), found);
  const later = changes.filter((change) => change.version > head.version);
  const resource = later.reduce((resource, change) => withDifference(resource, change.changed), head.resource);
  const last = later.at(-1);
  const state = last?.kind === "delete" ? "deleted" : head.state;
  return {
    head: last === undefined ? head : { ...head, resource, state, version: last.version, lastModified: last.at },
    members: members(foldDeltas(changes.map(deltaOf))),
  };
}

export function deltaOf(change: Change): MemberDelta {
  if (change.kind === "delete") return noMembers;
  return change.delta ?? { add: [], remove: [] };
}

/** The log after `since`, at least up to the head's version: what is missing is a transaction that is becoming visible. */
async function readWithoutGap(
  p: Provisioning,
  head: Head,
  since: number,
  found?: readonly Change[],
): Promise<Change[]> {
  for await (const attempt of pausesOf(p, { firstMs: 5, mostMs: 100, times: 20, forMs: 2_000 })) {
    const changes = attempt === 0 && found !== undefined ? found : await readChanges(p.table, head.id, since);
    const run = contiguous(changes, since);
    if (run.length === changes.length && since + run.length >= head.version) return run;
  }
  throw new ScimError(503, undefined, `Group "${head.id}" is being changed; read it again`, {
    headers: { "retry-after": "2" },
  });
}
