/**
 * The values of a PATCH: from what a client wrote to operations on single attributes.
 *
 * What is not for clients to write is refused when a path names it, and noted when it is only a key among others: Okta
 * sends a group's `id` along with each rename (R80, D17).
 */
import { quote } from "./attribute-name.ts";
import { parsePath, type ResolvedPath } from "./attribute-path.ts";
import { elementsToRemove } from "./dialects/entra.ts";
import { leftOut } from "./dialects/okta.ts";
import { ScimError } from "./error.ts";
import { noteIgnored, noteUnknown } from "./ignored.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { isMembersPath } from "./member-operation.ts";
import type { Patch, PatchOperation } from "./patch-operation.ts";
import { findAttribute } from "./resource-type.ts";
import type { Attribute, Ignored, ResourceType } from "./schema.ts";
import { isNothing, isReference, readElement, readValue } from "./value.ts";

type Op = PatchOperation["op"];

/** Reads an operation with a path, and adds what it comes to. */
export function readByPath(type: ResourceType, patch: Patch, op: Op, text: string, value: Json | undefined): void {
  // What a resource's `schemas` are follows from its values (R81).
  if (text.toLowerCase() === "schemas") return noteIgnored(patch.ignored, text, "readOnly");
  const path = parsePath(type, text);
  const reason = unwritable(path);
  if (reason === "readOnly") throw mutability(path, "is set by this server; leave it out");
  if (reason !== undefined) return noteIgnored(patch.ignored, text, reason);
  return readTarget(type, patch, op, path, value);
}

/** Reads an operation without a path: each key of its value is one, with its own value. */
export function readWithoutPath(type: ResourceType, patch: Patch, op: Op, value: JsonObject): void {
  const core = type.schema.id.toLowerCase();
  for (const [key, sent] of Object.entries(value)) {
    const name = key.toLowerCase();
    // Some put core attributes under their URN, as if it were an extension's.
    if (name === core && isObject(sent)) readKeys(type, patch, op, sent, `${key}:`);
    else if (name !== "schemas") readKey(type, patch, op, key, sent);
  }
}

function readKeys(type: ResourceType, patch: Patch, op: Op, value: JsonObject, prefix: string): void {
  for (const [key, sent] of Object.entries(value)) readKey(type, patch, op, `${prefix}${key}`, sent);
}

function readKey(type: ResourceType, patch: Patch, op: Op, key: string, sent: Json): void {
  const path = knownPath(type, key);
  if (path === undefined) return noteUnknown(patch.ignored, key, sent);
  const reason = unwritable(path);
  if (reason !== undefined) return noteIgnored(patch.ignored, key, reason);
  return readTarget(type, patch, op, path, sent);
}

function knownPath(type: ResourceType, key: string): ResolvedPath | undefined {
  try {
    return parsePath(type, key);
  } catch (error) {
    if (error instanceof ScimError && error.scimType === "invalidPath") return undefined;
    throw error;
  }
}

function unwritable({ attribute, subAttribute }: ResolvedPath): Ignored["reason"] | undefined {
  return (attribute && leftOut(attribute)) ?? (subAttribute && leftOut(subAttribute));
}

function readTarget(type: ResourceType, patch: Patch, op: Op, path: ResolvedPath, value: Json | undefined): void {
  const { attribute } = path;
  if (attribute === undefined) return readExtension(type, patch, op, path, value);
  if (type.hasMembers && isMembersPath(path)) {
    // Thousands of members come in one list: it is read once, by `splitMembers`.
    patch.operations.push({ op, path, ...(value === undefined || value === null ? {} : { value }) });
    return undefined;
  }
  if (op === "remove") return readRemove(patch, path, attribute, value);
  return readSet(patch, op, path, attribute, value ?? null);
}

/** A whole extension is merged attribute by attribute (R81). */
function readExtension(type: ResourceType, patch: Patch, op: Op, path: ResolvedPath, value: Json | undefined): void {
  if (op !== "remove" && isObject(value)) {
    return readKeys(type, patch, op, value, `${path.text}:`);
  }
  if (op !== "remove" && value !== undefined && !isNothing(value)) {
    throw new ScimError(400, "invalidValue", `${quote(path.text)} is a schema; its value is an object of attributes`);
  }
  const schema = type.extensions.find((extension) => extension.schema.id === path.extension)?.schema;
  const required = schema?.attributes.find((attribute) => attribute.required);
  if (required !== undefined && op !== "add")
    throw mutability(path, `holds ${quote(required.name)}, which is required`);
  if (op !== "add") patch.operations.push({ op: "remove", path });
}

function readRemove(patch: Patch, path: ResolvedPath, attribute: Attribute, value: Json | undefined): void {
  const isWhole = path.subAttribute === undefined && path.filter === undefined;
  const required = path.subAttribute?.required ?? (attribute.required && isWhole);
  if (required) throw mutability(path, "is required and cannot be removed; replace it");
  const named = isWhole && attribute.multiValued ? elementsToRemove(value) : undefined;
  if (named === undefined) {
    patch.operations.push({ op: "remove", path });
    return;
  }
  const elements: Json[] = [];
  for (const sent of named) {
    const element = read(patch, readElement(attribute, sent, path.text));
    if (element !== undefined) elements.push(element);
  }
  patch.operations.push({ op: "remove", path, value: elements });
}

function readSet(patch: Patch, op: Op, path: ResolvedPath, attribute: Attribute, sent: Json): void {
  const value = read(patch, readAt(path, attribute, sent));
  if (value !== undefined) patch.operations.push({ op, path, value });
  // To replace by nothing is to remove; to add nothing changes nothing (R18, R75).
  if (op === "add") return;
  const isMerged = attribute.type === "complex" && !attribute.multiValued && path.subAttribute === undefined;
  if (!isMerged || !isObject(sent) || isReference(attribute)) {
    if (value === undefined) patch.operations.push({ op: "remove", path });
    return;
  }
  // Sub-attributes that are not named stay (R74), so one that is named as null is taken away by itself.
  for (const [key, part] of Object.entries(sent)) {
    const subAttribute = isNothing(part) ? findAttribute(attribute.subAttributes ?? [], key) : undefined;
    if (subAttribute === undefined || subAttribute.mutability === "readOnly") continue;
    patch.operations.push({ op: "remove", path: { ...path, subAttribute, text: `${path.text}.${key}` } });
  }
}

function readAt(
  { filter, subAttribute, text }: ResolvedPath,
  attribute: Attribute,
  sent: Json,
): ReturnType<typeof readValue> {
  if (subAttribute !== undefined) return readValue(subAttribute, sent, text);
  if (filter === undefined) return readValue(attribute, sent, text);
  // `emails[type eq "work"]` is one element; some send it as a list of one.
  const [first = null, ...more] = isList(sent) ? sent : [sent];
  if (more.length === 0) return readElement(attribute, first, text);
  throw new ScimError(400, "invalidValue", `${quote(text)} is given ${more.length + 1} values; send one`);
}

function read(patch: Patch, { value, ignored }: ReturnType<typeof readValue>): Json | undefined {
  for (const { path, reason } of ignored) noteIgnored(patch.ignored, path, reason);
  return value;
}

function mutability(path: ResolvedPath, why: string): ScimError {
  return new ScimError(400, "mutability", `${quote(path.text)} ${why}`);
}
