/** Of several values the primary one comes first (RFC 7643 section 2.4); the others stay in their order. */
import { isObject, type Json } from "./json.ts";

export function primaryFirst(elements: readonly Json[]): Json[] {
  return elements.toSorted((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)));
}

function isPrimary(element: Json): boolean {
  return isObject(element) && element["primary"] === true;
}
