/**
 * Projections: which attributes an answer shows.
 *
 * Source: RFC 7644 sections 3.4.2.5 and 3.9; `returned` in RFC 7643 section 2.2.
 */
import { resolveName } from "./attribute-name.ts";
import type { ResolvedPath } from "./attribute-path.ts";
import { ScimError } from "./error.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import { findAttribute, topLevelAttributes } from "./resource-type.ts";
import type { Attribute, ResourceType } from "./schema.ts";

export interface Projection {
  /** Absent: everything that is shown without being asked for. */
  readonly only?: Names;
  readonly without: Names;
}

/** Names below a place, in the schema's spelling; `whole` when all that stands there is meant. */
interface Names {
  whole: boolean;
  readonly below: Map<string, Names>;
}

/**
 * Reads `attributes` and `excludedAttributes`: names with commas between them, or a list of names. Names that the schemas
 * do not have are passed over, as a query for what is not there gives nothing.
 *
 * Errors: ScimError 400 `invalidValue` for more names than any schema has.
 */
export function readProjection(
  type: ResourceType,
  asked: {
    attributes?: string | readonly string[] | undefined;
    excludedAttributes?: string | readonly string[] | undefined;
  },
): Projection {
  const without = readNames(type, asked.excludedAttributes) ?? nothing();
  const only = readNames(type, asked.attributes);
  for (const { path, returned } of hiddenAttributes(type)) {
    if (returned === "never" || only === undefined || !holds(only, path)) add(without, path);
  }
  return only === undefined ? { without } : { only, without };
}

/** Whether the answer shows a top-level attribute, so that what it does not show need not be loaded. */
export function wants({ only, without }: Projection, name: string): boolean {
  if (without.below.get(name)?.whole === true) return false;
  return only === undefined || only.below.has(name);
}

/** Whether `attributes` names it. A list shows the groups of its users only then: each costs a query. */
export function namesAttribute({ only }: Projection, name: string): boolean {
  return only?.below.has(name) === true;
}

/** The part of a resource's body that the projection shows; `schemas` and what is `returned: always` stay (R25). */
export function project(type: ResourceType, body: JsonObject, { only, without }: Projection): JsonObject {
  const find = (name: string): Place => {
    const extension = type.extensions.find(({ schema }) => schema.id === name);
    if (extension !== undefined) return { always: false, below: extension.schema.attributes };
    if (name === "schemas") return { always: true, below: [] };
    return placeOf(topLevelAttributes(type), name);
  };
  const picked = only === undefined ? body : pick(body, only, find);
  return without.below.size === 0 ? picked : omit(picked, without, find);
}

// ---------------------------------------------------------------- names

function readNames(type: ResourceType, asked: string | readonly string[] | undefined): Names | undefined {
  const list = (typeof asked === "string" ? asked.split(",") : (asked ?? [])).map((name) => name.trim());
  const written = list.filter((name) => name !== "");
  if (written.length === 0) return undefined;
  if (written.length > limits.projectedNames) {
    const detail = `${written.length} attribute names are too many, ${limits.projectedNames} are read; leave the list out for all attributes`;
    throw new ScimError(400, "invalidValue", detail);
  }
  const names = nothing();
  for (const name of written) {
    const path = resolve(type, name);
    if (path !== undefined) add(names, path);
  }
  return names;
}

function resolve(type: ResourceType, name: string): string[] | undefined {
  try {
    return namesOf(resolveName({ type }, name, "invalidPath"));
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

function namesOf({ extension, attribute, subAttribute }: ResolvedPath): string[] {
  return [extension, attribute?.name, subAttribute?.name].filter((name) => name !== undefined);
}

function nothing(): Names {
  return { whole: false, below: new Map() };
}

function add(names: Names, path: readonly string[]): void {
  let place = names;
  for (const name of path) {
    const next = place.below.get(name) ?? nothing();
    place.below.set(name, next);
    place = next;
  }
  place.whole = true;
}

function holds(names: Names, path: readonly string[]): boolean {
  let place: Names | undefined = names;
  for (const name of path) {
    if (place?.whole === true) return true;
    place = place?.below.get(name);
  }
  return place !== undefined;
}

/** What is shown only when it is asked for (`request`), and what never is (R26). */
function hiddenAttributes(type: ResourceType): { path: string[]; returned: Attribute["returned"] }[] {
  const hidden = (attributes: readonly Attribute[], home: readonly string[]) =>
    attributes
      .filter(({ returned }) => returned === "request" || returned === "never")
      .map(({ name, returned }) => ({ path: [...home, name], returned }));
  return [
    ...hidden(topLevelAttributes(type), []),
    ...type.extensions.flatMap(({ schema }) => hidden(schema.attributes, [schema.id])),
  ];
}

// ---------------------------------------------------------------- values

/** A member of an object: whether it always stays, and what its own members are. */
interface Place {
  readonly always: boolean;
  readonly below: readonly Attribute[];
}

type Find = (name: string) => Place;

function placeOf(attributes: readonly Attribute[], name: string): Place {
  const attribute = findAttribute(attributes, name);
  return { always: attribute?.returned === "always", below: attribute?.subAttributes ?? [] };
}

function pick(object: JsonObject, names: Names, find: Find): JsonObject {
  return mapMembers(object, (name, value) => {
    const place = find(name);
    const named = names.below.get(name);
    if (place.always || named?.whole === true) return value;
    return named && inside(value, (part) => pick(part, named, (sub) => placeOf(place.below, sub)));
  });
}

function omit(object: JsonObject, names: Names, find: Find): JsonObject {
  return mapMembers(object, (name, value) => {
    const place = find(name);
    const named = names.below.get(name);
    if (place.always || named === undefined) return value;
    return named.whole ? undefined : inside(value, (part) => omit(part, named, (sub) => placeOf(place.below, sub)));
  });
}

function mapMembers(object: JsonObject, map: (name: string, value: Json) => Json | undefined): JsonObject {
  const entries = Object.entries(object).map(([name, value]) => [name, map(name, value)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** What is left of a complex value, or of each of a list; absent when nothing is. */
function inside(value: Json, change: (part: JsonObject) => JsonObject): Json | undefined {
  if (isList(value)) {
    const left = value.map((element) => inside(element, change)).filter((element) => element !== undefined);
    return left.length === 0 ? undefined : left;
  }
  if (!isObject(value)) return value;
  const left = change(value);
  return Object.keys(left).length === 0 ? undefined : left;
}
