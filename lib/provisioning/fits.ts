/** Whether a head fits a filter; members are read only as far as the filter asks about them. */
import type { Filter } from "../scim/filter.ts";
import { matches } from "../scim/match.ts";
import { represent } from "../scim/representation.ts";
import type { ResourceType } from "../scim/schema.ts";
import { membersAmong, readGroup } from "./group-members.ts";
import type { Head } from "./head.ts";
import { stateOf } from "./read-resource.ts";
import type { Provisioning } from "./state.ts";

/** Errors: ScimError 503. */
export async function fits(
  p: Provisioning,
  filter: Filter | undefined,
  { type, head }: { type: ResourceType; head: Head },
): Promise<boolean> {
  if (filter === undefined) return true;
  const state = stateOf(type, head);
  const named = type.hasMembers ? memberIdsIn(filter) : [];
  if (named === "all") {
    const group = await readGroup(p, head.id);
    return group !== undefined && matches(filter, represent(type, { ...state, members: group.members }, ""));
  }
  if (named.length === 0) return matches(filter, represent(type, state, ""));
  // Whether the named ones are members decides the filter; the others need not be read (Entra's reference check).
  const { members } = await membersAmong(p, head, named);
  return matches(filter, represent(type, { ...state, members }, ""));
}

/** The ids that a filter compares members with; "all" when it asks something else about members. */
function memberIdsIn(filter: Filter): string[] | "all" {
  switch (filter.kind) {
    case "and":
    case "or": {
      const parts = filter.filters.map(memberIdsIn);
      return parts.includes("all") ? "all" : parts.flat();
    }
    case "not":
      return memberIdsIn(filter.filter);
    case "present":
      return filter.path.attribute?.name === "members" ? "all" : [];
    case "compare": {
      if (filter.path.attribute?.name !== "members") return [];
      const byId = (filter.path.subAttribute?.name ?? "value") === "value" && filter.path.filter === undefined;
      return byId && filter.op === "eq" && typeof filter.value === "string" ? [filter.value] : "all";
    }
    case "valuePath": {
      if (filter.path.attribute?.name !== "members") return [];
      const { filter: inner } = filter;
      const byId = inner.kind === "compare" && inner.op === "eq" && inner.path.attribute?.name === "value";
      return byId && typeof inner.value === "string" ? [inner.value] : "all";
    }
  }
}
