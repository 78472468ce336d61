/** The JSON samples of the RFCs: reading them, and comparing an answer with one. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isList, isObject, type Json, type JsonObject } from "../../lib/scim/json.ts";

const folder = join(import.meta.dirname, "samples");

/** `rfc7643-8.2-user-full`: the RFC, the section, what it is. */
export const sampleNames = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

/** `ids`: a sample names resources that are not there; what is given here stands in their places. */
export function sample(name: string, ids: Readonly<Record<string, string>> = {}): JsonObject {
  const parsed = anySample(name, ids);
  if (!isObject(parsed)) throw new Error(`${name} is no object`);
  return parsed;
}

export function sampleList(name: string): JsonObject[] {
  const parsed = anySample(name, {});
  return isList(parsed) ? parsed.filter(isObject) : [];
}

function anySample(name: string, ids: Readonly<Record<string, string>>): Json {
  let text = readFileSync(join(folder, `${name}.json`), "utf8");
  for (const [theirs, ours] of Object.entries(ids)) text = text.replaceAll(theirs, ours);
  const parsed: Json = JSON.parse(text);
  return parsed;
}

/** What a client said in it: without what only a server says, and without what is the same as absent (R18). */
export function told(resource: JsonObject): JsonObject {
  const silent = ["id", "meta", "groups", "password"];
  const kept = Object.entries(resource).filter(([name, value]) => {
    return !silent.includes(name) && !(isList(value) && value.length === 0);
  });
  return Object.fromEntries(kept);
}

/** `{ a: 1, b: [{ c: "x" }] }` gives `{ a: "number", b: [{ c: "string" }] }`: what stands where, whatever its value. */
export function shape(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]));
}

function shapeOf(value: Json): Json {
  if (isList(value)) return value.map(shapeOf);
  return isObject(value) ? shape(value) : typeof value;
}

/** For lists whose order says nothing. */
export function sorted(texts: readonly (string | undefined)[]): string[] {
  return texts.map((text) => text ?? "").toSorted((a, b) => a.localeCompare(b));
}
