/**
 * The heads that a search has to look at: those that an index leaves, or all of the type; always in id order (R44).
 */
import { resolveFilterName } from "../scim/attribute-name.ts";
import { ScimError } from "../scim/error.ts";
import type { Filter } from "../scim/filter.ts";
import { equalities, type Equality } from "../scim/indexed-filter.ts";
import { limits } from "../scim/limits.ts";
import { uniqueAttributes } from "../scim/resource-type.ts";
import type { ResourceType } from "../scim/schema.ts";
import { type Head, headOf, text } from "./head.ts";
import { indexedValue } from "./index-entries.ts";
import { claimKey, headKey, lookupPartition } from "./keys.ts";
import { listHeads } from "./list-heads.ts";
import { queryAll } from "./query-all.ts";
import type { Provisioning } from "./state.ts";

export interface From {
  /** Only ids behind this one. */
  readonly after?: string;
  /** How many heads are expected to be read, so that no more are fetched. */
  readonly limit?: number;
  /** All will be read: then several queries are under way at once. */
  readonly whole?: boolean;
}

/** `filter` absent: all that are live. */
export async function* candidates(
  p: Provisioning,
  type: ResourceType,
  filter: Filter | undefined,
  from: From = {},
): AsyncGenerator<Head> {
  const equal = filter === undefined ? [] : equalities(filter);
  // A search over all types that names one of them need not look at the others.
  if (equal.some(({ attribute, value }) => attribute === "meta.resourceType" && value !== type.name)) return;
  // What the type does not have has no value (RFC 7644 section 3.4.2.1), so it equals nothing.
  if (!equal.every(({ attribute }) => hasAttribute(type, attribute))) return;
  const found = await indexed(p, type, equal);
  if (found === undefined) yield* listHeads(p.table, type.id, from);
  else yield* found.filter((head) => from.after === undefined || head.id > from.after);
}

function hasAttribute(type: ResourceType, name: string): boolean {
  try {
    resolveFilterName({ type }, name);
    return true;
  } catch (error) {
    if (error instanceof ScimError) return false;
    throw error;
  }
}

/** Whether an index leaves a few heads to look at. */
export function isIndexed(type: ResourceType, filter: Filter): boolean {
  return onIndex(type, equalities(filter)) !== undefined;
}

function onIndex(type: ResourceType, equal: readonly Equality[]): Equality | undefined {
  const unique = new Set(uniqueAttributes(type).map((attribute) => attribute.name));
  return equal.find(({ attribute }) => attribute === "id" || unique.has(attribute) || type.lookups.includes(attribute));
}

/** Undefined when no equality is on an indexed attribute. Strongly consistent, in constant reads. */
async function indexed(p: Provisioning, type: ResourceType, equal: readonly Equality[]): Promise<Head[] | undefined> {
  const found = onIndex(type, equal);
  if (found === undefined) return undefined;
  const ids = typeof found.value === "string" ? await idsOf(p, type, found.attribute, found.value) : [];
  const items = await p.table.batchGet(ids.map((id) => headKey(type.id, id)));
  return items
    .flatMap((item) => (item === undefined ? [] : [headOf(type.id, item)]))
    .filter((head) => head.state === "live");
}

/** Ascending: a lookup's items stand in id order. */
async function idsOf(p: Provisioning, type: ResourceType, attribute: string, value: string): Promise<string[]> {
  if (attribute === "id") return [value];
  const key = indexedValue(type, attribute, value);
  if (key === "" || new TextEncoder().encode(key).length > limits.indexedValueBytes) return [];
  if (type.lookups.includes(attribute)) {
    const ids: string[] = [];
    for await (const item of queryAll(p.table, { table: "scim", pk: lookupPartition(type.id, attribute, key) }))
      ids.push(item.sk);
    return ids;
  }
  const claim = await p.table.get(claimKey(type.id, attribute, key));
  const id = claim && text(claim.attributes, "id");
  return id === undefined ? [] : [id];
}
