/**
 * Resources: what a POST or PUT asks to be stored.
 *
 * Source: RFC 7644 sections 3.3 and 3.5.1; what is stored is described at `Resource`.
 */
import { sortBody, type Sent } from "./body.ts";
import { leftOut } from "./dialects/okta.ts";
import { ScimError } from "./error.ts";
import { noteIgnored } from "./ignored.ts";
import { withImmutable } from "./immutable.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { type MemberReference, readMembers } from "./member-reference.ts";
import { findAttribute, topLevelAttributes } from "./resource-type.ts";
import type { Attribute, Ignored, Resource, ResourceType } from "./schema.ts";
import { inOrder, isNothing, readValue } from "./value.ts";

export type { MemberReference } from "./member-reference.ts";

export interface ReadResource {
  readonly resource: Resource;
  /** Absent: the body does not say. */
  readonly members?: MemberReference[];
  readonly ignored: Ignored[];
}

/**
 * The resource that a POST asks for.
 *
 * Errors: ScimError 400 `invalidSyntax`, `invalidValue`; the detail names the attribute.
 */
export function readResource(type: ResourceType, body: unknown): ReadResource {
  const read = readBody(type, body);
  const active = findAttribute(type.schema.attributes, "active");
  // R21: left undefined, an identity provider would compare and patch for ever.
  const defaults: JsonObject = active?.type === "boolean" ? { [active.name]: true } : {};
  const resource = inSchemaOrder(type, { ...defaults, ...read.resource });
  checkRequired(type, resource);
  return { ...read, resource };
}

/**
 * The resource that a PUT asks for: what it leaves out is cleared, except what must not go by omission (D15).
 *
 * Errors: as `readResource`; 400 `mutability` for another value of an immutable attribute.
 */
export function replaceResource(type: ResourceType, current: Resource, body: unknown): ReadResource {
  const read = readBody(type, body);
  const kept = Object.entries(current).filter(([name]) => keptByReplace.has(name));
  const replaced = withImmutable(type, current, { ...Object.fromEntries(kept), ...read.resource });
  const resource = inSchemaOrder(type, replaced);
  checkRequired(type, resource);
  return { ...read, resource };
}

/** A leaver must not come back by omission, and an identity provider not lose the key by which it matches. */
const keptByReplace = new Set(["active", "externalId"]);

/**
 * Refuses a resource without what its schemas require.
 *
 * Errors: ScimError 400 `invalidValue`, which names the attribute.
 */
export function checkRequired(type: ResourceType, resource: Resource): void {
  for (const attribute of type.schema.attributes) checkPresent(attribute, resource[attribute.name], attribute.name);
  for (const { schema, required } of type.extensions) {
    const values = resource[schema.id];
    if (values === undefined && required) throw missing(schema.id);
    if (!isObject(values)) continue;
    for (const attribute of schema.attributes)
      checkPresent(attribute, values[attribute.name], `${schema.id}:${attribute.name}`);
  }
}

function checkPresent(attribute: Attribute, value: Json | undefined, path: string): void {
  // A userName of nothing but spaces names nobody (D10, R16).
  const isEmpty = value === undefined || (typeof value === "string" && value.trim() === "");
  if (attribute.required && isEmpty) throw missing(path);
}

function missing(path: string): ScimError {
  return new ScimError(400, "invalidValue", `"${path}" is required, but is missing or empty; map a value to it`);
}

// ---------------------------------------------------------------- reading

/** What the body says, without defaults. */
function readBody(type: ResourceType, body: unknown): ReadResource {
  const ignored: Ignored[] = [];
  const { core, extensions } = sortBody(type, body, ignored);
  const members = type.hasMembers ? takeMembers(core) : undefined;
  const resource: Record<string, Json> = { ...inOrder(topLevelAttributes(type), readValues(core, ignored)) };
  for (const { schema } of type.extensions) {
    const values = inOrder(schema.attributes, readValues(extensions.get(schema), ignored));
    if (Object.keys(values).length > 0) resource[schema.id] = values;
  }
  return { resource, ignored, ...(members && { members }) };
}

/** Members are kept apart from the group. `[]` says that there are none, null says nothing (D15). */
function takeMembers(core: Sent): MemberReference[] | undefined {
  for (const [attribute, { path, value }] of core) {
    if (attribute.name !== "members") continue;
    core.delete(attribute);
    return value === null ? undefined : readMembers(value, path);
  }
  return undefined;
}

function readValues(sent: Sent | undefined, ignored: Ignored[]): Map<Attribute, Json> {
  const values = new Map<Attribute, Json>();
  for (const [attribute, { path, value }] of sent ?? []) {
    if (isNothing(value)) continue;
    const reason = leftOut(attribute);
    if (reason !== undefined) noteIgnored(ignored, path, reason);
    else {
      const read = readValue(attribute, value, path);
      for (const note of read.ignored) noteIgnored(ignored, note.path, note.reason);
      if (read.value !== undefined) values.set(attribute, read.value);
    }
  }
  return values;
}

/** So that what was kept or defaulted does not stand in another place than what was sent. */
function inSchemaOrder(type: ResourceType, resource: Resource): Resource {
  const names = [
    ...topLevelAttributes(type).map((attribute) => attribute.name),
    ...type.extensions.map(({ schema }) => schema.id),
  ];
  const present = names.filter((name) => Object.hasOwn(resource, name));
  return Object.fromEntries(present.map((name) => [name, resource[name] ?? null]));
}
