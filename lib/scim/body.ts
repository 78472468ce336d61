/**
 * The body of a POST or PUT, sorted into the attributes of its resource type.
 *
 * Source: RFC 7643 sections 2.1 (names in any case), 3.1 (`schemas`) and 3.3 (extensions); RFC 7644 section 3.3.
 */
import { admitsSchema } from "./dialects/authentik.ts";
import { attributeWithoutUrn } from "./dialects/entra.ts";
import { ScimError } from "./error.ts";
import { noteUnknown } from "./ignored.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { findAttribute, topLevelAttributes } from "./resource-type.ts";
import type { Attribute, Ignored, ResourceType, Schema } from "./schema.ts";
import { isNothing, twice } from "./value.ts";

/** Attributes that were sent, values not yet read. */
export type Sent = Map<Attribute, SentValue>;

export interface SentValue {
  /** As the client wrote it; below an extension, behind its URN. */
  readonly path: string;
  readonly value: Json;
}

export interface SortedBody {
  readonly core: Sent;
  readonly extensions: Map<Schema, Sent>;
}

/**
 * Finds the attribute of each member of a body, also of those that stand where another schema's should.
 *
 * Errors: ScimError 400 `invalidSyntax` for a body that is no object or has an attribute twice, 400 `invalidValue` for
 * `schemas` without the core schema and for an extension that is no object.
 */
export function sortBody(type: ResourceType, body: unknown, ignored: Ignored[]): SortedBody {
  if (!isObject(body))
    throw new ScimError(400, "invalidSyntax", `the body is not a JSON object; send one ${type.name}`);
  const { found: core, rest } = resolve(topLevelAttributes(type), body, "");
  const extensions = new Map<Schema, Sent>();
  const unplaced: SentValue[] = [];
  for (const sent of rest) {
    const name = sent.path.toLowerCase();
    const schema = [type.schema, ...type.extensions.map((one) => one.schema)].find(
      ({ id }) => id.toLowerCase() === name,
    );
    if (name === "schemas") checkSchemas(type, sent);
    else if (schema === undefined) unplaced.push(sent);
    // snipe-it 12642: core attributes nested under their URN, as if it were an extension's.
    else if (schema === type.schema)
      fill(core, resolve(topLevelAttributes(type), objectAt(sent), `${sent.path}:`), ignored);
    else if (extensions.has(schema)) throw twice(sent.path);
    else extensions.set(schema, resolveExtension(schema, sent, ignored));
  }
  for (const sent of unplaced) placeByName(type, extensions, sent, ignored);
  return { core, extensions };
}

interface Resolved {
  readonly found: Sent;
  /** What these attributes do not have. */
  readonly rest: SentValue[];
}

function resolve(attributes: readonly Attribute[], object: JsonObject, prefix: string): Resolved {
  const found: Sent = new Map();
  const rest: SentValue[] = [];
  for (const [name, value] of Object.entries(object)) {
    const attribute = findAttribute(attributes, name);
    const sent = { path: prefix + name, value };
    if (attribute === undefined) rest.push(sent);
    else if (found.has(attribute)) throw twice(sent.path);
    else found.set(attribute, sent);
  }
  return { found, rest };
}

function resolveExtension(schema: Schema, sent: SentValue, ignored: Ignored[]): Sent {
  const { found, rest } = resolve(schema.attributes, objectAt(sent), `${sent.path}:`);
  for (const unknown of rest) leaveOut(unknown, ignored);
  return found;
}

function placeByName(type: ResourceType, extensions: Map<Schema, Sent>, sent: SentValue, ignored: Ignored[]): void {
  const owner = attributeWithoutUrn(type, sent.path);
  if (owner === undefined) return leaveOut(sent, ignored);
  const found: Sent = extensions.get(owner.schema) ?? new Map<Attribute, SentValue>();
  extensions.set(owner.schema, found);
  fill(found, { found: new Map([[owner.attribute, sent]]), rest: [] }, ignored);
}

/** What stands in its own place comes before what does not. */
function fill(found: Sent, misplaced: Resolved, ignored: Ignored[]): void {
  for (const [attribute, sent] of misplaced.found) {
    const own = found.get(attribute);
    if (own === undefined || own.value === null) found.set(attribute, sent);
    else leaveOut(sent, ignored);
  }
  for (const unknown of misplaced.rest) leaveOut(unknown, ignored);
}

function leaveOut({ path, value }: SentValue, ignored: Ignored[]): void {
  if (!isNothing(value)) noteUnknown(ignored, path, value);
}

function objectAt({ path, value }: SentValue): JsonObject {
  if (isObject(value)) return value;
  if (isNothing(value)) return {};
  throw new ScimError(
    400,
    "invalidValue",
    `"${path}" is a schema; its value is an object with the schema's attributes`,
  );
}

/** D9: missing, it is that of the endpoint; unknown URIs do no harm. */
function checkSchemas(type: ResourceType, { value }: SentValue): void {
  const core = type.schema.id;
  if (admitsSchema(value, core)) return;
  throw new ScimError(400, "invalidValue", `"schemas" does not name "${core}", which ${type.endpoint} is for; add it`);
}
