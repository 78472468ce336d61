/** Values that may leave the house: enough to recognise the form of one, too little to know whose it is. */
import { isList, isObject, type Json } from "../scim/json.ts";

const hidden = "•••";

/**
 * The first character of each part that tells something, and the end of a domain name. A boolean names nobody and stays.
 *
 * @example
 * masked("ada@example.com"); // "a•••@e•••.com"
 * masked("Sales"); // "S•••"
 */
export function masked(value: Json): Json {
  if (isList(value)) return value.map(masked);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, masked(part)]));
  if (typeof value === "string") return maskedText(value);
  return typeof value === "number" ? hidden : value;
}

export function maskedText(text: string): string {
  if (text === "") return text;
  const [, local, domain] = /^([^\s@]+)@([^\s@]+)$/.exec(text) ?? [];
  if (local === undefined || domain === undefined) return begun(text);
  const end = /\.[A-Za-z]{2,}$/.exec(domain)?.[0] ?? "";
  return `${begun(local)}@${begun(domain.slice(0, domain.length - end.length))}${end}`;
}

/** Of one or two characters nothing is told: half of it would be. */
function begun(text: string): string {
  const [first = "", ...rest] = text;
  return rest.length < 2 ? hidden : `${first}${hidden}`;
}
