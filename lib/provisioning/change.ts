/**
 * The log: one item per accepted change. It is the journal that `explain` reads, the audit trail, and for groups the
 * only place where a membership stands until the worker has applied it.
 */
import { equalJson, type JsonObject } from "../scim/json.ts";
import type { Ignored, Resource } from "../scim/schema.ts";
import { expiresAfter } from "./expiry.ts";
import { defined, number, text } from "./head.ts";
import { deltaKey, loggedId, logPartition, logSortKey } from "./keys.ts";
import { chunksOf, decodeDelta, deltaSize, encodeDelta, type MemberDelta } from "./member-delta.ts";
import { type Attributes, type Item, type Put, type Table, TableError } from "./ports.ts";
import { queryAll } from "./query-all.ts";
import type { Caller } from "./state.ts";

export type ChangeKind = "create" | "replace" | "patch" | "delete" | "removeMembers";

export interface Change {
  readonly version: number;
  readonly kind: ChangeKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string;
  readonly tokenId: string;
  /** The identity provider, as far as it was known. */
  readonly dialect?: string;
  /** Top-level attributes that this change gave another value; null took one away. Folded in order they give the resource. */
  readonly changed?: JsonObject;
  readonly ignored?: readonly Ignored[];
  readonly delta?: MemberDelta;
  readonly expires?: number;
}

/** Above this a delta goes into chunks, each its own partition: an item holds 400 KB, a partition takes 1,000 write units a second. */
const deltaCharactersInline = 80_000;
const chunkCharacters = 290_000;

/** An orphan (its change was never accepted) goes with this; long enough that no pending change outlives its chunks. */
const chunkDays = 400;

/** A change as a log item, and the chunks that must be written before it. */
export function changeAttributes(
  id: string,
  change: Omit<Change, "version">,
): { attributes: Attributes; chunks: Put[] } {
  const { kind, at, requestId, tokenId, dialect, changed, ignored, delta, expires } = change;
  const encoded = delta && encodeDelta(delta);
  const large = encoded !== undefined && encoded.length > deltaCharactersInline;
  const chunks = large
    ? chunksOf(encoded, chunkCharacters).map((chunk, n): Put => {
        const attributes = { delta: chunk, expires: expiresAfter(at, chunkDays) };
        return { kind: "put", key: deltaKey(id, requestId, n), attributes };
      })
    : [];
  const attributes = defined({
    op: kind,
    at,
    requestId,
    tokenId,
    dialect,
    changed: changed && JSON.stringify(changed),
    ignored: ignored !== undefined && ignored.length > 0 ? JSON.stringify(ignored) : undefined,
    delta: large ? undefined : encoded,
    chunks: large ? chunks.length : undefined,
    expires,
  }) as Attributes;
  return { attributes, chunks };
}

/**
 * The changes after `since`, up to `to` when given, and no further once they name `membersMost` members together.
 *
 * Errors: TableError "lost" when a chunk of a large delta is not to be had.
 */
export async function readChanges(
  table: Table,
  id: string,
  since: number,
  to?: number,
  membersMost = Number.POSITIVE_INFINITY,
): Promise<Change[]> {
  const changes: Change[] = [];
  let members = 0;
  const range = { table: "scim" as const, pk: logPartition(id), from: logSortKey(since + 1) };
  for await (const item of queryAll(table, to === undefined ? range : { ...range, to: logSortKey(to) })) {
    const change = await changeOf(table, id, item);
    changes.push(change);
    members += change.delta === undefined ? 0 : deltaSize(change.delta);
    if (members > membersMost) break;
  }
  return changes;
}

/** All changes after `since`, in one pass; undefined when a large delta is among them. Errors: TableError. */
export async function readSmallChanges(table: Table, id: string, since: number): Promise<Change[] | undefined> {
  const changes: Change[] = [];
  for await (const item of queryAll(table, { table: "scim", pk: logPartition(id), from: logSortKey(since + 1) })) {
    if (item.attributes["chunks"] !== undefined) return undefined;
    changes.push(withDelta(changeAlone(item), text(item.attributes, "delta")));
  }
  return changes;
}

/** A change as its item has it: a large delta, which would have to be read from its chunks, is missing. */
export interface ChangeAlone extends Change {
  readonly namesMembers: boolean;
}

/** A log item, and whose it is. */
export interface LoggedChange extends ChangeAlone {
  /** Absent: an earlier release wrote it. */
  readonly type?: string;
  readonly id: string;
}

export function loggedChange(item: Item): LoggedChange {
  const change = { ...withDelta(changeAlone(item), text(item.attributes, "delta")), namesMembers: namesMembers(item) };
  return { ...change, id: loggedId(item.pk), ...defined({ type: text(item.attributes, "type") }) };
}

/** The changes after `since`, up to `to`, however large they are in a few reads. Errors: TableError. */
export async function readChangesAlone(table: Table, id: string, since: number, to: number): Promise<ChangeAlone[]> {
  const changes: ChangeAlone[] = [];
  const range = { table: "scim" as const, pk: logPartition(id), from: logSortKey(since + 1), to: logSortKey(to) };
  for await (const item of queryAll(table, range))
    changes.push({ ...withDelta(changeAlone(item), text(item.attributes, "delta")), namesMembers: namesMembers(item) });
  return changes;
}

async function changeOf(table: Table, id: string, item: Item): Promise<Change> {
  const a = item.attributes;
  const change = changeAlone(item);
  const chunks = number(a, "chunks");
  return withDelta(
    change,
    chunks === undefined ? text(a, "delta") : await readChunks(table, id, change.requestId, chunks),
  );
}

function withDelta(change: Omit<Change, "delta">, encoded: string | undefined): Change {
  return encoded === undefined ? change : { ...change, delta: decodeDelta(encoded) };
}

function namesMembers({ attributes: a }: Item): boolean {
  return a["delta"] !== undefined || a["chunks"] !== undefined;
}

export function changeAlone({ sk, attributes: a }: Item): Omit<Change, "delta"> {
  return {
    version: Number(sk),
    kind: (text(a, "op") ?? "patch") as ChangeKind,
    at: number(a, "at") ?? 0,
    requestId: text(a, "requestId") ?? "",
    tokenId: text(a, "tokenId") ?? "",
    ...defined({
      dialect: text(a, "dialect"),
      changed: parsed(text(a, "changed")) as JsonObject | undefined,
      ignored: parsed(text(a, "ignored")) as Ignored[] | undefined,
      expires: number(a, "expires"),
    }),
  };
}

async function readChunks(table: Table, id: string, requestId: string, count: number): Promise<string> {
  const keys = Array.from({ length: count }, (_, n) => deltaKey(id, requestId, n));
  const items = await table.batchGet(keys);
  return items
    .map((item, n) => {
      const chunk = item && text(item.attributes, "delta");
      if (chunk === undefined)
        throw new TableError("lost", `chunk ${n} of ${count} of a member delta of ${id} is not there`);
      return chunk;
    })
    .join("");
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

/** The changes that follow `since` without a gap; a gap is a transaction that is not yet visible in all its items (trap 2). */
export function contiguous(changes: readonly Change[], since: number): Change[] {
  const run: Change[] = [];
  for (const change of changes) if (change.version === since + run.length + 1) run.push(change);
  return run;
}

export function isCaller(change: Change, caller: Caller): boolean {
  return change.requestId === caller.requestId;
}

/** What a change of a resource did, attribute by attribute. Undefined when nothing is different. */
export function difference(before: Resource, after: Resource): JsonObject | undefined {
  const changed: Record<string, JsonObject[string]> = {};
  for (const [name, value] of Object.entries(after)) {
    if (!equalJson(before[name], value)) changed[name] = value;
  }
  for (const name of Object.keys(before)) if (!(name in after)) changed[name] = null;
  return Object.keys(changed).length === 0 ? undefined : changed;
}

export function withDifference(resource: Resource, changed: JsonObject | undefined): Resource {
  if (changed === undefined) return resource;
  return Object.fromEntries(Object.entries({ ...resource, ...changed }).filter(([, value]) => value !== null));
}
