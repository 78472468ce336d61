/** The members of a group by id, page by page: those that the directory has, and among them those who are to come or to leave. */
import { headKey, entryPartition, isPossibleId, memberPrefix } from "../../provisioning/keys.ts";
import { memberOf } from "../../provisioning/group-members.ts";
import { defined, type Head, headOf } from "../../provisioning/head.ts";
import type { NetDelta } from "../../provisioning/member-delta.ts";
import type { Table } from "../../provisioning/ports.ts";
import { queryAll } from "../../provisioning/query-all.ts";
import type { Member } from "../../provisioning/state.ts";
import { groupType, userType } from "../../scim/resource-type.ts";
import { firstById } from "../first-by-id.ts";
import { type Listed, listedOf } from "../listed/listed.ts";
import { notAPlace } from "../listed/page-bounds.ts";
import type { Operations } from "../operations.ts";

export interface ListedMember extends Pick<Listed, "type" | "id" | "name" | "displayName"> {
  /** Absent: nobody of that id is known. */
  readonly state?: Listed["state"];
  /** `coming`: accepted, and not yet in the directory. `leaving`: still there. */
  readonly standing: "member" | "coming" | "leaving";
}

export interface MembersPage {
  readonly members: readonly ListedMember[];
  /** Of the last one; absent: this is the last page. */
  readonly next?: string;
}

/** `net`: what is pending. `after`: an id. Constant reads. Errors: OperationError when `after` is none; TableError. */
export async function readMembersPage(
  { table }: Pick<Operations, "table">,
  { id }: Pick<Head, "id">,
  net: NetDelta,
  { after = "", most }: { after?: string; most: number },
): Promise<MembersPage> {
  if (after !== "" && !isPossibleId(after)) throw notAPlace(after);
  const stored = await storedAfter(table, id, after, most + 1);
  const isThere = new Set(stored.map((member) => member.id));
  // Whoever of them stands behind the last one that was read is of a later page, there or not.
  const coming = firstById(comingAfter(net, after), most + 1 + stored.length).filter(({ id }) => !isThere.has(id));
  const all = [
    ...stored.map((member) => ({ member, standing: standingOf(net, member.id) })),
    ...coming.map((member) => ({ member, standing: "coming" as const })),
  ].sort((a, b) => (a.member.id < b.member.id ? -1 : 1));
  const shown = all.slice(0, most);
  const next = all.length > most ? shown.at(-1)?.member.id : undefined;
  return { members: await withNames(table, shown), ...defined({ next }) };
}

async function storedAfter(table: Table, groupId: string, after: string, limit: number): Promise<Member[]> {
  const members: Member[] = [];
  const range = { from: `${memberPrefix}${after}`, to: `${memberPrefix}~`, limit: limit + 1 };
  for await (const item of queryAll(table, { table: "directory", pk: entryPartition("Group", groupId), ...range })) {
    const id = item.sk.slice(memberPrefix.length);
    if (id <= after) continue;
    if (members.push(memberOf(id, item.attributes)) === limit) break;
  }
  return members;
}

function* comingAfter({ named }: NetDelta, after: string): Generator<Member> {
  for (const [id, word] of named) if (word !== "leaves" && id > after) yield word;
}

function standingOf({ named, replacesAll }: NetDelta, id: string): ListedMember["standing"] {
  const word = named.get(id);
  return word === "leaves" || (word === undefined && replacesAll) ? "leaving" : "member";
}

/** A member that comes may have been named without a type: whoever is no user is looked for among the groups. */
async function withNames(
  table: Table,
  shown: readonly { readonly member: Member; readonly standing: ListedMember["standing"] }[],
): Promise<ListedMember[]> {
  const types = [userType.id, groupType.id];
  const items = await table.batchGet(shown.flatMap(({ member }) => types.map((type) => headKey(type, member.id))));
  return shown.map(({ member, standing }, n) => {
    const type = types.find((_, at) => items[2 * n + at] !== undefined);
    const item = type === undefined ? undefined : items[2 * n + types.indexOf(type)];
    if (type === undefined || item === undefined) return { type: member.type, id: member.id, standing };
    const { id, name, displayName, state } = listedOf(headOf(type, item));
    return { type, id, state, standing, ...defined({ name, displayName }) };
  });
}
