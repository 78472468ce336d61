/** The roles that another tenant file would give. Groups are read once and memberships user by user, and neither unless its tables differ. */
import type { Entry } from "../../provisioning/entry.ts";
import type { Head } from "../../provisioning/head.ts";
import { listHeads } from "../../provisioning/list-heads.ts";
import { mappingHash } from "../../provisioning/mapping-hash.ts";
import type { Table } from "../../provisioning/ports.ts";
import { rolesOfNames } from "../../provisioning/role-table.ts";
import { groupIdsOf, roleNameOf } from "../../provisioning/roles.ts";
import type { Mapping } from "../../provisioning/tenant.ts";
import type { JsonObject } from "../../scim/json.ts";
import { groupType, userType } from "../../scim/resource-type.ts";

/** What is to be added to the profile of a user. Errors: TableError. */
export type DraftRoles = (head: Head, before: Entry | undefined) => Promise<JsonObject>;

export function draftRoles(table: Table, present: Mapping, draft: Mapping): DraftRoles {
  const sameTables = mappingHash([], present.roles) === mappingHash([], draft.roles);
  let names: Promise<ReadonlyMap<string, string>> | undefined;
  return async ({ id, type }, before) => {
    if (draft.roles.length === 0 || type !== userType.id) return {};
    const had = sameTables ? rolesIn(before, draft) : undefined;
    if (had !== undefined) return had;
    names ??= groupNames(table);
    const [nameOf, groups] = await Promise.all([names, groupIdsOf(table, id)]);
    return rolesOfNames(
      draft,
      groups.flatMap((group) => nameOf.get(group) ?? []),
    );
  };
}

/** Undefined when the entry was made before there was such a table. */
function rolesIn(before: Entry | undefined, { roles }: Mapping): JsonObject | undefined {
  const made = roles.flatMap(({ name }) => {
    const value = before?.profile[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return made.length < roles.length ? undefined : Object.fromEntries(made);
}

async function groupNames(table: Table): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for await (const group of listHeads(table, groupType.id)) {
    const name = roleNameOf(group);
    if (name !== undefined) names.set(group.id, name);
  }
  return names;
}
