/** A search for the groups of somebody, and its judge: what is found fits at its version, and what fitted all the time is found. */
import { search } from "../../lib/provisioning/search.ts";
import type { Provisioning, State } from "../../lib/provisioning/state.ts";
import { groupType } from "../../lib/scim/resource-type.ts";
import type { Position } from "../../lib/scim/cursor.ts";
import type { Oracle, SimState } from "./oracle.ts";
import type { Random } from "./random.ts";

interface Question {
  readonly filter: string;
  readonly fits: (state: SimState) => boolean;
}

/** `ann` and `bob` are users. */
export function questionAbout(random: Random, ann: string, bob: string): Question {
  const has = (id: string) => (state: SimState) => state?.kind === "group" && state.members.includes(id);
  const renamed = (state: SimState) => state?.kind === "group" && state.displayName.startsWith("n");
  const [isAnn, isBob] = [has(ann), has(bob)];
  return random.pick<Question>([
    { filter: `members eq "${ann}"`, fits: isAnn },
    { filter: `members[value eq "${ann}"]`, fits: isAnn },
    { filter: `members eq "${ann}" and displayName sw "n"`, fits: (state) => isAnn(state) && renamed(state) },
    { filter: `displayName sw "n" and not (members eq "${ann}")`, fits: (state) => renamed(state) && !isAnn(state) },
    { filter: `members eq "${ann}" or members eq "${bob}"`, fits: (state) => isAnn(state) || isBob(state) },
    { filter: `members eq "${ann}" and members eq "${bob}"`, fits: (state) => isAnn(state) && isBob(state) },
  ]);
}

/** Asks, by index or page by page, and judges. `named`: whom the question is about. Errors: as `search`. */
export async function searchMembers(
  p: Provisioning,
  oracle: Oracle,
  { filter, fits }: Question,
  options: { named: readonly string[]; byCursor: boolean },
): Promise<void> {
  const from = new Map([...oracle.histories.keys()].map((id) => [id, oracle.visible(id)]));
  const found = options.byCursor ? await walked(p, filter) : await listed(p, filter);
  const statesOf = (id: string) => oracle.history(id).states.slice(from.get(id));
  const left = options.named.filter((id) => statesOf(id).every((state) => state === null));
  // Nobody says of the moment in which somebody is deleted whether it is before or after the answer.
  const isOpen = options.named.some((id) => !left.includes(id) && statesOf(id).includes(null));
  const fitted = (state: SimState = null) => fits(without(left, state));
  const ids = found.map(({ id }) => id);
  if (new Set(ids).size < ids.length) oracle.fail(`${filter} gave a group twice: ${ids.join(" ")}`);
  for (const { id, version } of found) {
    const isTrue = version >= (from.get(id) ?? 0) && fitted(oracle.history(id).states[version]);
    if (!isTrue && !isOpen) oracle.fail(`${filter} gave ${id} at version ${version}, which does not fit`);
  }
  for (const [id, since] of from) {
    const always = oracle.history(id).states.slice(since).every(fitted);
    if (always && !isOpen && !ids.includes(id)) oracle.fail(`${filter} did not give ${id}, which fits all the time`);
  }
}

/** Whoever is deleted is no member from the answer on, though the worker may not have found the group yet. */
function without(left: readonly string[], state: SimState): SimState {
  if (state?.kind !== "group") return state;
  return { ...state, members: state.members.filter((id) => !left.includes(id)) };
}

async function listed(p: Provisioning, filter: string): Promise<readonly State[]> {
  const asked = { filter, startIndex: 1, count: 100 };
  return (await search(p, groupType, asked, { members: false, groups: false })).states;
}

async function walked(p: Provisioning, filter: string): Promise<State[]> {
  const states: State[] = [];
  for (let from: Position | undefined, ended = false; !ended;) {
    const asked = { filter, startIndex: 1, count: 1, walk: from === undefined ? {} : { from } };
    const page = await search(p, groupType, asked, { members: false, groups: false });
    states.push(...page.states);
    ended = page.next === undefined || page.next === "start";
    if (page.next !== "start") from = page.next;
  }
  return states;
}
