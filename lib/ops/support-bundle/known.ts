/** All values of the people that a bundle may speak of, so that they can be found in its sentences. */
import type { Head } from "../../provisioning/head.ts";
import { isList, isObject, type Json } from "../../scim/json.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import type { Facts } from "../explain/facts.ts";
import type { Known } from "./masker.ts";

/** Attributes by which somebody is known: masked in any letter case, however short. */
const identifying = new Set(
  "username externalid emails name displayname nickname phonenumbers ims addresses profileurl".split(" "),
);

export function knownValues({ word, stored, others, sightings }: Facts, tokenIds: readonly string[]): Known {
  const heads = [...(stored === undefined ? [] : [stored.head]), ...others.map(({ head }) => head)];
  const members = stored?.members;
  const named = [...(members?.coming ?? []), ...(members?.leaving ?? []), ...(members?.skipped ?? [])];
  const resources: JsonRecord[] = [
    ...heads.map(({ resource }) => resource),
    ...(stored?.changes ?? []).map(({ changed }) => changed ?? {}),
  ];
  return {
    identifiers: [
      word,
      ...heads.flatMap(namesOf),
      ...named.flatMap(({ name }) => name ?? []),
      ...resources.flatMap((resource) => leavesOf(resource, (name) => identifying.has(name.toLowerCase()))),
    ].filter((one) => !isOwnId(one, heads)),
    values: [
      ...resources.flatMap((resource) => leavesOf(resource, (name) => !identifying.has(name.toLowerCase()))),
      ...leaves(stored?.entry?.profile ?? {}),
    ],
    sentences: [
      ...sightings.flatMap(({ detail }) => detail ?? []),
      ...(stored?.mapped?.problems ?? []),
      stored?.head.failure?.message ?? "",
    ].filter((sentence) => sentence !== ""),
    tokenIds,
  };
}

type JsonRecord = { readonly [name: string]: Json };

/** Whoever asks by the id: it is random, and leads into the log. */
function isOwnId(text: string, heads: readonly Head[]): boolean {
  return heads.some(({ id }) => id === text.toLowerCase());
}

/** The name before Entra's soft delete stands in none of them as it is. */
function namesOf({ resource }: Head): string[] {
  const before = nameBeforeSoftDelete(resource);
  return before === undefined ? [] : [before];
}

function leavesOf(resource: JsonRecord, wanted: (name: string) => boolean): string[] {
  return Object.entries(resource).flatMap(([name, value]) => (wanted(name) ? leaves(value) : []));
}

function leaves(value: Json): string[] {
  if (isList(value)) return value.flatMap(leaves);
  // "work" is the kind of an address, and nobody's.
  if (isObject(value)) return Object.entries(value).flatMap(([name, part]) => (name === "type" ? [] : leaves(part)));
  if (typeof value === "string") return [value];
  return typeof value === "number" ? [String(value)] : [];
}
