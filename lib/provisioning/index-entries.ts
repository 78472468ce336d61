/**
 * What a resource is found by: claims (one owner, atomic with the change) and lookups (many owners).
 *
 * They stand in the base table and are read consistently: a secondary index lags, and an identity provider that does not
 * find what it created creates it again (R22).
 */
import { resolveName } from "../scim/attribute-name.ts";
import type { ResolvedPath } from "../scim/attribute-path.ts";
import { ScimError } from "../scim/error.ts";
import { limits } from "../scim/limits.ts";
import { uniqueAttributes } from "../scim/resource-type.ts";
import type { Resource, ResourceType } from "../scim/schema.ts";
import { fold } from "../scim/text.ts";
import { elementsAt, subValues } from "../scim/values-at.ts";

export interface IndexEntry {
  /** `userName`, `emails.value`, `urn:…:Badge:number` */
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

/** The value as a key holds it. `attribute` is one that resources of the type are found by. */
export function indexedValue(type: ResourceType, attribute: string, value: string): string {
  const path = pathOf(type, attribute);
  return (path.subAttribute ?? path.attribute)?.caseExact === true ? value : fold(value);
}

function entriesOf(type: ResourceType, path: string, resource: Resource): IndexEntry[] {
  const values = new Set<string>();
  const place = pathOf(type, path);
  for (const value of subValues(elementsAt(resource, place), place)) {
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

/** Errors: ScimError for a name that the type does not have, which a tenant file cannot say. */
function pathOf(type: ResourceType, name: string): ResolvedPath {
  let paths = pathsOf.get(type);
  if (paths === undefined) {
    paths = new Map();
    pathsOf.set(type, paths);
  }
  const path = paths.get(name) ?? resolveName({ type }, name, "invalidPath");
  paths.set(name, path);
  return path;
}

// Types never change while the program runs, and every write asks for each of their indexed attributes.
const pathsOf = new WeakMap<ResourceType, Map<string, ResolvedPath>>();
