/**
 * Which of the ones that a search names are in a group. Their own partitions of the directory say in which groups they are:
 * read once, before any head, they decide about each group that was at rest then, without a read of its own. A group that
 * was not is folded (decisions/0011, traps 2, 5, 8).
 */
import { type GroupState, isAtRest, membersAmong } from "./group-members.ts";
import { type Head, liveAmong } from "./head.ts";
import { inParallel } from "./in-parallel.ts";
import { entryPartition, isPossibleId, reversePrefix } from "./keys.ts";
import { queryAll } from "./query-all.ts";
import type { Member, Provisioning } from "./state.ts";

/** The group at the version that the answer is true for, with those of the named ones that are its members. */
export type AmongNamed = (head: Head) => Promise<GroupState>;

const queriesAtOnce = 8;

/**
 * Asks about `ids` in the heads that are read from now on.
 *
 * Errors: TableError; the question itself ScimError 503.
 */
export async function amongNamed(p: Provisioning, ids: readonly string[], heads: "few" | "many"): Promise<AmongNamed> {
  // Whoever is deleted is no member any more, from the answer on (R86): the worker may take a while to find all groups.
  const named = await liveMembers(p, ids);
  const isNamed = new Set(named.map(({ id }) => id));
  const folded: AmongNamed = async (head) => {
    if (named.length === 0) return { head, members: [] };
    const group = await membersAmong(p, head, [...isNamed]);
    return { ...group, members: group.members.filter(({ id }) => isNamed.has(id)) };
  };
  if (heads === "few") return folded;
  const readAt = p.clock.now();
  const groups = await inParallel(named, queriesAtOnce, async (member) => await groupsOf(p, member));
  return async (head) => {
    if (!isAtRest(head, readAt)) return await folded(head);
    return { head, members: named.filter((_, n) => groups[n]?.has(head.id) === true) };
  };
}

/** A member is a User or a Group. */
async function liveMembers(p: Provisioning, ids: readonly string[]): Promise<Member[]> {
  const possible = [...new Set(ids)].filter(isPossibleId);
  const users = await liveAmong(p.table, "User", possible);
  const others = possible.filter((id) => !users.has(id));
  const groups = await liveAmong(p.table, "Group", others);
  return possible.flatMap((id): Member[] =>
    users.has(id) ? [{ id, type: "User" }] : groups.has(id) ? [{ id, type: "Group" }] : [],
  );
}

/** The groups that it is in by the directory, by id. Errors: TableError. */
export async function groupsOf(
  { table }: Pick<Provisioning, "table">,
  { id, type }: Member,
): Promise<ReadonlySet<string>> {
  const groups = new Set<string>();
  const range = { from: reversePrefix, to: `${reversePrefix}~` };
  for await (const item of queryAll(table, { table: "directory", pk: entryPartition(type, id), ...range }))
    groups.add(item.sk.slice(reversePrefix.length));
  return groups;
}
