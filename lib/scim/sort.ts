/**
 * Sorting: by which value a resource is sorted, and which of two values comes first.
 *
 * Source: RFC 7644 section 3.4.2.3.
 */
import { elementAttributes, quote, resolveName } from "./attribute-name.ts";
import type { ResolvedPath } from "./attribute-path.ts";
import { ScimError } from "./error.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { findAttribute } from "./resource-type.ts";
import type { ResourceType } from "./schema.ts";
import { fold } from "./text.ts";
import { elementsAt, own, subValues } from "./values-at.ts";

/** What a resource is sorted by; null when it has no such value. Times and booleans are numbers. */
export type SortKey = string | number | null;

/** A text is compared by its beginning, because a cursor carries the key of the last resource. Units: characters. */
const keyCharacters = 256;

/**
 * Reads `sortBy`.
 *
 * Errors: ScimError 400 `invalidValue` for what is no attribute or has no single value; 403 `sensitive` (R125).
 */
export function readSortBy(type: ResourceType, text: string): ResolvedPath {
  const path = resolveName({ type }, text.trim(), "invalidValue");
  const { attribute, subAttribute } = path;
  if (attribute === undefined) throw unsortable(text, "is a whole schema; name one of its attributes");
  if ((subAttribute ?? attribute).returned === "never") {
    throw new ScimError(403, "sensitive", `sortBy: ${quote(text)} is never shown, so nothing is sorted by it`);
  }
  if (attribute.type !== "complex" || subAttribute !== undefined) return path;
  // `emails` means `emails.value`, as in filters (R34).
  const value = findAttribute(elementAttributes(attribute), "value");
  if (value === undefined) throw unsortable(text, "is made of several attributes; name one of them");
  return { ...path, subAttribute: value };
}

/** `body` is a resource as it is answered. Of several values the primary one counts, or else the first (R41). */
export function sortKey(body: JsonObject, path: ResolvedPath): SortKey {
  const elements = elementsAt(body, path);
  const chosen = elements.find((element) => isObject(element) && own(element, "primary") === true) ?? elements[0];
  const [value] = chosen === undefined ? [] : subValues([chosen], path);
  return keyOf(value, path);
}

/** Below 0 when `a` comes first in ascending order: numbers, then texts, and last what has no value. */
export function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  const [left, right] = [rank(a), rank(b)];
  if (left !== right || a === null || b === null) return left - right;
  return a < b ? -1 : 1;
}

function keyOf(value: Json | undefined, { attribute, subAttribute }: ResolvedPath): SortKey {
  const sorted = subAttribute ?? attribute;
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "string" || value === "") return null;
  const time = sorted?.type === "dateTime" ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  return (sorted?.caseExact === true ? value : fold(value)).slice(0, keyCharacters);
}

function rank(key: SortKey): number {
  if (key === null) return 2;
  return typeof key === "string" ? 1 : 0;
}

function unsortable(text: string, why: string): ScimError {
  return new ScimError(400, "invalidValue", `sortBy: ${quote(text)} ${why}`);
}
