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
  /** Subjects for which there was no time: they are on the list as well, and go on where they are. */
  readonly unfinished: number;
}

export interface TellOptions {
  /** Also what was applied a moment ago, and what may be from a time without events. */
  readonly thorough: boolean;
  /** Asked between groups, and between parts of one. */
  readonly isOver?: () => boolean;
}

const none: ToldAgain = { events: 0, left: 0, unfinished: 0 };

/** What is younger comes by the stream. */
const streamMs = 15 * 60_000;

/** The heads are of one type, at most a hundred. Errors: TableError. */
export async function tellHeads(t: Teller, heads: readonly Head[], options: TellOptions): Promise<ToldAgain> {
  const { thorough, isOver = () => false } = options;
  const until = thorough ? Number.POSITIVE_INFINITY : t.clock.now() - streamMs;
  const entries = await tellEach(t, heads, async (some) => await tellEntries(t, some, until));
  const groups = heads.filter(({ type }) => type === groupType.id);
  const behind = groups.length === 0 ? [] : await groupsBehind(t, groups, { thorough, until });
  let sum = entries;
  for (const group of behind)
    sum = plus(sum, isOver() ? await noteGroup(t, group.id) : await tellGroup(t, group.id, { thorough, isOver }));
  return sum;
}

/** One that is noted as behind; a group thoroughly, as a walk that was thorough may have noted it. Errors: TableError. */
export async function tellBehind(t: Teller, note: Behind, isOver: () => boolean): Promise<ToldAgain> {
  const [type = "", id = ""] = note.subject.split("/");
  const isOfMembers = note.subject === membersSubject(id);
  const told = isOfMembers
    ? await tellGroup(t, id, { thorough: true, isOver })
    : await tellEach(t, [{ type, id }], async (one) => await tellEntries(t, one));
  if (told.left + told.unfinished === 0) await succeeds(t.table.write(behindDelete(note)));
  return told;
}

/** All at once; where one is not as we write it, one by one, and that one is left. Errors: TableError. */
async function tellEach(
  t: Teller,
  named: readonly Named[],
  tell: (some: readonly Named[]) => Promise<number>,
): Promise<ToldAgain> {
  try {
    return { ...none, events: await tell(named) };
  } catch (error) {
    if (isOfTheTable(error)) throw error;
    if (named.length > 1) {
      let sum = none;
      for (const one of named) sum = plus(sum, await tellEach(t, [one], tell));
      return sum;
    }
    for (const { type, id } of named) await noteUnpublished(t, { subject: entrySubject(type, id), error });
    return { ...none, left: named.length };
  }
}

async function tellGroup(t: Teller, id: string, options: TellOptions): Promise<ToldAgain> {
  const subject = membersSubject(id);
  try {
    const { events, end } = await tellMembers(t, id, options);
    if (end !== "whole") await noteGroup(t, id);
    return { events, left: end === "left" ? 1 : 0, unfinished: end === "unfinished" ? 1 : 0 };
  } catch (error) {
    if (isOfTheTable(error)) throw error;
    await noteUnpublished(t, { subject, error });
    return { ...none, left: 1 };
  }
}

async function noteGroup(t: Teller, id: string): Promise<ToldAgain> {
  await t.table.write(behindPut({ subject: membersSubject(id), at: t.clock.now() }));
  return { ...none, unfinished: 1 };
}

/** Undefined marks and steps are read for all of them at once; which is behind is looked at once more when it is told. */
async function groupsBehind(
  t: Teller,
  heads: readonly Head[],
  { thorough, until }: Pick<TellOptions, "thorough"> & { until: number },
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
  return {
    events: one.events + other.events,
    left: one.left + other.left,
    unfinished: one.unfinished + other.unfinished,
  };
}
