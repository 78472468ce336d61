/**
 * What the activity is made of: of everybody, the index of accepted changes and the list of refusals; of one, its own log and
 * what was refused under its names. Each list is read page by page, as far as somebody asks.
 */
import { loggedChange } from "../../provisioning/change.ts";
import type { Head } from "../../provisioning/head.ts";
import { acceptedKey, acceptedKeys, loggedId, logPartition, logSortKey } from "../../provisioning/keys.ts";
import type { Table } from "../../provisioning/ports.ts";
import { queryAll } from "../../provisioning/query-all.ts";
import { refusalsBack, sightedAs } from "../../provisioning/sighting.ts";
import { isAbout, namesOf } from "../explain/sightings-about.ts";
import { type Found, findResources } from "../find-resource.ts";
import type { Operations } from "../operations.ts";
import type { Pointed } from "./merged.ts";
import type { ChangePlace, Place } from "./place.ts";

export interface Walk {
  readonly lists: readonly AsyncGenerator<Pointed>[];
  /** The place behind `pointed`, when `place` was the one before it. */
  readonly behind: (place: Place, pointed: Pointed) => Place;
}

export interface WalkOptions {
  /** Milliseconds since 1970: no further back. */
  readonly since: number;
  readonly from?: Place;
  readonly who?: string;
  readonly wantsChanges: boolean;
  readonly wantsRefusals: boolean;
  /** So many are read of each list at once. */
  readonly pageSize: number;
}

/** Several people may have one e-mail address; the names of one are few. */
const [peopleMost, namesMost] = [8, 12];

/** Errors: TableError. */
export async function walk(o: Pick<Operations, "table" | "tenant">, options: WalkOptions): Promise<Walk> {
  return options.who === undefined ? walkOfAll(o, options) : await walkOf(o, options, options.who);
}

function walkOfAll({ table }: Pick<Operations, "table">, options: WalkOptions): Walk {
  const { wantsChanges, wantsRefusals } = options;
  return {
    lists: [
      ...(wantsChanges ? acceptedKeys.map((key) => acceptedBack(table, key, options)) : []),
      ...(wantsRefusals ? [refusals(table, options)] : []),
    ],
    // Of an earlier moment nothing is to be known: each key goes on with what is of this one.
    behind: (place, pointed) => {
      const { changes, requestId } = place.at === pointed.at ? place : nowhere;
      if ("refusal" in pointed) return { at: pointed.at, changes, requestId: pointed.refusal.requestId };
      const { id, version } = pointed.change;
      const others = changes.filter((other) => acceptedKey(other.id) !== acceptedKey(id));
      return { at: pointed.at, changes: [...others, { id, version }], ...(requestId !== undefined && { requestId }) };
    },
  };
}

const nowhere: Omit<Place, "at"> = { changes: [] };

async function* acceptedBack(
  table: Table,
  key: string,
  { since, from, pageSize }: WalkOptions,
): AsyncGenerator<Pointed> {
  const own = from?.changes.find(({ id }) => acceptedKey(id) === key);
  let after = own && from && { pk: logPartition(own.id), sk: logSortKey(own.version), waitAt: from.at };
  for (;;) {
    const start = after === undefined ? from && { before: from.at } : { after };
    const rows = await table.waiting(key, { ...start, descending: true, limit: pageSize });
    for (const { pk, sk, waitAt } of rows) {
      if (waitAt < since) return;
      yield { at: waitAt, change: { id: loggedId(pk), version: Number(sk) } };
    }
    after = rows.at(-1);
    if (rows.length < pageSize) return;
  }
}

async function* refusals(table: Table, { since, from, pageSize }: WalkOptions, name?: string): AsyncGenerator<Pointed> {
  const options = { since, pageSize, ...(from && { from }), ...(name !== undefined && { name }) };
  for await (const refusal of refusalsBack(table, options)) yield { at: refusal.at, refusal };
}

// ---------------------------------------------------------------- of one

async function walkOf(o: Pick<Operations, "table" | "tenant">, options: WalkOptions, who: string): Promise<Walk> {
  const { table } = o;
  const { wantsChanges, wantsRefusals } = options;
  const found = (await findResources(o, who)).slice(0, peopleMost);
  return {
    lists: [
      ...(wantsChanges ? found.map(({ head }) => logBack(table, head, options)) : []),
      ...(wantsRefusals ? refusalsUnderNames(o, found, options, who) : []),
    ],
    // A log goes on behind a version: two clocks may have given two of them times in another order.
    behind: ({ at, changes, requestId }, pointed) => {
      const before = at === pointed.at && requestId !== undefined ? { requestId } : {};
      if ("refusal" in pointed) return { at: pointed.at, changes, requestId: pointed.refusal.requestId };
      const { id, version } = pointed.change;
      return { at: pointed.at, changes: [...changes.filter((other) => other.id !== id), { id, version }], ...before };
    },
  };
}

async function* logBack(
  table: Table,
  { type, id }: Head,
  { since, from, pageSize }: WalkOptions,
): AsyncGenerator<Pointed> {
  const own: ChangePlace | undefined = from?.changes.find((place) => place.id === id);
  const to = own === undefined ? {} : { to: logSortKey(own.version - 1) };
  const range = { table: "scim" as const, pk: logPartition(id), ...to, descending: true, limit: pageSize };
  let at = from?.at ?? Number.POSITIVE_INFINITY;
  for await (const item of queryAll(table, range)) {
    // What an earlier release accepted does not say of which type it is.
    const logged = { type, ...loggedChange(item) };
    if (logged.at < since) return;
    // Accepted since the first page was read.
    if (own === undefined && logged.at > at) continue;
    at = Math.min(at, logged.at);
    yield { at, change: { id, version: logged.version, logged } };
  }
}

/** All under the word itself; under the other names of those whom it means, what is about them. */
function refusalsUnderNames(
  { table, tenant }: Pick<Operations, "table" | "tenant">,
  found: readonly Found[],
  options: WalkOptions,
  who: string,
): AsyncGenerator<Pointed>[] {
  const word = sightedAs(who);
  const others = found.flatMap(({ head }) => [...namesOf(tenant, head)].map(([name, as]) => ({ name, as, head })));
  const known = new Map(others.filter(({ name }) => name !== word).map((other) => [other.name, other]));
  return [
    ...(word === undefined ? [] : [refusals(table, options, word)]),
    ...[...known.values()]
      .slice(0, namesMost)
      .map(({ name, as, head }) =>
        only(refusals(table, options, name), (pointed) => "refusal" in pointed && isAbout(head, as, pointed.refusal)),
      ),
  ];
}

async function* only(list: AsyncGenerator<Pointed>, isMeant: (pointed: Pointed) => boolean): AsyncGenerator<Pointed> {
  for await (const pointed of list) if (isMeant(pointed)) yield pointed;
}
