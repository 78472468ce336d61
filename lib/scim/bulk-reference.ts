/**
 * References by `bulkId`: a resource that a bulk request makes, named before it has an id.
 *
 * Source: RFC 7644 section 3.7.2. A reference is a text that is exactly `bulkId:<id>`, at any depth of the data; beside
 * those, the segment of an operation's path, and a quoted value in the path of a PATCH (`members[value eq "bulkId:q"]`).
 */
import { isList, isObject, type Json, type JsonObject } from "./json.ts";

const whole = /^bulkId:(.+)$/s;
const quoted = /"bulkId:([^"]+)"/g;

/** The `bulkId` that a text refers to, if it does. */
export function referenceIn(text: string): string | undefined {
  return whole.exec(text)?.[1];
}

/** Every `bulkId` that is referred to in there. */
export function referencesOf(data: Json): Set<string> {
  const found = new Set<string>();
  mapTexts(data, (text, name) => {
    const reference = referenceIn(text);
    if (reference !== undefined) found.add(reference);
    if (name?.toLowerCase() === "path") for (const [, inPath = ""] of text.matchAll(quoted)) found.add(inPath);
    return text;
  });
  return found;
}

/** The data with the ids that are known in place of their references; what is not known stays. */
export function resolveReferences(data: Json, ids: ReadonlyMap<string, string>): Json {
  return mapTexts(data, (text, name) => {
    const reference = referenceIn(text);
    if (reference !== undefined) return ids.get(reference) ?? text;
    if (name?.toLowerCase() !== "path") return text;
    return text.replaceAll(quoted, (found: string, id: string) => (ids.has(id) ? `"${ids.get(id)}"` : found));
  });
}

export interface Split {
  /** The data without what refers to a resource that comes later. */
  readonly now: JsonObject;
  /** What was left out, as the operations of a PATCH. */
  readonly later: readonly { readonly op: "add"; readonly path: string; readonly value: Json }[];
}

/**
 * Takes the values out of a resource that refer to one of `pending`: of a list the elements, else the whole attribute.
 *
 * Half of a complex value may not be valid, so a manager goes with all its sub-attributes.
 */
export function splitReferences(data: JsonObject, pending: ReadonlySet<string>): Split {
  const now: Record<string, Json> = {};
  const later: { op: "add"; path: string; value: Json }[] = [];
  for (const [name, value] of Object.entries(data)) {
    if (isObject(value) && name.toLowerCase().startsWith("urn:")) {
      const inside = splitReferences(value, pending);
      now[name] = inside.now;
      later.push(...inside.later.map(({ op, path, value }) => ({ op, path: `${name}:${path}`, value })));
      continue;
    }
    const isPending = (part: Json): boolean => [...referencesOf(part)].some((bulkId) => pending.has(bulkId));
    if (!isPending(value)) now[name] = value;
    else if (!isList(value)) later.push({ op: "add", path: name, value });
    else {
      now[name] = value.filter((element) => !isPending(element));
      later.push({ op: "add", path: name, value: value.filter(isPending) });
    }
  }
  return { now, later };
}

/** The same value with each text in it changed; `name` is of the member that the text is the value of. */
function mapTexts(value: Json, change: (text: string, name?: string) => string, name?: string): Json {
  if (typeof value === "string") return change(value, name);
  if (isList(value)) return value.map((element) => mapTexts(element, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, mapTexts(part, change, key)]));
}
