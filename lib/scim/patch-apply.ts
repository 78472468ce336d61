/**
 * PATCH on a resource: all operations or none, in order, each on the result of the one before (R63, R64).
 *
 * Source: RFC 7644 sections 3.5.2.1 to 3.5.2.3.
 */
import { formatName, quote } from "./attribute-name.ts";
import { ScimError } from "./error.ts";
import { hasImmutable } from "./immutable.ts";
import { equalJson, isList, isObject, type Json, type JsonObject } from "./json.ts";
import { isMembersPath } from "./member-operation.ts";
import { inSchemaOrder } from "./patch-element.ts";
import { changeList } from "./patch-list.ts";
import type { PatchOperation } from "./patch-operation.ts";
import { patchBudget } from "./patch-work.ts";
import type { Attribute, Resource, ResourceType } from "./schema.ts";
import { isReference } from "./value.ts";
import { own } from "./values-at.ts";

/**
 * The resource after the operations; the very same object when they change nothing (R67). What was given is never changed.
 *
 * Errors: ScimError 400: `noTarget` for a value path that finds nothing and cannot be created (D1), `mutability` for an
 * immutable value that is there already, `invalidValue` for too many values or too much work.
 */
export function applyPatch(type: ResourceType, resource: Resource, operations: readonly PatchOperation[]): Resource {
  let patched = resource;
  const spend = patchBudget();
  for (const operation of operations) {
    if (type.hasMembers && isMembersPath(operation.path))
      throw new Error("members are not part of a resource: splitMembers takes them out");
    spend(operation, currentValue(patched, operation));
    patched = applyOperation(type, patched, operation);
  }
  return equalJson(resource, patched) ? resource : patched;
}

function currentValue(resource: Resource, { path: { extension, attribute } }: PatchOperation): Json | undefined {
  const holder = extension === undefined ? resource : own(resource, extension);
  return attribute === undefined || !isObject(holder) ? undefined : own(holder, attribute.name);
}

function applyOperation(type: ResourceType, resource: Resource, operation: PatchOperation): Resource {
  const { extension, attribute } = operation.path;
  if (attribute === undefined) {
    if (extension === undefined) return resource;
    if (hasImmutable(type, resource, extension)) throw setOnce(operation);
    return withMember(resource, extension, undefined);
  }
  if (extension === undefined) return applyTo(resource, operation, attribute);
  const found = own(resource, extension);
  const values = applyTo(isObject(found) ? found : {}, operation, attribute);
  if (values === found) return resource;
  // An extension without values is not there (R111).
  return withMember(resource, extension, Object.keys(values).length === 0 ? undefined : values);
}

function applyTo(holder: JsonObject, operation: PatchOperation, attribute: Attribute): JsonObject {
  const current = own(holder, attribute.name);
  const next = nextValue(operation, attribute, current);
  if (attribute.mutability === "immutable" && current !== undefined && !equalJson(current, next)) {
    throw setOnce(operation);
  }
  return next === current ? holder : withMember(holder, attribute.name, next);
}

function setOnce({ path }: PatchOperation): ScimError {
  const name = quote(formatName(path));
  return new ScimError(400, "mutability", `${name} is set once and stays as it is; leave it out`);
}

function nextValue(operation: PatchOperation, attribute: Attribute, current: Json | undefined): Json | undefined {
  if (attribute.multiValued) {
    const list = changeList(operation, attribute, isList(current) ? current : []);
    return list.length === 0 ? undefined : list;
  }
  if (attribute.type !== "complex") return operation.op === "remove" ? undefined : operation.value;
  return changeObject(operation, attribute, isObject(current) ? current : {});
}

/** A complex attribute: sub-attributes that are not named stay (R74). */
function changeObject(
  { op, path, value }: PatchOperation,
  attribute: Attribute,
  current: JsonObject,
): Json | undefined {
  const { subAttribute } = path;
  if (op === "remove" && subAttribute === undefined) return undefined;
  const next =
    subAttribute === undefined
      ? { ...current, ...(isObject(value) ? value : {}) }
      : withMember(current, subAttribute.name, op === "remove" ? undefined : value);
  const isEmpty = Object.keys(next).length === 0 || (isReference(attribute) && next["value"] === undefined);
  return isEmpty ? undefined : inSchemaOrder(attribute, next);
}

function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _gone, ...rest } = object;
  return rest;
}
