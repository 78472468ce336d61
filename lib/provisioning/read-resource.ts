/** Reading one resource by id: what was accepted, at once (R22). */
import { limits } from "../scim/limits.ts";
import { findAttribute } from "../scim/resource-type.ts";
import type { ResourceType } from "../scim/schema.ts";
import { notFound } from "./accept.ts";
import { readGroup } from "./group-members.ts";
import { type Head, headOf, readHead } from "./head.ts";
import { entryPartition, headKey, reversePrefix } from "./keys.ts";
import { queryAll } from "./query-all.ts";
import type { Provisioning, State } from "./state.ts";

/** What costs more than the head, and is read only when it is asked for. */
export interface Wanted {
  readonly members: boolean;
  readonly groups: boolean;
}

/** Errors: ScimError 404, 503. */
export async function readResource(p: Provisioning, type: ResourceType, id: string, wanted: Wanted): Promise<State> {
  if (type.hasMembers && wanted.members) {
    const group = await readGroup(p, id);
    if (group === undefined) throw notFound(type, id);
    return { ...stateOf(type, group.head), members: group.members };
  }
  const head = await readHead(p.table, type.id, id);
  if (head === undefined || head.state === "deleted") throw notFound(type, id);
  const state = stateOf(type, head);
  return (await withWanted(p, state, { ...wanted, members: false })) ?? state;
}

export function stateOf(type: ResourceType, { id, resource, version, created, lastModified }: Head): State {
  return { type, id, resource, version, created, lastModified };
}

/** A state with its members or groups, as far as they are wanted; undefined for a group that was deleted meanwhile. */
export async function withWanted(p: Provisioning, state: State, wanted: Wanted): Promise<State | undefined> {
  if (state.type.hasMembers) {
    if (!wanted.members) return state;
    const group = await readGroup(p, state.id);
    return group && { ...stateOf(state.type, group.head), members: group.members };
  }
  return wanted.groups && hasGroups(state.type) ? { ...state, groups: await groupsOf(p, state) } : state;
}

/** Nobody but users is shown with groups; a type of the tenant's own saves the query. */
function hasGroups({ schema }: ResourceType): boolean {
  return findAttribute(schema.attributes, "groups") !== undefined;
}

/** What has been applied: milliseconds behind, never wrong for long (R107). */
async function groupsOf(p: Provisioning, { type, id }: State): Promise<NonNullable<State["groups"]>> {
  const ids: string[] = [];
  const range = {
    table: "directory" as const,
    pk: entryPartition(type.id, id),
    from: reversePrefix,
    to: `${reversePrefix}~`,
  };
  for await (const item of queryAll(p.table, { ...range, limit: limits.groupsShown })) {
    ids.push(item.sk.slice(reversePrefix.length));
    if (ids.length === limits.groupsShown) break;
  }
  const heads = await p.table.batchGet(ids.map((group) => headKey("Group", group)));
  return heads.flatMap((item) => {
    const head = item && headOf("Group", item);
    if (head === undefined || head.state === "deleted") return [];
    const { displayName } = head.resource;
    return [typeof displayName === "string" ? { id: head.id, displayName } : { id: head.id }];
  });
}
