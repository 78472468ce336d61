/**
 * What a resource is found by: claims (one owner, atomic with the change) and lookups (many owners).
 *
 * They stand in the base table and are read consistently: a secondary index lags, and an identity provider that does not
 * find what it created creates it again (R22).
 */
import { isList, isObject, type Json } from "../scim/json.ts";
import { ScimError } from "../scim/error.ts";
import { limits } from "../scim/limits.ts";
import { findAttribute, topLevelAttributes, uniqueAttributes } from "../scim/resource-type.ts";
import type { Attribute, Resource, ResourceType } from "../scim/schema.ts";
import { fold } from "../scim/text.ts";

export interface IndexEntry {
  /** `userName`, `emails.value` */
  readonly attribute: string;
  /** Folded unless the attribute is caseExact. */
  readonly value: string;
}

export function claimsOf(type: ResourceType, resource: Resource): IndexEntry[] {
  return uniqueAttributes(type).flatMap((attribute) => entriesOf(type, attribute.name, resource));
}

/**
 * Errors: ScimError 400 `invalidValue` above 20 values of an attribute or 40 in all: a filter that quietly missed some
 * of them would make duplicates.
 */
export function lookupsOf(type: ResourceType, resource: Resource): IndexEntry[] {
  const entries = type.lookups.flatMap((attribute) => entriesOf(type, attribute, resource));
  const most = limits.valuesPerLookup;
  const crowded = type.lookups.find((name) => entries.filter((entry) => entry.attribute === name).length > most);
  if (crowded !== undefined) throw tooManyValues(`"${crowded}" has more than ${most} values`);
  if (entries.length > limits.lookupsPerResource) {
    throw tooManyValues(`${type.lookups.join(", ")} have more than ${limits.lookupsPerResource} values together`);
  }
  return entries;
}

function tooManyValues(what: string): ScimError {
  return new ScimError(400, "invalidValue", `${what}, which is more than can be searched; send fewer values`);
}

/** The value as a key holds it; undefined when the attribute is not one that resources are found by. */
export function indexedValue(type: ResourceType, attribute: string, value: string): string {
  const definition = definitionOf(type, attribute);
  return definition?.caseExact === true ? value : fold(value);
}

function entriesOf(type: ResourceType, path: string, resource: Resource): IndexEntry[] {
  const values = new Set<string>();
  for (const value of valuesAt(resource, path)) {
    if (typeof value !== "string" || value === "") continue;
    const entry = indexedValue(type, path, value);
    if (new TextEncoder().encode(entry).length > limits.indexedValueBytes) {
      throw new ScimError(
        400,
        "invalidValue",
        `"${path}" has a value of more than ${limits.indexedValueBytes} bytes; send a shorter one`,
      );
    }
    values.add(entry);
  }
  return [...values].map((value) => ({ attribute: path, value }));
}

function valuesAt(resource: Resource, path: string): readonly Json[] {
  const [name = "", sub] = path.split(".");
  const found = resource[name];
  if (found === undefined) return [];
  const values = isList(found) ? found : [found];
  return sub === undefined ? values : values.flatMap((value) => (isObject(value) ? (value[sub] ?? []) : []));
}

function definitionOf(type: ResourceType, path: string): Attribute | undefined {
  const [name = "", sub] = path.split(".");
  const attribute = findAttribute(topLevelAttributes(type), name);
  return sub === undefined ? attribute : attribute && findAttribute(attribute.subAttributes ?? [], sub);
}
