/**
 * Somebody who was imported, met by a POST of the identity provider: that one is taken over, by what the tenant file's
 * `imports.matchBy` names.
 *
 * Decision: docs/decisions/0021-who-was-imported-is-taken-over.md.
 */
import { userType } from "../scim/resource-type.ts";
import type { Resource, ResourceType } from "../scim/schema.ts";
import { fold } from "../scim/text.ts";
import { type Head, liveAmong, text } from "./head.ts";
import { claimsOf, lookupsOf } from "./index-entries.ts";
import { claimKey, lookupPartition } from "./keys.ts";
import { queryAll } from "./query-all.ts";
import type { Provisioning } from "./state.ts";
import type { ImportedBy, Tenant } from "./tenant.ts";

/** Its claim says so by itself when the userName is taken, so nobody need be looked for before. */
function isByNameAlone({ importedBy }: Pick<Tenant, "importedBy">): boolean {
  return importedBy.every((by) => by === "userName");
}

/**
 * Whom a POST is to take over, by id. The first attribute that anybody has decides: when it is several, or one whom somebody
 * has spoken of since, nobody. Always undefined for a tenant that matches by userName alone.
 *
 * Errors: TableError.
 */
export async function importedMatch(
  p: Pick<Provisioning, "table" | "tenant">,
  type: ResourceType,
  asked: Resource,
): Promise<string | undefined> {
  if (type.id !== userType.id || isByNameAlone(p.tenant)) return undefined;
  for (const by of p.tenant.importedBy) {
    const heads = [...(await liveAmong(p.table, type.id, await idsWith(p, type, asked, by))).values()];
    const [first, ...more] = heads;
    if (first !== undefined) return more.length === 0 && first.imported !== undefined ? first.id : undefined;
  }
  return undefined;
}

/** The same by userName alone, of whoever has what the POST wanted. */
export function isImportedMatch(tenant: Tenant, holder: Head, asked: Resource): boolean {
  return (
    isByNameAlone(tenant) &&
    holder.type === userType.id &&
    holder.imported !== undefined &&
    nameOf(holder.resource) === nameOf(asked)
  );
}

/** What was taken may be another attribute that is unique. */
function nameOf({ userName }: Resource): string | undefined {
  return typeof userName === "string" ? fold(userName) : undefined;
}

async function idsWith(
  { table }: Pick<Provisioning, "table">,
  type: ResourceType,
  asked: Resource,
  by: ImportedBy,
): Promise<string[]> {
  const ids = new Set<string>();
  for (const { attribute, value } of claimsOf(type, asked).filter((entry) => entry.attribute === by)) {
    const claim = await table.get(claimKey(type.id, attribute, value));
    const id = claim && text(claim.attributes, "id");
    if (id !== undefined) ids.add(id);
  }
  for (const { attribute, value } of lookupsOf(type, asked).filter((entry) => entry.attribute === by)) {
    const pk = lookupPartition(type.id, attribute, value);
    for await (const item of queryAll(table, { table: "scim", pk })) ids.add(item.sk);
  }
  return [...ids];
}
