/**
 * Tells all members of a group from the table, after a word that voids what was known of them. The stream may tell steps at the
 * same time: then, or when a step came between, it begins again. Until it has come to its end the mark says "partial", and where
 * it is: whoever comes next goes on there, unless there was a step meanwhile.
 */
import { memberOf } from "../provisioning/group-members.ts";
import { defined, type Head, readHead } from "../provisioning/head.ts";
import { entryPartition, memberPrefix, stepKey } from "../provisioning/keys.ts";
import type { Table } from "../provisioning/ports.ts";
import { queryPages } from "../provisioning/query-all.ts";
import type { Member } from "../provisioning/state.ts";
import { append, type Teller } from "./append.ts";
import { membersSubject } from "./event.ts";
import { membershipEvent } from "./members-telling.ts";
import type { Mark, Telling } from "./telling.ts";
import { storedStep } from "./tellings-of.ts";
import { readTold, type Told, toldUpTo } from "./told.ts";

/** A step that is younger may not be visible in all its items yet (trap 8). */
const restMs = 10_000;
/** A group that is changed all the time is left for later. */
const attemptsMost = 3;
const membersAtOnce = 90;

export interface MembersTold {
  readonly events: number;
  /**
   * `left`: it was changed all the time. `unfinished`: it was stopped. Both are on the list of those behind, the second one with
   * the place where it goes on.
   */
  readonly end: "whole" | "left" | "unfinished";
}

export interface TellMembersOptions {
  /** Steps from a time without events are looked for, too. */
  readonly thorough?: boolean;
  /** Asked after each part, which is at most ninety members: there is always some progress. */
  readonly isOver?: () => boolean;
}

/** Errors: TableError; any, for an item that is not as we write it. */
export async function tellMembers(
  t: Teller,
  groupId: string,
  { thorough = false, isOver = () => false }: TellMembersOptions = {},
): Promise<MembersTold> {
  let events = 0;
  for (let attempt = 0; attempt < attemptsMost; attempt += 1) {
    const told = await readTold(t.table, membersSubject(groupId));
    const standing = await readStanding(t.table, groupId);
    if (!isBehind(told, standing, thorough)) return { events, end: "whole" };
    await t.clock.sleep(Math.max(0, standing.stepAt + restMs - t.clock.now()));
    const done = await tellAll(t, { groupId, told, standing, isOver });
    events += done.events;
    if (done.end !== "again") return { events, end: done.end };
    if (isOver()) return { events, end: "unfinished" };
  }
  return { events, end: "left" };
}

/** Of a group in the Scim table, and of its last step that changed members. */
export interface MembersStanding {
  readonly stepAt: number;
  /** 0: there was none. */
  readonly at: number;
  readonly version: number;
}

export function isBehind(told: Told | undefined, { at, stepAt }: MembersStanding, thorough: boolean): boolean {
  if (told === undefined || told.partial === true || toldUpTo(told) !== at) return true;
  return thorough && stepAt > told.sequence;
}

async function readStanding(table: Table, groupId: string): Promise<MembersStanding> {
  const step = await table.get(stepKey(groupId));
  const head = await readHead(table, "Group", groupId);
  return membersStanding(head, step && storedStep(step.attributes).at);
}

export function membersStanding(head: Head | undefined, at: number | undefined): MembersStanding {
  return { stepAt: Math.max(head?.stepAt ?? 0, at ?? 0), at: at ?? 0, version: head?.applied ?? 0 };
}

interface Anew {
  readonly groupId: string;
  readonly told: Told | undefined;
  readonly standing: MembersStanding;
  readonly isOver: () => boolean;
}

interface ToldAnew {
  readonly events: number;
  readonly end: "whole" | "unfinished" | "again";
}

async function tellAll(t: Teller, { groupId, told, standing, isOver }: Anew): Promise<ToldAnew> {
  const { stepAt, at } = standing;
  const begun = isBegun(told, standing) ? told : undefined;
  const version = begun?.version ?? standing.version;
  const sequence = begun?.sequence ?? Math.max(stepAt, (told?.sequence ?? 0) + 1);
  const whole: Mark = { sequence, version, ...defined({ of: sequence === at ? undefined : at }) };
  const said = {
    tenant: t.tenant,
    groupId,
    version,
    sequence,
    at: stepAt === 0 ? sequence : stepAt,
    caughtUp: true,
  } as const;
  const about = { subject: membersSubject(groupId), of: { id: groupId, version }, at: said.at };
  // Each goes on from the one before, and only from that: an answer that was lost is found by the last event's id.
  let last: Pick<Told, "sequence" | "eventId"> | undefined = told;
  let events = 0;
  const tell = async (kind: "reset" | "added", members: readonly (Member | undefined)[]): Promise<boolean> => {
    const from = last;
    const eventId = membershipEvent({ ...said, origin: {} }, kind, members.at(-1)).id;
    const mark: Mark = { ...whole, partial: true, anew: { stepAt, after: members.at(-1)?.id ?? "" } };
    let isTold = false;
    const say: Telling["say"] = (now, origin) => {
      isTold = now?.eventId === eventId;
      if (isTold || now?.sequence !== from?.sequence || now?.eventId !== from?.eventId) return undefined;
      const list = members.map((member) => membershipEvent({ ...said, origin }, kind, member));
      return { events: list, mark, ...(kind === "reset" && { behind: "begins" }) };
    };
    const appended = await append(t, [{ ...about, say }]);
    events += isTold ? members.length : appended.events;
    last = { sequence, eventId };
    return isTold || appended.events > 0;
  };

  if (begun === undefined && !(await tell("reset", [undefined]))) return { events, end: "again" };
  for await (const members of membersOf(t.table, groupId, begun?.anew?.after ?? "")) {
    if (!(await tell("added", members))) return { events, end: "again" };
    if (isOver()) return { events, end: "unfinished" };
  }
  const after = await readStanding(t.table, groupId);
  if (after.stepAt !== stepAt || after.at !== at) return { events, end: "again" };
  const isMine = (now: Told | undefined) => now?.sequence === sequence && now.partial === true;
  const end = (now: Told | undefined) =>
    isMine(now) ? { events: [], mark: whole, behind: "ends" as const } : undefined;
  await append(t, [{ ...about, say: end }]);
  const now = await readTold(t.table, membersSubject(groupId));
  return { events, end: now !== undefined && now.partial !== true ? "whole" : "again" };
}

/** Part of the members is told, and there was no step since. A step that the stream told has taken the place away. */
function isBegun(told: Told | undefined, { stepAt, at }: MembersStanding): boolean {
  return told?.partial === true && told.anew?.stepAt === stepAt && toldUpTo(told) === at;
}

/** In the order of their ids, those behind one of them. */
async function* membersOf(table: Table, groupId: string, after: string): AsyncGenerator<readonly Member[]> {
  const from = `${memberPrefix}${after}`;
  const range = { table: "directory", pk: entryPartition("Group", groupId), limit: membersAtOnce } as const;
  for await (const page of queryPages(table, { ...range, from, to: `${memberPrefix}~` })) {
    const members = page
      .filter(({ sk }) => sk > from)
      .map(({ sk, attributes }) => memberOf(sk.slice(memberPrefix.length), attributes));
    if (members.length > 0) yield members;
  }
}
