/**
 * Whom a word means: who has it as userName, e-mail, externalId, displayName or id now, or had it and gave it up.
 *
 * Constant reads, however many resources there are.
 */
import { type Head, readHead } from "../../provisioning/head.ts";
import { readSightings, sightedAs, type Sighting } from "../../provisioning/sighting.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import { limits } from "../../scim/limits.ts";
import { type Found, findResources } from "../find-resource.ts";
import { OperationError, type Operations } from "../operations.ts";

export interface Meant {
  /** Absent: nothing of that name is stored. */
  readonly found?: Found;
  /** Others that the same word leads to. */
  readonly others: readonly Found[];
  /** Of the word itself, newest first. */
  readonly sightings: readonly Sighting[];
}

/** Enough to say how often; more of the same says no more. */
export const sightingsMost = 50;
/** A name that wanders from one to the next every month leaves no more within a year. */
const formersMost = 12;

/** Errors: OperationError when the word does not lead to `id`, or nobody can be called so; TableError. */
export async function findMeant(
  o: Pick<Operations, "table" | "tenant" | "clock">,
  word: string,
  { id, type }: { id?: string; type?: string },
): Promise<Meant> {
  const { table, tenant, clock } = o;
  if (sightedAs(word) === undefined)
    throw new OperationError(
      `Nobody can be called so: a name has 1 to ${limits.indexedValueBytes.toLocaleString("en")} bytes.`,
    );
  const [named, seen] = await Promise.all([
    findResources(o, word),
    readSightings(table, word, { now: clock.now(), keepDays: tenant.evidenceDays, most: sightingsMost }),
  ]);
  const sightings = seen.filter((sighting) => type === undefined || sighting.type === type);
  const owned = named.filter((found) => !isShared(found));
  const formers = await formerOwners(o, sightings, new Set(owned.map(({ head }) => head.id)));
  // Somebody who gave the name up may still have it as an e-mail address.
  const sharing = named.filter((found) => isShared(found) && !formers.some(({ head }) => head.id === found.head.id));
  const present = [...owned, ...sharing].sort(byInterest);
  const all = [...present, ...formers.sort(byInterest)].filter(({ head }) => type === undefined || head.type === type);
  if (id !== undefined) return { ...withId(all, word, id), sightings };
  const [first] = all;
  if (first === undefined || (isFormer(first) && isAskedForSince(sightings))) return { others: all, sightings };
  return { found: first, others: all.slice(1), sightings };
}

/** Several people may have one e-mail address. */
const isShared = ({ by }: Found): boolean => by === "emails.value";

/** Its first letters are enough. */
function withId(all: readonly Found[], word: string, id: string): Omit<Meant, "sightings"> {
  const found = all.find(({ head }) => head.id.startsWith(id.toLowerCase()));
  if (found !== undefined) return { found, others: all.filter((other) => other !== found) };
  const ids = all.map(({ head }) => `${head.type} ${head.id}`).join(", ");
  throw new OperationError(`"${word}" leads to ${ids === "" ? "nothing that is stored" : ids}, and not to "${id}".`);
}

async function formerOwners(
  { table }: Pick<Operations, "table">,
  sightings: readonly Sighting[],
  known: ReadonlySet<string>,
): Promise<Found[]> {
  const released = new Map<string, Sighting>();
  for (const sighting of sightings) {
    const { kind, id } = sighting;
    if (kind !== "released" || id === undefined || known.has(id) || released.has(id)) continue;
    released.set(id, sighting);
  }
  const latest = [...released].slice(0, formersMost);
  const heads = await Promise.all(latest.map(async ([id, { type }]) => await readHead(table, type, id)));
  return heads.flatMap((head, n): Found[] =>
    head === undefined ? [] : [{ head, by: `former ${latest[n]?.[1].attribute ?? "name"}` }],
  );
}

const isFormer = ({ by }: Found): boolean => by.startsWith("former ");

/** The name was given up, and then somebody was to have it who is not here: that is who is meant. */
function isAskedForSince(sightings: readonly Sighting[]): boolean {
  const releasedAt = sightings.find(({ kind }) => kind === "released")?.at ?? 0;
  // A 404 is about the one who is no more.
  return sightings.some(({ kind, at, status }) => kind !== "released" && status !== 404 && at > releasedAt);
}

/** People before things, those that live before the others, the latest first. */
function byInterest(a: Found, b: Found): number {
  return (
    typeRank(a.head) - typeRank(b.head) ||
    stateRank(a.head) - stateRank(b.head) ||
    b.head.lastModified - a.head.lastModified
  );
}

const typeRank = ({ type }: Head): number => (type === "User" ? 0 : type === "Group" ? 2 : 1);

function stateRank({ state, resource }: Head): number {
  if (state === "deleted") return 3;
  if (nameBeforeSoftDelete(resource) !== undefined) return 2;
  return resource["active"] === false ? 1 : 0;
}
