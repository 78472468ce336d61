/**
 * Member operations of a request as one delta. Costs what the request names, never what the group holds; only a filter
 * other than `value eq` makes us read the group.
 */
import { ScimError } from "../scim/error.ts";
import { limits } from "../scim/limits.ts";
import { matches } from "../scim/match.ts";
import type { MemberOperation } from "../scim/member-operation.ts";
import type { MemberReference } from "../scim/resource.ts";
import type { Ignored } from "../scim/schema.ts";
import { membersAmongIfCheap, readGroup } from "./group-members.ts";
import { type Head, liveAmong } from "./head.ts";
import { entryPartition, isPossibleId, memberPrefix } from "./keys.ts";
import { deltaSize, foldDeltas, type MemberDelta, overlay } from "./member-delta.ts";
import { TableError } from "./ports.ts";
import type { Member, Provisioning } from "./state.ts";

export interface DraftedMembers {
  readonly delta: MemberDelta;
  readonly ignored: readonly Ignored[];
}

/** Up to so many named members a request that changes nothing is recognised and makes no new version. */
const comparedAtAccept = 100;

/** The operations of a PATCH, in order (R64). Errors: ScimError 400 `invalidValue` with the unknown ids. */
export async function draftMembers(
  p: Provisioning,
  head: Head,
  operations: readonly MemberOperation[],
): Promise<DraftedMembers> {
  const named = operations.flatMap((operation) => ("members" in operation ? operation.members : []));
  const { known, ignored } = await knownMembers(p, head.id, named);
  const byId = new Map(known.map((member) => [member.id, member]));
  const members = (references: readonly MemberReference[]) => references.flatMap((r) => byId.get(r.value) ?? []);
  const deltas: MemberDelta[] = [];
  for (const operation of operations) {
    if (operation.kind === "add") deltas.push({ add: members(operation.members), remove: [] });
    else if (operation.kind === "replace") deltas.push({ all: members(operation.members), add: [], remove: [] });
    else if (operation.kind === "remove") deltas.push({ add: [], remove: operation.ids.filter(isPossibleId) });
    else deltas.push({ add: [], remove: await idsWhere(p, head, deltas, operation.filter) });
  }
  return { delta: await withoutNoOps(p, head, asOne(deltas)), ignored };
}

/** The full list of a PUT. Errors: ScimError 400 `invalidValue` with the unknown ids. */
export async function replacementDelta(
  p: Provisioning,
  head: Head,
  references: readonly MemberReference[],
): Promise<DraftedMembers> {
  return await draftMembers(p, head, [{ kind: "replace", members: [...references] }]);
}

/**
 * The members that are named, with their types: looked up as User, then as Group.
 *
 * Errors: ScimError 400 `invalidValue` for ids that do not exist (D8; a tenant may choose to skip them), and for a group
 * that is to be its own member.
 */
export async function knownMembers(
  p: Provisioning,
  groupId: string,
  references: readonly MemberReference[],
): Promise<{ known: Member[]; ignored: Ignored[] }> {
  const distinct = [...new Map(references.map((reference) => [reference.value, reference])).values()];
  if (distinct.some((reference) => reference.value === groupId)) {
    throw new ScimError(400, "invalidValue", `"members": Group "${groupId}" cannot be its own member; leave it out`);
  }
  if (distinct.length > limits.membersChecked) {
    const impossible = distinct.map(({ value }) => value).filter((id) => !isPossibleId(id));
    const known = distinct
      .filter(({ value }) => isPossibleId(value))
      .map(({ value, type }): Member => ({ id: value, type: type === "Group" ? "Group" : "User" }));
    return { known, ignored: unknownMembers(p, impossible) };
  }
  const ids = distinct.map((reference) => reference.value);
  const users = await liveAmong(p.table, "User", ids);
  const groups = await liveAmong(
    p.table,
    "Group",
    ids.filter((id) => !users.has(id)),
  );
  return {
    known: ids.flatMap((id): Member[] =>
      users.has(id) ? [{ id, type: "User" }] : groups.has(id) ? [{ id, type: "Group" }] : [],
    ),
    ignored: unknownMembers(
      p,
      ids.filter((id) => !users.has(id) && !groups.has(id)),
    ),
  };
}

/** What the log says of members that do not exist. Errors: ScimError 400 `invalidValue`, unless the tenant skips them (D8). */
function unknownMembers(p: Provisioning, unknown: readonly string[]): Ignored[] {
  if (unknown.length > 0 && p.tenant.unknownMembers === "reject") {
    const list = unknown.slice(0, 20).map((id) => `"${id.slice(0, 64)}"`);
    const more = unknown.length > 20 ? ` and ${unknown.length - 20} more` : "";
    throw new ScimError(
      400,
      "invalidValue",
      `"members": no User or Group has the id ${list.join(", ")}${more}; create it first, then add it`,
    );
  }
  return unknown.slice(0, limits.ignoredNoted).map((id): Ignored => ({
    path: `members[value eq "${id.slice(0, 64)}"]`,
    reason: "unknownMember",
  }));
}

function asOne(deltas: readonly MemberDelta[]): MemberDelta {
  const { replacesAll, named } = foldDeltas(deltas);
  const present = [...named.values()].filter((word) => word !== "leaves");
  const leaving = [...named].flatMap(([id, word]) => (word === "leaves" ? [id] : []));
  return replacesAll ? { all: present, add: [], remove: [] } : { add: present, remove: leaving };
}

async function idsWhere(
  p: Provisioning,
  head: Head,
  before: readonly MemberDelta[],
  filter: Parameters<typeof matches>[0],
): Promise<string[]> {
  const group = await readGroup(p, head.id);
  // Somebody was quicker: accept reads the head again and asks again.
  if (group?.head.version !== head.version) throw new TableError("conflict", `Group ${head.id} has changed meanwhile`);
  const members = overlay(group.members, foldDeltas(before));
  return members.filter(({ id, type }) => matches(filter, { value: id, type })).map((member) => member.id);
}

/** Without what is already so, as far as that is cheap to know: nothing pending and few members named. */
async function withoutNoOps(p: Provisioning, head: Head, delta: MemberDelta): Promise<MemberDelta> {
  if (head.version === 0 || head.applied !== head.version || deltaSize(delta) > comparedAtAccept) return delta;
  if (delta.all !== undefined) return (await isWholeGroup(p, head, delta.all)) ? { add: [], remove: [] } : delta;
  const among = await membersAmongIfCheap(p, head, [...delta.add.map((member) => member.id), ...delta.remove]);
  if (among?.head.version !== head.version) return delta;
  const present = new Set(among.members.map((member) => member.id));
  return { add: delta.add.filter((m) => !present.has(m.id)), remove: delta.remove.filter((id) => present.has(id)) };
}

async function isWholeGroup(p: Provisioning, head: Head, all: readonly Member[]): Promise<boolean> {
  const few = await p.table.query({
    table: "directory",
    pk: entryPartition("Group", head.id),
    from: memberPrefix,
    to: `${memberPrefix}~`,
    limit: all.length + 1,
  });
  if (few.next !== undefined || few.items.length !== all.length) return false;
  const group = await readGroup(p, head.id);
  const ids = new Set(all.map((member) => member.id));
  return (
    group?.head.version === head.version &&
    group.members.length === ids.size &&
    group.members.every((m) => ids.has(m.id))
  );
}
