/**
 * Tells all members of a group from the table, after a word that voids what was known of them. The stream may tell steps at the
 * same time: then, or when a step came between, it begins again. Until it has come to its end the mark says "partial".
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
  /** It was changed all the time; it stays on the list of those behind. */
  readonly isLeft: boolean;
}

/** `thorough`: steps from a time without events are looked for, too. Errors: TableError; any, for an item that is not as we write it. */
export async function tellMembers(
  t: Teller,
  groupId: string,
  { thorough = false }: { thorough?: boolean } = {},
): Promise<MembersTold> {
  let events = 0;
  for (let attempt = 0; attempt < attemptsMost; attempt += 1) {
    const told = await readTold(t.table, membersSubject(groupId));
    const standing = await readStanding(t.table, groupId);
    if (!isBehind(told, standing, thorough)) return { events, isLeft: false };
    await t.clock.sleep(Math.max(0, standing.stepAt + restMs - t.clock.now()));
    const done = await tellAll(t, groupId, told, standing);
    events += done.events;
    if (done.isWhole) return { events, isLeft: false };
  }
  return { events, isLeft: true };
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

async function tellAll(
  t: Teller,
  groupId: string,
  told: Told | undefined,
  standing: MembersStanding,
): Promise<{ events: number; isWhole: boolean }> {
  const { stepAt, at, version } = standing;
  const sequence = Math.max(stepAt, (told?.sequence ?? 0) + 1);
  const mark: Mark = { sequence, version, ...defined({ of: sequence === at ? undefined : at }), partial: true };
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

  if (!(await tell("reset", [undefined]))) return { events, isWhole: false };
  for await (const members of membersOf(t.table, groupId))
    if (!(await tell("added", members))) return { events, isWhole: false };
  const after = await readStanding(t.table, groupId);
  if (after.stepAt !== stepAt || after.at !== at) return { events, isWhole: false };
  const { partial: _, ...whole } = mark;
  const isMine = (now: Told | undefined) => now?.sequence === sequence && now.partial === true;
  const end = (now: Told | undefined) =>
    isMine(now) ? { events: [], mark: whole, behind: "ends" as const } : undefined;
  await append(t, [{ ...about, say: end }]);
  const now = await readTold(t.table, membersSubject(groupId));
  return { events, isWhole: now !== undefined && now.partial !== true };
}

async function* membersOf(table: Table, groupId: string): AsyncGenerator<readonly Member[]> {
  const range = { table: "directory", pk: entryPartition("Group", groupId), limit: membersAtOnce } as const;
  for await (const page of queryPages(table, { ...range, from: memberPrefix, to: `${memberPrefix}~` })) {
    const members = page.map(({ sk, attributes }) => memberOf(sk.slice(memberPrefix.length), attributes));
    if (members.length > 0) yield members;
  }
}
