/**
 * Immutable attributes: set once, and then as they are.
 *
 * Source: RFC 7643 section 7; RFC 7644 section 3.5.1 for PUT.
 */
import { ScimError } from "./error.ts";
import { equalJson, isObject, type Json, type JsonObject } from "./json.ts";
import { topLevelAttributes } from "./resource-type.ts";
import type { Attribute, Resource, ResourceType } from "./schema.ts";
import { own } from "./values-at.ts";

/**
 * The replacement of a resource with the immutable values that it leaves out, in the extensions as well.
 *
 * Errors: ScimError 400 `mutability` for another value of one (R59).
 */
export function withImmutable(type: ResourceType, before: Resource, after: Resource): Resource {
  const whole: Record<string, Json> = { ...after, ...kept(topLevelAttributes(type), before, after, "") };
  for (const { schema } of type.extensions) {
    const values = objectOf(own(after, schema.id));
    const immutable = kept(schema.attributes, objectOf(own(before, schema.id)), values, `${schema.id}:`);
    if (Object.keys(immutable).length > 0) whole[schema.id] = { ...values, ...immutable };
  }
  return whole;
}

/** Whether the extension has a value that stays as it is, so that the whole of it cannot be removed. */
export function hasImmutable(type: ResourceType, resource: Resource, extension: string): boolean {
  const schema = type.extensions.find((one) => one.schema.id === extension)?.schema;
  const values = objectOf(own(resource, extension));
  return (
    schema?.attributes.some((attribute) => isImmutable(attribute) && Object.hasOwn(values, attribute.name)) === true
  );
}

function kept(attributes: readonly Attribute[], before: JsonObject, after: JsonObject, prefix: string): JsonObject {
  const values: Record<string, Json> = {};
  for (const { name } of attributes.filter(isImmutable)) {
    const value = own(before, name);
    if (value === undefined) continue;
    const sent = own(after, name);
    if (sent !== undefined && !equalJson(value, sent)) throw changedImmutable(prefix + name);
    values[name] = value;
  }
  return values;
}

function isImmutable({ mutability }: Attribute): boolean {
  return mutability === "immutable";
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function changedImmutable(name: string): ScimError {
  return new ScimError(
    400,
    "mutability",
    `"${name}" is immutable: it was set before and cannot be changed; send it as it is`,
  );
}
