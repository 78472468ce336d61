/**
 * The operations of a PATCH that are about the members of a group.
 *
 * They are kept apart from all others, and never make a list of the members there are: a group has tens of thousands,
 * and Entra sends one PATCH for each.
 */
import { quote } from "./attribute-name.ts";
import type { ResolvedPath } from "./attribute-path.ts";
import { elementsToRemove } from "./dialects/entra.ts";
import { ScimError } from "./error.ts";
import type { Filter } from "./filter.ts";
import { type MemberReference, readMembers } from "./member-reference.ts";
import type { PatchOperation } from "./patch-operation.ts";

export type MemberOperation =
  | { readonly kind: "add"; readonly members: MemberReference[] }
  | { readonly kind: "remove"; readonly ids: string[] }
  /** By a filter that is more than ids: `members[type eq "Group"]`. Its paths are names of sub-attributes of a member. */
  | { readonly kind: "removeWhere"; readonly filter: Filter }
  | { readonly kind: "replace"; readonly members: MemberReference[] };

/**
 * Takes the operations on members out of those on a group; both keep their order.
 *
 * Errors: ScimError 400 `mutability` for a change of a member that is there (R108), 400 `invalidValue` for a member
 * without an id.
 */
export function splitMembers(operations: readonly PatchOperation[]): {
  operations: PatchOperation[];
  members: MemberOperation[];
} {
  const others: PatchOperation[] = [];
  const members: MemberOperation[] = [];
  for (const operation of operations) {
    if (isMembersPath(operation.path)) members.push(memberOperation(operation));
    else others.push(operation);
  }
  return { operations: others, members };
}

/** Whether a path leads into the members of a group. The type must be one that has members. */
export function isMembersPath({ extension, attribute }: ResolvedPath): boolean {
  return extension === undefined && attribute?.name === "members";
}

function memberOperation({ op, path, value }: PatchOperation): MemberOperation {
  if (path.subAttribute !== undefined || (op !== "remove" && path.filter !== undefined)) {
    const detail = `${quote(path.text)}: members are added and removed, not edited; use the path members`;
    throw new ScimError(400, "mutability", detail);
  }
  if (op !== "remove") return { kind: op, members: value === undefined ? [] : readMembers(value, path.text) };
  if (path.filter !== undefined) {
    const ids = idsOf(path.filter);
    return ids === undefined ? { kind: "removeWhere", filter: path.filter } : { kind: "remove", ids };
  }
  // Without filter and without value all go; with a value only those in it, and with an empty one none (D3).
  const named = elementsToRemove(value);
  if (named === undefined) return { kind: "replace", members: [] };
  return { kind: "remove", ids: readMembers(named, path.text).map((member) => member.value) };
}

/** The ids of `value eq`, alone or joined by `or`; undefined for any other filter. */
function idsOf(filter: Filter): string[] | undefined {
  if (filter.kind === "or") {
    const ids = filter.filters.map(idsOf);
    return ids.includes(undefined) ? undefined : ids.flatMap((some) => some ?? []);
  }
  const isId = filter.kind === "compare" && filter.op === "eq" && filter.path.attribute?.name === "value";
  return isId && typeof filter.value === "string" ? [filter.value] : undefined;
}
