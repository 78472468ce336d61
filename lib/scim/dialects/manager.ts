/**
 * References as identity providers write them. The one in use is `manager` (D20):
 *
 * - Entra sends the id as a text, and in its older form an array of one `{$ref, value}`;
 * - OneLogin's template has `{managerId, displayName}`, with empty texts when there is no manager;
 * - the RFC has `{value, $ref}`.
 */
import { isList, isObject, type Json, type JsonObject } from "../json.ts";

/** The reference as `{value, ...}`; null when it refers to nobody (D10). Whatever else was sent comes back as it is. */
export function readReference(sent: Json): Json {
  const one = isList(sent) && sent.length <= 1 ? sent[0] : sent;
  if (one === undefined || one === "") return null;
  if (typeof one === "string") return { value: one };
  return isObject(one) ? withValue(one) : sent;
}

function withValue(reference: JsonObject): JsonObject | null {
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
