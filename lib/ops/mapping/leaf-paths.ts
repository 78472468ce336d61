/** The places in a resource that have a value, each as an administrator writes it at the identity provider. */
import { formatPath, type ResolvedPath } from "../../scim/attribute-path.ts";
import type { Filter } from "../../scim/filter.ts";
import { isList, isObject, type Json, type JsonObject } from "../../scim/json.ts";
import type { Resource, ResourceType } from "../../scim/schema.ts";

export interface Leaf {
  /** `name.givenName`, `emails[type eq "work"].value`, `urn:…:User:department` */
  readonly path: string;
  readonly value: Json;
}

/** They say which value of a list is meant, and are no values of their own; `$ref` is made of the value beside it. */
const selectors = new Set(["type", "primary", "$ref"]);

export function leavesOf(type: ResourceType, resource: Resource): Leaf[] {
  const urns = new Set(type.extensions.map(({ schema }) => schema.id));
  return Object.entries(resource).flatMap(([name, value]) => {
    if (!urns.has(name)) return leavesBelow(name, value);
    return isObject(value)
      ? Object.entries(value).flatMap(([part, inner]) => leavesBelow(`${name}:${part}`, inner))
      : [];
  });
}

function leavesBelow(name: string, value: Json): Leaf[] {
  if (isList(value)) return value.flatMap((element) => leavesOfElement(name, element));
  return isObject(value) ? parts(name, value) : [{ path: name, value }];
}

/** Of one value of a list. */
export function leavesOfElement(name: string, element: Json): Leaf[] {
  if (!isObject(element)) return [{ path: name, value: element }];
  const { type } = element;
  // The type is the same in any case (RFC 7643 section 2.4), and identity providers send "Work", too.
  const chosen = typeof type === "string" ? `${name}[type eq ${JSON.stringify(type.toLowerCase())}]` : name;
  return parts(chosen, element).filter(({ path }) => !selectors.has(path.slice(chosen.length + 1)));
}

/** A path of a mapping or of a client, so that the same place is written the same way as a leaf. */
export function writtenPath(path: ResolvedPath): string {
  return isTypeFilter(path.filter)
    ? formatPath({ ...path, filter: { ...path.filter, value: path.filter.value.toLowerCase() } })
    : formatPath(path);
}

/** `type eq "work"` and nothing else. */
export function isTypeFilter(filter: Filter | undefined): filter is Filter & { kind: "compare"; value: string } {
  if (filter?.kind !== "compare" || filter.op !== "eq" || typeof filter.value !== "string") return false;
  return filter.path.attribute?.name === "type";
}

function parts(name: string, object: JsonObject): Leaf[] {
  return Object.entries(object).map(([part, value]) => ({ path: `${name}.${part}`, value }));
}
