/** Complex values while they are patched: the order of their members, and when two elements of a list are the same one. */
import { isObject, type Json, type JsonObject } from "./json.ts";
import { findAttribute } from "./resource-type.ts";
import type { Attribute } from "./schema.ts";
import { fold } from "./text.ts";
import { inOrder } from "./value.ts";
import { own } from "./values-at.ts";

/** Stored values are in the order of the schema, so that equal ones are equal as text. */
export function inSchemaOrder(attribute: Attribute, value: JsonObject): JsonObject {
  const subAttributes = attribute.subAttributes ?? [];
  const found = subAttributes.flatMap((sub): [Attribute, Json][] => {
    const part = own(value, sub.name);
    return part === undefined ? [] : [[sub, part]];
  });
  return inOrder(subAttributes, new Map(found));
}

/** Equal for elements with the same `value` and `type` (R109); without a value, for equal elements. */
export function elementKey(attribute: Attribute, element: Json): string {
  const hasValue = isObject(element) && element["value"] !== undefined;
  return partsKey(attribute, element, hasValue ? ["value", "type"] : undefined);
}

/**
 * Tells the elements that a client names for removal (D3): by value and, if it says so, type; without a value by all that
 * it says. Linear, however many are named: there are only so many combinations of sub-attributes.
 */
export function namedElements(attribute: Attribute, named: readonly Json[]): (element: Json) => boolean {
  const keysByParts = new Map<string, Set<string>>();
  for (const element of named) {
    const parts = namedParts(element);
    const signature = parts.join(" ");
    const keys = keysByParts.get(signature) ?? new Set();
    keys.add(partsKey(attribute, element, parts));
    keysByParts.set(signature, keys);
  }
  return (element) =>
    [...keysByParts].some(([signature, keys]) => keys.has(partsKey(attribute, element, signature.split(" "))));
}

function namedParts(element: Json): string[] {
  if (!isObject(element)) return ["value"];
  if (element["value"] === undefined) return Object.keys(element);
  return element["type"] === undefined ? ["value"] : ["value", "type"];
}

function partsKey(attribute: Attribute, element: Json, parts: readonly string[] | undefined): string {
  if (!isObject(element)) return valueKey(attribute, element);
  const subAttributes = attribute.subAttributes ?? [];
  let key = "";
  for (const name of parts ?? Object.keys(element)) {
    const part = valueKey(findAttribute(subAttributes, name), element[name] ?? null);
    // With lengths, so that no text reads as two.
    key += `${name} ${part.length} ${part} `;
  }
  return key;
}

/** Equal for equal values; a text never equals what is none. */
function valueKey(attribute: Attribute | undefined, value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return `"${attribute?.caseExact === false ? fold(value) : value}`;
}
