/** Tells from the table what of a resource was not told, or not in the end: level-triggered, so it may be asked for at any time. */
import type { Head } from "../provisioning/head.ts";
import { stepKey, toldKey } from "../provisioning/keys.ts";
import { TableError } from "../provisioning/ports.ts";
import { groupType } from "../scim/resource-type.ts";
import type { Teller } from "./append.ts";
import { type Behind, behindDelete, behindPut } from "./behind.ts";
import { entrySubject, membersSubject } from "./event.ts";
import { noteUnpublished } from "./publish.ts";
import { isBehind, membersStanding, tellMembers } from "./tell-members.ts";
import { type Named, tellEntries } from "./tell-entries.ts";
import { toldOf } from "./told.ts";
import { succeeds } from "../provisioning/succeeds.ts";

export interface ToldAgain {
  readonly events: number;
  /** Subjects of which not all could be told now: they are on the list of those behind. */
  readonly left: number;
}

export interface TellOptions {
  /** Also what was applied a moment ago, and what may be from a time without events. */
  readonly thorough: boolean;
}

/** What is younger comes by the stream. */
const streamMs = 15 * 60_000;

/** The heads are of one type, at most a hundred. Errors: TableError. */
export async function tellHeads(t: Teller, heads: readonly Head[], { thorough }: TellOptions): Promise<ToldAgain> {
  const until = thorough ? Number.POSITIVE_INFINITY : t.clock.now() - streamMs;
  const entries = await tellEach(t, heads, async (some) => ({ events: await tellEntries(t, some, until), left: 0 }));
  const groups = heads.filter(({ type }) => type === groupType.id);
  const behind = groups.length === 0 ? [] : await groupsBehind(t, groups, { thorough, until });
  let sum = entries;
  for (const group of behind) sum = plus(sum, await tellGroup(t, group.id, thorough));
  return sum;
}

/** One that is noted as behind. Errors: TableError. */
export async function tellBehind(t: Teller, note: Behind): Promise<ToldAgain> {
  const [type = "", id = ""] = note.subject.split("/");
  const isOfMembers = note.subject === membersSubject(id);
  const told = isOfMembers
    ? await tellGroup(t, id, false)
    : await tellEach(t, [{ type, id }], async (one) => ({ events: await tellEntries(t, one), left: 0 }));
  if (told.left === 0) await succeeds(t.table.write(behindDelete(note)));
  return told;
}

/** All at once; where one is not as we write it, one by one, and that one is left. Errors: TableError. */
async function tellEach(
  t: Teller,
  named: readonly Named[],
  tell: (some: readonly Named[]) => Promise<ToldAgain>,
): Promise<ToldAgain> {
  try {
    return await tell(named);
  } catch (error) {
    if (isOfTheTable(error)) throw error;
    if (named.length > 1) {
      let sum: ToldAgain = { events: 0, left: 0 };
      for (const one of named) sum = plus(sum, await tellEach(t, [one], tell));
      return sum;
    }
    for (const { type, id } of named) await noteUnpublished(t, { subject: entrySubject(type, id), error });
    return { events: 0, left: named.length };
  }
}

async function tellGroup(t: Teller, id: string, thorough: boolean): Promise<ToldAgain> {
  const subject = membersSubject(id);
  try {
    const { events, isLeft } = await tellMembers(t, id, { thorough });
    if (isLeft) await t.table.write(behindPut({ subject, at: t.clock.now() }));
    return { events, left: isLeft ? 1 : 0 };
  } catch (error) {
    if (isOfTheTable(error)) throw error;
    await noteUnpublished(t, { subject, error });
    return { events: 0, left: 1 };
  }
}

/** Undefined marks and steps are read for all of them at once; which is behind is looked at once more when it is told. */
async function groupsBehind(
  t: Teller,
  heads: readonly Head[],
  { thorough, until }: TellOptions & { until: number },
): Promise<Head[]> {
  const marks = await t.table.batchGet(heads.map(({ id }) => toldKey(membersSubject(id))));
  const steps = await t.table.batchGet(heads.map(({ id }) => stepKey(id)));
  return heads.filter((head, n) => {
    const [mark, step] = [marks[n], steps[n]];
    const told = mark && toldOf(mark.attributes);
    const standing = membersStanding(head, step && Number(step.attributes["at"]));
    return standing.at <= until && isBehind(told, standing, thorough);
  });
}

/** It did not answer, or others are at it; one that only a later release can read is no such error. */
function isOfTheTable(error: unknown): boolean {
  return error instanceof TableError && error.kind !== "newer";
}

function plus(one: ToldAgain, other: ToldAgain): ToldAgain {
  return { events: one.events + other.events, left: one.left + other.left };
}
