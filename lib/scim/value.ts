/**
 * Values: what a client sent for an attribute, as it is stored.
 *
 * Source: RFC 7643 sections 2.3 (types), 2.4 (multi-valued), 2.5 (null and empty are absent).
 */
import { objectFromText } from "./dialects/entra.ts";
import { readReference } from "./dialects/index.ts";
import { ScimError } from "./error.ts";
import { noteIgnored } from "./ignored.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import { findAttribute } from "./resource-type.ts";
import { readSimple, wrongType } from "./simple-value.ts";
import type { Attribute, Ignored } from "./schema.ts";

export interface ReadValue {
  /** Absent: nothing is to be stored (R18). */
  readonly value: Json | undefined;
  readonly ignored: Ignored[];
}

/**
 * Reads the value of an attribute or sub-attribute. `path` names it in messages, as the client wrote it.
 *
 * Errors: ScimError 400 `invalidValue`, 400 `invalidSyntax` for a sub-attribute that is there twice.
 */
export function readValue(attribute: Attribute, value: Json, path: string): ReadValue {
  const ignored: Ignored[] = [];
  const read = attribute.multiValued ? readList : readOne;
  return { value: read(attribute, value, path, ignored), ignored };
}

/** Reads one element of a multi-valued attribute, with the same errors as `readValue`. */
export function readElement(attribute: Attribute, value: Json, path: string): ReadValue {
  const ignored: Ignored[] = [];
  return { value: readListed(attribute, value, path, ignored), ignored };
}

function readList(attribute: Attribute, value: Json, path: string, ignored: Ignored[]): Json | undefined {
  const sent: readonly Json[] = isList(value) ? value : [value];
  const most = limits.valuesPerAttribute;
  if (sent.length > most) {
    throw new ScimError(400, "invalidValue", `"${path}" may have ${most} values, found ${sent.length}; send fewer`);
  }
  const elements = sent
    .map((element) => readListed(attribute, element, path, ignored))
    .filter((element) => element !== undefined);
  // Once more, because elements that differed in `primary` alone may have become equal.
  const list = distinct(withOnePrimary(distinct(elements)));
  return list.length === 0 ? undefined : list;
}

function readListed(attribute: Attribute, element: Json, path: string, ignored: Ignored[]): Json | undefined {
  if (typeof element === "string" && attribute.type === "complex") {
    const object = objectFromText(element);
    return object === null ? undefined : readComplex(attribute, object, path, ignored);
  }
  return readOne(attribute, element, path, ignored);
}

function readOne(attribute: Attribute, sent: Json, path: string, ignored: Ignored[]): Json | undefined {
  if (sent === null) return undefined;
  if (attribute.type !== "complex") return readSimple(attribute, sent, path);
  const value = isReference(attribute) ? readReference(sent) : sent;
  return value === null ? undefined : readComplex(attribute, value, path, ignored);
}

/** In the schema's spelling and order, and without what the schema does not have: no name of the client is kept. */
function readComplex(attribute: Attribute, value: Json, path: string, ignored: Ignored[]): Json | undefined {
  if (!isObject(value)) throw wrongType(attribute, value, path, "an object");
  const subAttributes = attribute.subAttributes ?? [];
  const found = new Map<Attribute, Json>();
  const seen = new Set<Attribute>();
  for (const [name, sent] of Object.entries(value)) {
    const subAttribute = findAttribute(subAttributes, name);
    if (subAttribute !== undefined && seen.has(subAttribute)) throw twice(`${path}.${name}`);
    if (subAttribute !== undefined) seen.add(subAttribute);
    const read = readSub(subAttribute, sent, `${path}.${name}`, ignored);
    if (subAttribute !== undefined && read !== undefined) found.set(subAttribute, read);
  }
  return found.size === 0 ? undefined : inOrder(subAttributes, found);
}

function readSub(attribute: Attribute | undefined, sent: Json, path: string, ignored: Ignored[]): Json | undefined {
  if (isNothing(sent)) return undefined;
  if (attribute === undefined) noteIgnored(ignored, path, "unknown");
  else if (attribute.mutability === "readOnly") noteIgnored(ignored, path, "readOnly");
  else
    return attribute.multiValued ? readList(attribute, sent, path, ignored) : readOne(attribute, sent, path, ignored);
  return undefined;
}

/** The values as an object in the order of the schema. */
export function inOrder(attributes: readonly Attribute[], values: ReadonlyMap<Attribute, Json>): JsonObject {
  const object: Record<string, Json> = {};
  for (const attribute of attributes) {
    const value = values.get(attribute);
    if (value !== undefined) object[attribute.name] = value;
  }
  return object;
}

/** What a client sends to say that it has no value (R18). */
export function isNothing(value: Json): boolean {
  return value === null || (isList(value) && value.length === 0);
}

export function twice(path: string): ScimError {
  const detail = `"${path}" is there twice, in different spelling; attribute names are the same in any case: send it once`;
  return new ScimError(400, "invalidSyntax", detail);
}

/** Whether losing its `value` an attribute has nothing left to say (`manager`). */
export function isReference(attribute: Attribute): boolean {
  if (attribute.multiValued) return false;
  return findAttribute(attribute.subAttributes ?? [], "value")?.referenceTypes !== undefined;
}

/** At most one value is the primary one; the first that says so stays (D18). */
function withOnePrimary(elements: readonly Json[]): Json[] {
  let found = false;
  return elements.map((element) => {
    if (!isObject(element) || element["primary"] !== true) return element;
    if (found) return { ...element, primary: false };
    found = true;
    return element;
  });
}

/** Elements are in schema order, so equal ones are equal as text (R109). */
function distinct(elements: readonly Json[]): Json[] {
  return [...new Map(elements.map((element) => [JSON.stringify(element), element])).values()];
}
