/**
 * Values that are not made of others: texts, booleans, numbers, times.
 *
 * Source: RFC 7643 section 2.3.
 */
import { booleanFromText } from "./dialects/entra.ts";
import { refersToNothing } from "./dialects/onelogin.ts";
import { ScimError } from "./error.ts";
import type { Json } from "./json.ts";
import type { Attribute } from "./schema.ts";

/**
 * The value as it is stored: as it was sent (R110), but for booleans that came as texts and references to nothing.
 *
 * Errors: ScimError 400 `invalidValue`.
 */
export function readSimple(attribute: Attribute, value: Json, path: string): Json | undefined {
  switch (attribute.type) {
    case "boolean":
      return readBoolean(attribute, value, path);
    case "integer":
      if (Number.isSafeInteger(value)) return value;
      throw wrongType(attribute, value, path, "a whole number");
    case "decimal":
      if (typeof value === "number") return value;
      throw wrongType(attribute, value, path, "a number");
    case "dateTime":
      if (typeof value === "string" && isDateTime(value)) return value;
      throw wrongType(attribute, value, path, 'a time with its zone, such as "2026-01-31T12:00:00Z"');
    default:
      if (typeof value !== "string") throw wrongType(attribute, value, path, "a text");
      return refersToNothing(attribute, value) ? undefined : value;
  }
}

function readBoolean(attribute: Attribute, value: Json, path: string): boolean {
  const read = booleanFromText(value);
  if (read === undefined) throw wrongType(attribute, value, path, "true or false");
  return read;
}

export function wrongType(attribute: Attribute, value: Json, path: string, expected: string): ScimError {
  return new ScimError(400, "invalidValue", `"${path}": found ${describe(attribute, value)}, expected ${expected}`);
}

/** Short texts are shown: `"yes"` tells more than "a text". A secret never is. */
function describe(attribute: Attribute, value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "boolean") return "a boolean";
  if (attribute.returned === "never" || attribute.type === "complex")
    return typeof value === "number" ? "a number" : "a text";
  if (typeof value === "number") return `the number ${value}`;
  return value.length > 40 ? `a text of ${value.length} characters` : `the text ${JSON.stringify(value)}`;
}

/** ISO 8601 with a zone, as in XML Schema. */
function isDateTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,12})?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}
