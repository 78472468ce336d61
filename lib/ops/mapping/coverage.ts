/**
 * Coverage: what the identity provider sends against what the mapping uses. For each attribute path how many resources
 * have it, for how many it gave a profile attribute, how often it was ignored or refused, and when it was seen last.
 */
import { readChangesAlone } from "../../provisioning/change.ts";
import type { Head } from "../../provisioning/head.ts";
import { entryPartition, memberPrefix } from "../../provisioning/keys.ts";
import { readRefusals } from "../../provisioning/sighting.ts";
import { formatName } from "../../scim/attribute-name.ts";
import { parsePath } from "../../scim/attribute-path.ts";
import { ScimError } from "../../scim/error.ts";
import type { Json } from "../../scim/json.ts";
import type { Ignored, ResourceType } from "../../scim/schema.ts";
import { masked } from "../mask.ts";
import type { Operations } from "../operations.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { walkHeads, type Walked, type WalkOptions } from "../walk-heads.ts";
import { closestPath } from "./closest-path.ts";
import { isTypeFilter, leavesOf, writtenPath } from "./leaf-paths.ts";
import { namesPath, unknownPath } from "./refusals-naming.ts";
import { type Sources, sourcesOf } from "./sources.ts";

export interface CoveredPath {
  readonly path: string;
  /** Resources that have a value there now. */
  readonly received: number;
  /** Resources whose profile has a value from there. */
  readonly mapped: number;
  /** Resources that have a value there with which a profile attribute could do nothing: a table does not have it, or it is no date. */
  readonly unusable: number;
  /** The profile attributes that it gave a value to, or would be asked for one. */
  readonly gives: readonly string[];
  /** Resources for which it was sent and not taken, in the changes that were read. */
  readonly ignored: number;
  readonly reasons: readonly Ignored["reason"][];
  /** Requests that were refused with an error that names it, while refusals are kept. */
  readonly refused: number;
  /** Milliseconds since 1970: the newest change that brought it, among those that were read. */
  readonly lastSeen?: number;
  /** Never a whole value, unless there are only two of them. */
  readonly sample?: Json;
}

/** A profile attribute that no resource has a value for. */
export interface NeverSent {
  readonly attribute: string;
  readonly paths: readonly string[];
  /** What was sent and is like one of the paths. */
  readonly closest?: string;
}

export interface Coverage extends Walked {
  readonly type: string;
  /** So many of the newest changes of each resource were read. */
  readonly logs: number;
  /** In the order of the alphabet, those without a URN first. */
  readonly paths: readonly CoveredPath[];
  /** Paths beyond a thousand: counted, not listed. */
  readonly pathsLeftOut: number;
  readonly neverSent: readonly NeverSent[];
  /** Paths that have values, or had them ignored as unknown, and that no profile attribute asks for; most frequent first. */
  readonly neverMapped: readonly string[];
}

interface Row {
  received: number;
  mapped: number;
  unusable: number;
  ignored: number;
  refused: number;
  readonly gives: Set<string>;
  readonly reasons: Set<Ignored["reason"]>;
  reached: boolean;
  lastSeen?: number;
  sample?: Json;
}

const day = 86_400_000;
const pathsMost = 1_000;
const refusalsMost = 2_000;
/** Reads of logs under way. */
const atOnce = 16;

/** `active` decides the entry's state, and by externalId the identity provider finds its users: neither needs a mapping. */
const usedAnyway = new Set(["active", "externalId"]);

type Store = Pick<Operations, "table" | "clock" | "tenant">;

/** Errors: TableError. */
export async function coverage(
  o: Store,
  type: ResourceType,
  options: WalkOptions & { readonly logs: number },
): Promise<Coverage> {
  const sources = sourcesOf(o.tenant, type);
  const rows = newRows(type);
  const given = new Set<string>();
  for (const { name, paths } of sources.attributes) for (const path of paths) rows.at(path)?.gives.add(name);
  const walked = await walkHeads(o, type, options, async (heads) => {
    for (const head of heads) countResource(rows, given, type, sources, head);
    await eachOf(heads, atOnce, async (head) => {
      await readLog(o, rows, type, sources, head, options.logs);
      if (type.hasMembers) await countMembers(o, rows, head);
    });
  });
  await countRefusals(o, rows, type);
  return {
    type: type.id,
    logs: options.logs,
    ...walked,
    paths: rows
      .all()
      .map(([path, row]) => covered(path, row))
      .toSorted(inOrder),
    pathsLeftOut: rows.leftOut(),
    neverSent: walked.seen === 0 ? [] : neverSent(sources, given, rows),
    neverMapped: neverMapped(rows),
  };
}

interface Rows {
  /** Undefined beyond the limit. */
  readonly at: (path: string) => Row | undefined;
  /** The row of a path as a client wrote it. */
  readonly named: (text: string) => string;
  readonly all: () => [string, Row][];
  readonly leftOut: () => number;
}

function newRows(type: ResourceType): Rows {
  const rows = new Map<string, Row>();
  const leftOut = new Set<string>();
  const names = new Map<string, string>();
  return {
    named: (text) => {
      // Everybody's log may hold the same unknown attribute: read once.
      const name = names.get(text) ?? nameOf(type, text);
      if (names.size < pathsMost) names.set(text, name);
      return name;
    },
    at: (path) => {
      const row = rows.get(path);
      if (row !== undefined) return row;
      if (rows.size >= pathsMost) {
        if (leftOut.size < pathsMost) leftOut.add(path);
        return undefined;
      }
      const none = { received: 0, mapped: 0, unusable: 0, ignored: 0, refused: 0, reached: false };
      const made: Row = { ...none, gives: new Set(), reasons: new Set() };
      rows.set(path, made);
      return made;
    },
    all: () => [...rows],
    leftOut: () => leftOut.size,
  };
}

// ---------------------------------------------------------------- what a resource has

function countResource(rows: Rows, given: Set<string>, type: ResourceType, sources: Sources, head: Head): void {
  const leaves = new Map(leavesOf(type, head.resource).map(({ path, value }) => [path, value]));
  const reached = sources.reached(head.resource);
  for (const [path, value] of leaves) {
    const row = rows.at(path);
    if (row !== undefined && row.sample === undefined) row.sample = masked(value);
  }
  for (const path of new Set([...leaves.keys(), ...reached])) bump(rows.at(path), "received");
  for (const path of reached) {
    const row = rows.at(path);
    if (row !== undefined) row.reached = true;
  }
  const used = { mapped: new Set<string>(), unusable: new Set<string>() };
  for (const { name, paths, usable } of sources.given(head.resource)) {
    if (paths.length > 0) given.add(name);
    for (const path of paths) {
      used[usable ? "mapped" : "unusable"].add(path);
      rows.at(path)?.gives.add(name);
    }
  }
  for (const path of used.mapped) bump(rows.at(path), "mapped");
  for (const path of used.unusable) bump(rows.at(path), "unusable");
}

function bump(row: Row | undefined, count: "received" | "mapped" | "unusable" | "ignored" | "refused"): void {
  if (row !== undefined) row[count] += 1;
}

/** Members are kept apart from their group; what is in the directory is what was received and applied. */
async function countMembers({ table }: Store, rows: Rows, { type, id }: Head): Promise<void> {
  const members = { pk: entryPartition(type, id), from: memberPrefix, to: `${memberPrefix}~` };
  const { items } = await table.query({ table: "directory", ...members, limit: 1 });
  const row = items.length === 0 ? undefined : rows.at("members");
  bump(row, "received");
  bump(row, "mapped");
  if (row !== undefined) row.reached = true;
  row?.gives.add("members");
}

// ---------------------------------------------------------------- what its log tells

async function readLog(
  { table }: Store,
  rows: Rows,
  type: ResourceType,
  sources: Sources,
  { id, version }: Head,
  logs: number,
): Promise<void> {
  if (logs === 0) return;
  const ignoredHere = new Map<string, Ignored["reason"]>();
  for (const change of await readChangesAlone(table, id, version - logs, version)) {
    const { at, changed = {}, ignored = [], namesMembers } = change;
    const brought = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null));
    const leaves = leavesOf(type, brought).map(({ path }) => path);
    for (const path of [...leaves, ...sources.reached(brought), ...(namesMembers ? ["members"] : [])])
      seenAt(rows.at(path), at);
    for (const { path, reason } of ignored) {
      const name = rows.named(path);
      ignoredHere.set(name, reason);
      seenAt(rows.at(name), at);
    }
  }
  for (const [path, reason] of ignoredHere) {
    const row = rows.at(path);
    bump(row, "ignored");
    row?.reasons.add(reason);
  }
}

function seenAt(row: Row | undefined, at: number): void {
  if (row !== undefined) row.lastSeen = Math.max(row.lastSeen ?? 0, at);
}

/** As the other paths are written. What stands in brackets is dropped unless it is a type: it may be somebody's value. */
function nameOf(type: ResourceType, text: string): string {
  try {
    const path = parsePath(type, text);
    const { filter, ...place } = path;
    return isTypeFilter(filter) ? writtenPath(path) : formatName(place);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return text.replace(/\[.*\]/, "");
  }
}

// ---------------------------------------------------------------- what was refused

async function countRefusals({ table, clock, tenant }: Store, rows: Rows, type: ResourceType): Promise<void> {
  const since = clock.now() - tenant.evidenceDays * day;
  for (const { type: refused, detail = "" } of await readRefusals(table, { since, most: refusalsMost })) {
    if (refused !== type.id) continue;
    const unknown = unknownPath(detail);
    if (unknown !== undefined) rows.at(rows.named(unknown))?.reasons.add("unknown");
    for (const [path, row] of rows.all()) if (path === unknown || namesPath(detail, path)) bump(row, "refused");
  }
}

// ---------------------------------------------------------------- the result

function covered(path: string, row: Row): CoveredPath {
  const { received, mapped, unusable, gives, ignored, reasons, refused, lastSeen, sample } = row;
  return {
    path,
    received,
    mapped,
    unusable,
    gives: [...gives],
    ignored,
    reasons: [...reasons],
    refused,
    ...(lastSeen === undefined ? {} : { lastSeen }),
    ...(sample === undefined ? {} : { sample }),
  };
}

function inOrder({ path: a }: CoveredPath, { path: b }: CoveredPath): number {
  return Number(a.includes(":")) - Number(b.includes(":")) || (a.toLowerCase() < b.toLowerCase() ? -1 : 1);
}

function neverSent({ attributes }: Sources, given: ReadonlySet<string>, rows: Rows): NeverSent[] {
  const sent = frequentFirst(rows.all().filter(([, row]) => row.received + row.ignored + row.refused > 0));
  return attributes.flatMap(({ name, paths }) => {
    if (paths.length === 0 || given.has(name)) return [];
    const others = sent.filter((path) => !paths.includes(path));
    const closest = paths.map((path) => closestPath(path, others)).find((path) => path !== undefined);
    return { attribute: name, paths, ...(closest === undefined ? {} : { closest }) };
  });
}

function neverMapped(rows: Rows): string[] {
  const isUnused = ([path, row]: [string, Row]) => {
    if (row.reached || row.gives.size > 0 || usedAnyway.has(path)) return false;
    return row.received > 0 || row.reasons.has("unknown");
  };
  return frequentFirst(rows.all().filter(isUnused));
}

function frequentFirst(rows: [string, Row][]): string[] {
  const count = ([, { received, ignored, refused }]: [string, Row]) => received + ignored + refused;
  return rows.toSorted((a, b) => count(b) - count(a)).map(([path]) => path);
}
