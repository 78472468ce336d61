/**
 * Whether a resource, or an element of an attribute, fits a filter.
 *
 * Source: RFC 7644 section 3.4.2.2; equality of texts RFC 7643 section 2.2 (`caseExact`).
 */
import type { CompareOperator } from "./comparison.ts";
import type { Comparison, Filter } from "./filter.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import type { Attribute } from "./schema.ts";
import { fold } from "./text.ts";
import { asElement, elementsAt, subValues } from "./values-at.ts";

/** `body` is a resource as it is answered, or the element that a value filter is about. */
export function matches(filter: Filter, body: JsonObject): boolean {
  switch (filter.kind) {
    case "and":
      return filter.filters.every((part) => matches(part, body));
    case "or":
      return filter.filters.some((part) => matches(part, body));
    case "not":
      return !matches(filter.filter, body);
    case "compare":
      return compares(filter, body);
    case "present":
      return subValues(elementsAt(body, filter.path), filter.path).some(isPresent);
    case "valuePath":
      return elementsAt(body, filter.path).some((element) => matches(filter.filter, asElement(element)));
    default:
      return filter satisfies never;
  }
}

function compares({ path, op, value: wanted }: Comparison, body: JsonObject): boolean {
  const values = subValues(elementsAt(body, path), path);
  if (wanted === null) return values.some(isPresent) === (op === "ne");
  if (values.length === 0) return op === "ne";
  const attribute = path.subAttribute ?? path.attribute;
  return values.some(testOf(op, wanted, attribute));
}

/** What one value is asked. The value that is wanted is prepared once, however many values there are. */
function testOf(
  op: CompareOperator,
  wanted: string | number | boolean,
  attribute: Attribute | undefined,
): (value: Json) => boolean {
  if (typeof wanted === "number") return (value) => typeof value === "number" && holds(op, value, wanted);
  if (typeof wanted === "boolean")
    return (value) => typeof value === "boolean" && holds(op, Number(value), Number(wanted));
  const test = op === "co" || op === "sw" || op === "ew" ? contains : holds<string>;
  if (attribute?.type === "dateTime" && test !== contains) {
    const time = Date.parse(wanted);
    return (value) => typeof value === "string" && holds(op, Date.parse(value), time);
  }
  const key = attribute?.caseExact === true ? (text: string) => text : fold;
  const wantedKey = key(wanted);
  return (value) => typeof value === "string" && test(op, key(value), wantedKey);
}

function holds<T extends string | number>(op: CompareOperator, found: T, wanted: T): boolean {
  if (op === "eq") return found === wanted;
  if (op === "ne") return found !== wanted;
  if (op === "gt") return found > wanted;
  if (op === "ge") return found >= wanted;
  return op === "lt" ? found < wanted : found <= wanted;
}

function contains(op: CompareOperator, found: string, wanted: string): boolean {
  if (op === "co") return found.includes(wanted);
  return op === "sw" ? found.startsWith(wanted) : found.endsWith(wanted);
}

/** R37: an empty text or list is not there; a complex value is there if anything in it is. */
function isPresent(value: Json): boolean {
  if (value === null || value === "") return false;
  if (isList(value)) return value.some(isPresent);
  return !isObject(value) || Object.values(value).some(isPresent);
}
