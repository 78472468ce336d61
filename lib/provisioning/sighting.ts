/**
 * Sightings: who was asked for, refused or renamed, under the names that an operator may have in hand. Absence of one is
 * evidence, too: nobody named this person.
 *
 * They go by themselves after the tenant's `evidence.days`; the table's clean-up is late by days, so readers look at the
 * time as well (trap 9).
 */
import { limits } from "../scim/limits.ts";
import { fold } from "../scim/text.ts";
import { expiresAfter } from "./expiry.ts";
import { defined, number, text } from "./head.ts";
import { refusalKey, refusedPartition, sightingKey, sightingPartition, timeSortKey } from "./keys.ts";
import type { Attributes, Item, Put, Table } from "./ports.ts";
import { queryAll } from "./query-all.ts";

export interface Sighting {
  /**
   * `lookedUp`: searched for, and nothing was found. `refused`: a request about it was answered with an error of the
   * client's. `fault`: with an error of ours. `ignored`: a write changed nothing, and held what no schema has or members
   * that there are not, which `detail` names: the log tells only of what changed something. `released`: a resource gave
   * this name up, by a rename or its deletion.
   */
  readonly kind: "lookedUp" | "refused" | "fault" | "ignored" | "released";
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string;
  readonly tokenId: string;
  /** Of the resource type: `User`. */
  readonly type: string;
  /** Which attribute named it: `userName`, `externalId`, `emails.value`, `displayName`, `id`. */
  readonly attribute: string;
  /** `POST /Users`, `PATCH /Users/{id}` */
  readonly operation?: string;
  readonly status?: number;
  readonly scimType?: string;
  /** As the identity provider was told. */
  readonly detail?: string;
  /** Of the resource that gave the name up, or that the request was about. */
  readonly id?: string;
  /** The identity provider, as far as its form showed it. */
  readonly dialect?: string;
}

const detailCharacters = 1_000;

/** What names it in a key: an identifier in any letter case. Undefined for a text that is no name, or too long for a key. */
export function sightedAs(identifier: string): string | undefined {
  const folded = fold(identifier);
  return folded === "" || new TextEncoder().encode(folded).length > limits.indexedValueBytes ? undefined : folded;
}

/** The item, for a write of its own or for an accept's transaction. Undefined when nobody could be called that. */
export function sightingPut(identifier: string, sighting: Sighting, keepDays: number): Put | undefined {
  const name = sightedAs(identifier);
  if (name === undefined) return undefined;
  const key = sightingKey(name, sighting.at, sighting.requestId);
  return { kind: "put", key, attributes: attributesOf(sighting, keepDays) };
}

/** A refusal or fault in the list of the latest ones, whoever it was about. `name` is what the request called it by, if anything. */
export function refusalPut(name: string, sighting: Sighting, keepDays: number): Put {
  const called = name === "" ? {} : { name: name.slice(0, limits.indexedValueBytes) };
  const key = refusalKey(sighting.at, sighting.requestId);
  return { kind: "put", key, attributes: { ...attributesOf(sighting, keepDays), ...called } };
}

/** When it was and by which request stand in the key. */
function attributesOf(sighting: Sighting, keepDays: number): Attributes {
  const { at, requestId: _, detail, ...rest } = sighting;
  const told = { ...rest, detail: detail?.slice(0, detailCharacters), expires: expiresAfter(at, keepDays) };
  return defined(told) as Attributes;
}

export interface Refusal extends Sighting {
  readonly name?: string;
}

/** The latest refusals and faults since then, newest first, at most `most`. Errors: TableError. */
export async function readRefusals(table: Table, { since, most }: { since: number; most: number }): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const range = {
    table: "scim" as const,
    pk: refusedPartition,
    from: timeSortKey(Math.max(0, since)),
    descending: true,
  };
  for await (const item of queryAll(table, { ...range, limit: most })) {
    refusals.push({ ...sightingOf(item), ...defined({ name: text(item.attributes, "name") }) });
    if (refusals.length === most) break;
  }
  return refusals;
}

/** Where a walk back goes on: at this moment and before it; behind this request of it, when one is named. */
export interface RefusalPlace {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId?: string;
}

/**
 * Refusals and faults back to `since`, newest first, those of one moment by their request id: of everybody, or of whoever was
 * called so. `pageSize`: so many are read at once. Errors: TableError.
 */
export async function* refusalsBack(
  table: Table,
  options: { since: number; from?: RefusalPlace; name?: string; pageSize: number },
): AsyncGenerator<Refusal> {
  const { since, from, name, pageSize } = options;
  const behind = from?.requestId === undefined ? undefined : refusalKey(from.at, from.requestId).sk;
  const range = {
    table: "scim" as const,
    pk: name === undefined ? refusedPartition : sightingPartition(name),
    from: timeSortKey(Math.max(0, since)),
    ...(from && { to: behind ?? `${timeSortKey(from.at)}~` }),
    descending: true,
    limit: pageSize,
  };
  for await (const item of queryAll(table, range)) {
    if (item.sk === behind) continue;
    const sighting = sightingOf(item);
    if (sighting.kind === "refused" || sighting.kind === "fault")
      yield { ...sighting, ...defined({ name: text(item.attributes, "name") ?? name }) };
  }
}

/** The latest sightings of a name, newest first, at most `most`, none older than `keepDays`. One query. Errors: TableError. */
export async function readSightings(
  table: Table,
  identifier: string,
  { now, keepDays, most }: { now: number; keepDays: number; most: number },
): Promise<Sighting[]> {
  const name = sightedAs(identifier);
  if (name === undefined) return [];
  const { items } = await table.query({
    table: "scim",
    pk: sightingPartition(name),
    from: timeSortKey(Math.max(0, now - keepDays * 86_400_000)),
    descending: true,
    limit: most,
  });
  return items.map(sightingOf);
}

function sightingOf({ sk, attributes: a }: Item): Sighting {
  const [at = "0", ...request] = sk.split("#");
  return {
    kind: (text(a, "kind") ?? "lookedUp") as Sighting["kind"],
    at: Number(at),
    requestId: request.join("#"),
    tokenId: text(a, "tokenId") ?? "",
    type: text(a, "type") ?? "",
    attribute: text(a, "attribute") ?? "",
    ...defined({
      operation: text(a, "operation"),
      status: number(a, "status"),
      scimType: text(a, "scimType"),
      detail: text(a, "detail"),
      id: text(a, "id"),
      dialect: text(a, "dialect"),
    }),
  };
}
