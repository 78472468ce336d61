/** An item of the Directory table as an entry. Its format is public: docs/directory-schema.md. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { JsonObject } from "../scim/json.ts";
import { DirectoryError } from "./error.ts";

export type Item = Record<string, AttributeValue>;

/** The newest format that this release reads. */
const formatKnown = 1;

export interface ReadEntry {
  readonly type: string;
  readonly id: string;
  readonly state: "active" | "suspended" | "removed";
  readonly version: number;
  readonly appliedAt: number;
  readonly mappingHash?: string;
  readonly profile?: JsonObject;
  readonly expiresAt?: number;
}

/** Errors: DirectoryError `newer-format`, `unreadable`. */
export function readEntry(item: Item): ReadEntry {
  const type = textOf(item, "type");
  const id = textOf(item, "id");
  const format = numberOf(item, "v");
  if (format > formatKnown) {
    throw new DirectoryError(
      "newer-format",
      `The entry ${type}#${id} has format ${format}, and this reader knows ${formatKnown}: install the reader of the release that is deployed.`,
    );
  }
  const state = textOf(item, "state");
  const made = { type, id, version: numberOf(item, "version"), appliedAt: numberOf(item, "appliedAt") };
  const profile = item["profile"]?.S;
  // A removed entry that keeps its profile.
  const kept = profile === undefined ? {} : { profile: JSON.parse(profile) as JsonObject };
  if (state === "removed") return { ...made, state, expiresAt: numberOf(item, "expires") * 1000, ...kept };
  if (state !== "active" && state !== "suspended") throw unreadable(item, "state");
  return { profile: {}, ...made, state, mappingHash: textOf(item, "mappingHash"), ...kept };
}

/** By which it is found at the moment, as `attribute#value`. */
export function lookupsOf(item: Item): readonly string[] {
  return (item["lookups"]?.L ?? []).flatMap(({ S }) => S ?? []);
}

export function textOf(item: Item, name: string): string {
  const text = item[name]?.S;
  if (text === undefined) throw unreadable(item, name);
  return text;
}

function numberOf(item: Item, name: string): number {
  const digits = item[name]?.N;
  if (digits === undefined) throw unreadable(item, name);
  return Number(digits);
}

/** Keys have ids, and never a value of somebody but in lookups, which are not read here. */
function unreadable(item: Item, name: string): DirectoryError {
  const key = `${item["pk"]?.S ?? ""} | ${item["sk"]?.S ?? ""}`;
  return new DirectoryError("unreadable", `The item ${key} has no ${name} that Rollcall would have written.`);
}
