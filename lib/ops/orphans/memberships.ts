/** Who is in a group, as the directory has it: one walk over the groups and their member items, no read per user. */
import { type Head, isParked } from "../../provisioning/head.ts";
import { entryPartition, memberPrefix } from "../../provisioning/keys.ts";
import { memberOf } from "../../provisioning/group-members.ts";
import { queryAll } from "../../provisioning/query-all.ts";
import type { Member } from "../../provisioning/state.ts";
import { groupType } from "../../scim/resource-type.ts";
import { nameOf } from "../find-resource.ts";
import type { OnProgress, Operations } from "../operations.ts";
import { walkHeads } from "../walk-heads.ts";

export interface Memberships {
  /** Users. */
  readonly members: ReadonlySet<string>;
  /** Groups that a member item stands in, by the member's id. */
  readonly groupsOf: ReadonlyMap<string, readonly GroupName[]>;
  /** Their last change is not applied yet, so that members may be on their way. */
  readonly pendingGroups: number;
  readonly stopped: boolean;
}

export interface GroupName {
  readonly id: string;
  readonly name?: string;
}

/** Errors: TableError. */
export async function readMemberships(
  o: Operations,
  options: { onProgress?: OnProgress; signal?: AbortSignal },
): Promise<Memberships> {
  const groupsOf = new Map<string, GroupName[]>();
  let pendingGroups = 0;
  const { stopped } = await walkHeads(o, groupType, options, async (heads) => {
    pendingGroups += heads.filter((head) => head.applied < head.version || isParked(head)).length;
    await Promise.all(
      heads.map(async (head) => {
        for await (const { id } of membersOf(o, head)) {
          groupsOf.set(id, [...(groupsOf.get(id) ?? []), groupName(head)]);
        }
      }),
    );
  });
  return { members: new Set(groupsOf.keys()), groupsOf, pendingGroups, stopped };
}

function groupName(head: Head): GroupName {
  const name = nameOf(head);
  return name === undefined ? { id: head.id } : { id: head.id, name };
}

async function* membersOf({ table }: Operations, { id }: Head): AsyncGenerator<Member> {
  const range = {
    table: "directory" as const,
    pk: entryPartition("Group", id),
    from: memberPrefix,
    to: `${memberPrefix}~`,
  };
  for await (const item of queryAll(table, range)) yield memberOf(item.sk.slice(memberPrefix.length), item.attributes);
}
