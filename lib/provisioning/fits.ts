/** Whether heads fit a filter; members are read only as far as the filter asks about them. */
import type { Filter } from "../scim/filter.ts";
import { matches } from "../scim/match.ts";
import { represent } from "../scim/representation.ts";
import { isIndexed } from "./candidates.ts";
import { type GroupState, readGroup } from "./group-members.ts";
import type { Head } from "./head.ts";
import { amongNamed } from "./memberships.ts";
import { stateOf } from "./read-resource.ts";
import type { Part } from "./search-plan.ts";
import type { Provisioning } from "./state.ts";

/** The head, at the version at which it fits; undefined when it does not. Errors: ScimError 503. */
export type Fit = (head: Head) => Promise<Head | undefined>;

/** About the heads that are read from now on. Errors: TableError. */
export async function fitOf(p: Provisioning, { type, filter }: Part): Promise<Fit> {
  if (filter === undefined) return async (head) => head;
  const fitting = ({ head, members }: Partial<GroupState> & { head: Head }) => {
    const state = { ...stateOf(type, head), ...(members && { members }) };
    return head.state === "live" && matches(filter, represent(type, state, "")) ? head : undefined;
  };
  const named = type.hasMembers ? memberIdsIn(filter) : [];
  if (named === "all") {
    return async ({ id }) => {
      const group = await readGroup(p, id);
      return group && fitting(group);
    };
  }
  if (named.length === 0) return async (head) => fitting({ head });
  // Whether the named ones are members decides the filter; the others need not be read (Entra's reference check).
  const among = await amongNamed(p, named, isIndexed(type, filter) ? "few" : "many");
  return async (head) => fitting(await among(head));
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
