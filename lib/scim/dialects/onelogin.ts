/** What OneLogin sends differently: its body is a template that each customer edits, where what is unknown is an empty text. */
import type { Json, JsonObject } from "../json.ts";
import type { Attribute } from "../schema.ts";

/**
 * A reference whose id may be called `managerId`, as `{value, ...}`; null when it refers to nobody (D10, D20).
 *
 * Who: OneLogin, `manager: {managerId, displayName}`, with empty texts when there is no manager.
 * Source: Keepnet docs, OneLogin template.
 */
export function referenceFromManagerId(reference: JsonObject): JsonObject | null {
  const names = Object.keys(reference);
  const filled = (wanted: string) => names.find((name) => name.toLowerCase() === wanted && !isEmpty(reference[name]));
  if (filled("value") !== undefined) return without(reference, "managerid");
  const managerId = filled("managerid");
  if (managerId === undefined) return null;
  return { ...without(without(reference, "managerid"), "value"), value: reference[managerId] ?? null };
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key.toLowerCase() !== name));
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "";
}

/**
 * Whether a text refers to nothing: an empty one, which elsewhere is a value of its own (D10).
 *
 * Who: OneLogin; JumpCloud and Okta where a mapping finds nothing.
 * Source: Keepnet docs, OneLogin template.
 */
export function refersToNothing(attribute: Attribute, text: string): boolean {
  return text === "" && attribute.referenceTypes !== undefined;
}
