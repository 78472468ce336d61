/**
 * `name op value`: which operators and values an attribute's type admits.
 *
 * Source: RFC 7644 section 3.4.2.2, table 3.
 */
import type { ResolvedPath } from "./attribute-path.ts";
import { elementAttributes, formatName, quote } from "./attribute-name.ts";
import { booleanFromText } from "./dialects/entra.ts";
import { ScimError } from "./error.ts";
import type { Comparison } from "./filter.ts";
import type { Token } from "./filter-lexer.ts";
import { findAttribute } from "./resource-type.ts";
import type { Attribute } from "./schema.ts";

export const compareOperators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
export type CompareOperator = (typeof compareOperators)[number];

/**
 * A comparison whose value has the attribute's type.
 *
 * Errors: ScimError 400 `invalidFilter` when operator or value do not fit the attribute.
 */
export function comparison(named: ResolvedPath, op: CompareOperator, token: Token): Comparison {
  const path = comparable(named);
  const attribute = path.subAttribute ?? path.attribute;
  if (attribute === undefined) throw misfit(path, "is a whole schema; name one of its attributes");
  refuseOperator(path, attribute, op);
  const value = valueOf(path, attribute, op, token);
  return { kind: "compare", path, op, value };
}

/** A complex attribute is compared by its `value`: `members eq "id"`, `manager eq "id"` (R34). */
function comparable(path: ResolvedPath): ResolvedPath {
  const { attribute } = path;
  if (attribute?.type !== "complex" || path.subAttribute !== undefined) return path;
  const subAttribute = findAttribute(elementAttributes(attribute), "value");
  if (subAttribute !== undefined) return { ...path, subAttribute };
  const names = elementAttributes(attribute).map((sub) => `${attribute.name}.${sub.name}`);
  throw misfit(path, `is made of several attributes; name one: ${names.join(", ")}`);
}

function refuseOperator(path: ResolvedPath, attribute: Attribute, op: CompareOperator): void {
  if (op === "eq" || op === "ne") return;
  const isOrder = op === "gt" || op === "ge" || op === "lt" || op === "le";
  const { type } = attribute;
  const isNumber = type === "integer" || type === "decimal";
  const admitted = isOrder ? type !== "boolean" && type !== "binary" : type !== "boolean" && !isNumber;
  if (!admitted) throw misfit(path, `is of type ${type}, which has no ${op}; use eq or ne`);
}

function valueOf(path: ResolvedPath, attribute: Attribute, op: CompareOperator, token: Token): Comparison["value"] {
  const { kind, text } = token;
  if (kind === "word" && text.toLowerCase() === "null") {
    if (op === "eq" || op === "ne") return null;
    throw misfit(path, `cannot be compared with null by ${op}; use eq, ne or pr`);
  }
  switch (attribute.type) {
    case "boolean": {
      const value = booleanFromText(text);
      if (value !== undefined) return value;
      throw misfit(path, `is true or false, found ${quote(text)}`);
    }
    case "integer":
    case "decimal":
      if (kind === "word" && isJsonNumber(text)) return Number(text) + 0; // -0 is 0
      throw misfit(path, `is a number without quotes, found ${quote(text)}`);
    case "dateTime":
      if (op === "co" || op === "sw" || op === "ew" || !Number.isNaN(Date.parse(text))) return text;
      throw misfit(path, `is a date and time such as "2026-01-31T12:00:00Z", found ${quote(text)}`);
    default:
      // A single word needs no quotes: authentik leaves them out (D19).
      return text;
  }
}

/** A number of RFC 8259, within what we can hold. */
function isJsonNumber(text: string): boolean {
  try {
    return Number.isFinite(JSON.parse(text));
  } catch {
    return false;
  }
}

function misfit(path: ResolvedPath, why: string): ScimError {
  return new ScimError(400, "invalidFilter", `filter: ${quote(formatName(path))} ${why}`);
}
