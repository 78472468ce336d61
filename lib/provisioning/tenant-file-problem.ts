/**
 * What is wrong with a tenant file, in sentences: which key, what was found, what was expected.
 *
 * zod/mini has no words of its own, and its locales would add 258 kB to each function.
 */
import type { core } from "zod/mini";
import { isObject } from "../scim/json.ts";

/** The keys that lead to a value of the file. */
export type Place = readonly (string | number)[];

/** Tells of something that is wrong at a place. */
export type Tell = (place: Place, message: string) => void;

/** A key path as it would be written in JavaScript: `mapping.attributes.email.from[0]`. */
export function formatKeyPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) =>
      typeof key === "number" ? `[${key}]` : isPlain(String(key)) ? `.${String(key)}` : `[${JSON.stringify(key)}]`,
    )
    .join("")
    .replace(/^\./, "");
}

/** One sentence for each problem of the issue, which came from `schema` and `json`; without the file's name. */
export function problemsOf(schema: core.$ZodType, json: unknown, issue: core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") {
    const expected = keysAt(schema, issue.path);
    return issue.keys.map((key) => `${formatKeyPath([...issue.path, key])}: ${unknownKey(key, expected)}`);
  }
  const place = issue.path.length === 0 ? "" : `${formatKeyPath(issue.path)}: `;
  if (issue.code === "invalid_key")
    return [`${place}the key is not allowed; expected ${issue.issues[0]?.message ?? ""}`];
  return [`${place}${found(valueAt(json, issue.path))}; expected ${expectation(issue)}`];
}

function unknownKey(key: string, expected: readonly string[]): string {
  const meant = expected.find((known) => distance(known.toLowerCase(), key.toLowerCase()) <= 2);
  const keys = expected.join(", ");
  if (meant === undefined) return `unknown key; expected one of ${keys}`;
  return `unknown key; did you mean ${JSON.stringify(meant)}? Expected keys: ${keys}`;
}

/** The keys of the object that stands at a path of the schema, behind defaults and the like. */
function keysAt(schema: unknown, [key, ...rest]: readonly PropertyKey[]): readonly string[] {
  const def = isObject(schema) ? schema["def"] : undefined;
  if (!isObject(def)) return [];
  if ("innerType" in def) return keysAt(def["innerType"], key === undefined ? [] : [key, ...rest]);
  if ("valueType" in def) return keysAt(def["valueType"], rest);
  if ("element" in def) return keysAt(def["element"], rest);
  const { options, shape } = def;
  if (Array.isArray(options))
    return [...new Set(options.flatMap((one) => keysAt(one, key === undefined ? [] : [key, ...rest])))];
  if (!isObject(shape)) return [];
  return key === undefined ? Object.keys(shape) : keysAt(shape[String(key)], rest);
}

function valueAt(json: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined) return json;
  if (Array.isArray(json)) return valueAt(json[Number(key)], rest);
  return isObject(json) ? valueAt(json[String(key)], rest) : undefined;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** The schema says itself what it expects, unless the type or a list of values says it all. */
function expectation(issue: core.$ZodIssue): string {
  if (issue.code === "invalid_type") return typeNames[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  return issue.message;
}

function found(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return `found a list of ${value.length}`;
  if (!isObject(value)) return `found ${short(JSON.stringify(value))}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? "found an object without keys" : `found an object with the keys ${short(keys.join(", "))}`;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isPlain(key: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key);
}

/** Levenshtein: how many letters to add, take away or change. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
