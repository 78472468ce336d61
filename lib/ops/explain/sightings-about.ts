/** The sightings of one that is stored: under its id, and under each name that it has now. */
import type { Head } from "../../provisioning/head.ts";
import { claimsOf, type IndexEntry, lookupsOf } from "../../provisioning/index-entries.ts";
import { readSightings, sightedAs, type Sighting } from "../../provisioning/sighting.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import type { Operations } from "../operations.ts";
import { sightingsMost } from "./subject.ts";

const namesMost = 6;
/** Several people may have one e-mail address. */
const shared = "emails.value";

/** Newest first. One query a name; those of the word that led to it are at hand. Errors: TableError. */
export async function sightingsAbout(
  { table, tenant, clock }: Operations,
  head: Head,
  asked: { readonly word: string; readonly sightings: readonly Sighting[] },
): Promise<Sighting[]> {
  const range = { now: clock.now(), keepDays: tenant.evidenceDays, most: sightingsMost };
  const known = namesOf(tenant, head);
  const ofWord = sightedAs(asked.word) ?? "";
  const names = [...new Set([ofWord, ...known.keys()])].slice(0, namesMost);
  const all = await Promise.all(
    names.map(async (name) => {
      const seen = name === ofWord ? asked.sightings : await readSightings(table, name, range);
      return seen.filter((sighting) => isAbout(head, known.get(name), sighting));
    }),
  );
  return distinct(all.flat()).sort((a, b) => b.at - a.at);
}

/** What it is called, with the attributes by which: one text may be userName and e-mail address. */
export function namesOf(tenant: Tenant, { type, id, resource }: Head): Map<string, readonly string[]> {
  const known = tenant.types.find((one) => one.id === type);
  const entries: IndexEntry[] = [
    { attribute: "id", value: id },
    ...(known === undefined ? [] : [...claimsOf(known, resource), ...lookupsOf(known, resource)]),
  ];
  const names = new Map<string, string[]>();
  for (const { attribute, value } of entries) {
    const name = sightedAs(value);
    if (name !== undefined) names.set(name, [...(names.get(name) ?? []), attribute]);
  }
  return names;
}

/** Whoever else is called so, by another attribute or after this one gave the name up, is not meant. */
export function isAbout(
  head: Head,
  attributes: readonly string[] = [],
  { kind, type, attribute, id }: Sighting,
): boolean {
  if (type !== head.type) return false;
  if (kind === "released") return id === head.id;
  // A search by the right name at the wrong attribute is why somebody who is here is not found.
  if (kind === "lookedUp" && attributes.some((name) => name !== shared)) return true;
  return attributes.includes(attribute);
}

/** A refused request leaves one under each name that it gave. The name that says most about whom was meant counts. */
function distinct(all: readonly Sighting[]): Sighting[] {
  const found = new Map<string, Sighting>();
  for (const sighting of [...all.filter(isOwn), ...all]) {
    const key = `${sighting.kind}#${sighting.requestId}`;
    if (!found.has(key)) found.set(key, sighting);
  }
  return [...found.values()];
}

export function isOwn({ attribute }: Sighting): boolean {
  return attribute !== shared;
}
