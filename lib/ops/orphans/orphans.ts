/**
 * Orphans: users whom nobody speaks of any more, or who belong to nothing, and members that point nowhere.
 *
 * Two walks, over the groups with their members and over the users; no read for a user by itself. What an identity provider
 * asked and found leaves no trace here, so "not named" is: no change was accepted. One that sends only changes is silent
 * about most people for years; who is really gone there is told by its export of assignments.
 */
import { liveAmong } from "../../provisioning/head.ts";
import { userType } from "../../scim/resource-type.ts";
import type { OnProgress, Operations } from "../operations.ts";
import { walkHeads } from "../walk-heads.ts";
import type { Assignments } from "./assignments.ts";
import { comparison, type Compared } from "./compare-assignments.ts";
import { noteLastRun } from "./last-run.ts";
import { type GroupName, type Memberships, readMemberships } from "./memberships.ts";
import { type Person, personOf } from "./person.ts";

export interface OrphansOptions {
  /** Not named for so long. */
  readonly days: number;
  readonly assignments?: Assignments;
  /** The `position` of a run that was stopped. */
  readonly after?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface Orphans {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly days: number;
  readonly active: number;
  readonly inactive: number;
  /** Active, and no change was accepted for so many days; the longest first. */
  readonly silent: readonly Person[];
  /** Active, and member of nothing. */
  readonly groupless: readonly Person[];
  /** Inactive for so many days, and never deleted. */
  readonly left: readonly Person[];
  readonly dangling: readonly { readonly id: string; readonly groups: readonly GroupName[] }[];
  /** Groups whose members may still be on their way. */
  readonly pendingGroups: number;
  readonly compared?: Compared;
  readonly stopped: boolean;
  readonly position?: string;
}

const day = 86_400_000;

/** Errors: TableError. */
export async function findOrphans(o: Operations, options: OrphansOptions): Promise<Orphans> {
  const { days, assignments, after, onProgress, signal } = options;
  const at = o.clock.now();
  const told = (what: string) => (onProgress === undefined ? {} : { onProgress: labelled(onProgress, what) });
  const stop = signal === undefined ? {} : { signal };
  const memberships = await readMemberships(o, { ...told("groups"), ...stop });
  const begun = { at, days, pendingGroups: memberships.pendingGroups };
  if (memberships.stopped)
    return { ...begun, ...nobody, stopped: true, ...(after === undefined ? {} : { position: after }) };
  const people: Person[] = [];
  const compare = assignments === undefined ? undefined : comparison(assignments);
  const from = after === undefined ? {} : { after };
  const walked = await walkHeads(o, userType, { ...from, ...told("users"), ...stop }, async (heads) => {
    for (const head of heads) {
      people.push(personOf(head));
      compare?.add(head);
    }
  });
  const found = {
    ...begun,
    ...sorted(people, memberships, at - days * day),
    // Whoever is not met yet may be there.
    dangling: walked.stopped ? [] : await danglingMembers(o, memberships, people),
    stopped: walked.stopped,
    ...(walked.position === undefined ? {} : { position: walked.position }),
    ...(compare === undefined || walked.stopped ? {} : { compared: compare.end() }),
  };
  // The doctor would warn of hundreds who are no orphans, and have forgotten the last good comparison.
  const isWhole = !walked.stopped && after === undefined && found.compared?.maybePartial !== true;
  if (isWhole) await noteLastRun(o.table, summaryOf(found));
  return found;
}

const nobody = { active: 0, inactive: 0, silent: [], groupless: [], left: [], dangling: [] };

function labelled(onProgress: OnProgress, what: string): OnProgress {
  return (done, total) => onProgress(done, total, what);
}

function sorted(people: readonly Person[], { members }: Memberships, before: number) {
  const active = people.filter((person) => person.active);
  const inactive = people.filter((person) => !person.active);
  const quiet = ({ since }: Person) => since < before;
  const longestFirst = (a: Person, b: Person) => a.since - b.since;
  return {
    active: active.length,
    inactive: inactive.length,
    silent: active.filter(quiet).sort(longestFirst),
    groupless: active.filter(({ id }) => !members.has(id)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    left: inactive.filter(quiet).sort(longestFirst),
  };
}

/** Members whom the walk did not meet: asked one by one, because they may have come since, or be groups. */
async function danglingMembers(
  { table }: Operations,
  { groupsOf }: Memberships,
  people: readonly Person[],
): Promise<Orphans["dangling"]> {
  const met = new Set(people.map(({ id }) => id));
  const unmet = [...groupsOf.keys()].filter((id) => !met.has(id));
  const [users, groups] = [await liveAmong(table, "User", unmet), await liveAmong(table, "Group", unmet)];
  return unmet.filter((id) => !users.has(id) && !groups.has(id)).map((id) => ({ id, groups: groupsOf.get(id) ?? [] }));
}

function summaryOf({ at, days, active, silent, groupless, dangling, compared }: Orphans) {
  const lists = compared && {
    missing: compared.missing.length,
    extra: compared.extra.length,
    different: compared.different.length,
  };
  const here = { silent: silent.length, groupless: groupless.length, dangling: dangling.length };
  return { at, days, active, ...here, ...lists };
}
