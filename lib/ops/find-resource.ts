/**
 * Finding a resource by whatever the operator has in hand: userName, e-mail, externalId, a group's displayName or an id.
 *
 * Constant reads, with the same folding as the filters of the identity provider (R33): what it finds, this finds.
 */
import { defined, type Head, readHead, text } from "../provisioning/head.ts";
import { indexedValue } from "../provisioning/index-entries.ts";
import { claimKey, lookupPartition } from "../provisioning/keys.ts";
import type { Table } from "../provisioning/ports.ts";
import { queryAll } from "../provisioning/query-all.ts";
import { sightedAs } from "../provisioning/sighting.ts";
import type { Provisioning } from "../provisioning/state.ts";
import { uniqueAttributes } from "../scim/resource-type.ts";
import type { ResourceType } from "../scim/schema.ts";

export interface Found {
  readonly head: Head;
  /** `id`, `userName`, `emails.value` … */
  readonly by: string;
}

/** All that `word` names, each once; deleted ones are found by their id alone. Errors: TableError. */
export async function findResources(
  { table, tenant }: Pick<Provisioning, "table" | "tenant">,
  word: string,
): Promise<Found[]> {
  if (sightedAs(word) === undefined) return [];
  const found = new Map<string, Found>();
  for (const type of tenant.types) {
    for (const { id, by } of await candidates(table, type, word)) {
      if (found.has(id)) continue;
      const head = await readHead(table, type.id, id);
      if (head !== undefined) found.set(id, { head, by });
    }
  }
  return [...found.values()];
}

async function candidates(table: Table, type: ResourceType, word: string): Promise<{ id: string; by: string }[]> {
  const ids = [{ id: word.toLowerCase(), by: "id" }];
  for (const { name } of uniqueAttributes(type)) {
    const claim = await table.get(claimKey(type.id, name, indexedValue(type, name, word)));
    const id = claim && text(claim.attributes, "id");
    if (id !== undefined) ids.push({ id, by: name });
  }
  for (const name of type.lookups) {
    const pk = lookupPartition(type.id, name, indexedValue(type, name, word));
    for await (const item of queryAll(table, { table: "scim", pk })) ids.push({ id: item.sk, by: name });
  }
  return ids;
}

/** What a person calls it; undefined once it is deleted. */
export function nameOf(head: Pick<Head, "resource">): string | undefined {
  const { userName, displayName } = head.resource;
  const name = userName ?? displayName;
  return typeof name === "string" ? name : undefined;
}

/** `{ type, id }` and, while it is known, the name. */
export function identityOf(head: Head): { type: string; id: string; name?: string } {
  return { type: head.type, id: head.id, ...defined({ name: nameOf(head) }) };
}
