/**
 * The directory entry: what the tenant's application reads. Written by the worker alone, fenced by its version.
 *
 * The schema is a public interface: docs/directory-schema.md.
 */
import { equalJson, type JsonObject } from "../scim/json.ts";
import { expiresAfter } from "./expiry.ts";
import { asRead } from "./as-read.ts";
import { type Head, number, text } from "./head.ts";
import { directoryLookupKey, entryKey } from "./keys.ts";
import { isAhead, isOfAnotherTime } from "./other-time.ts";
import { type Attributes, type Table, TableError, type Write } from "./ports.ts";
import { SyncError } from "./sync-error.ts";

export interface Entry {
  readonly type: string;
  readonly id: string;
  readonly state: "active" | "suspended" | "removed";
  /** The accepted version that it was made from. */
  readonly version: number;
  readonly profile: JsonObject;
  readonly lookups: readonly { readonly attribute: string; readonly value: string }[];
  readonly mappingHash: string;
  /** Milliseconds since 1970. */
  readonly appliedAt: number;
  /** Of a removed entry that keeps its profile, and for how long; at least as long as a tombstone. */
  readonly retainDays?: number;
}

/** An entry always says its format: it is a public interface (docs/directory-schema.md). The first one still holds. */
const entryFormat = 1;
/** Headroom below DynamoDB's 400 KB. */
const profileBytesMost = 350_000;
/** A tombstone must outlive every slow worker: it is the fence that keeps an old message from reviving the entry. */
const tombstoneDays = 30;
const attemptsMost = 5;

export async function readEntry(table: Table, type: string, id: string): Promise<Entry | undefined> {
  const item = await table.get(entryKey(type, id));
  return item && entryOf(type, id, item.attributes);
}

/** In the order of the ids, undefined where nothing was applied yet. */
export async function readEntries(table: Table, type: string, ids: readonly string[]): Promise<(Entry | undefined)[]> {
  const items = await table.batchGet(ids.map((id) => entryKey(type, id)));
  return items.map((item, n) => item && entryOf(type, ids[n] ?? "", item.attributes));
}

export function entryOf(type: string, id: string, a: Attributes): Entry {
  const lookups = (a["lookups"] ?? []) as readonly string[];
  return {
    type,
    id,
    state: (text(a, "state") ?? "active") as Entry["state"],
    version: number(a, "version") ?? 0,
    profile: JSON.parse(text(a, "profile") ?? "{}") as JsonObject,
    lookups: lookups.map((lookup) => {
      const at = lookup.indexOf("#");
      return { attribute: lookup.slice(0, at), value: lookup.slice(at + 1) };
    }),
    mappingHash: text(a, "mappingHash") ?? "",
    appliedAt: number(a, "appliedAt") ?? 0,
  };
}

/** What an entry is made from. */
type Accepted = Pick<Head, "type" | "id" | "version" | "lastModified">;

export interface EntryWritten {
  /** Absent: there was none. */
  readonly before: Entry | undefined;
  readonly entry: Entry;
}

/**
 * Brings the entry up to `version`, unless it is there already: then undefined. `make` is asked again when another worker
 * was quicker. What `beside` gives is written in the same transaction.
 *
 * Errors: SyncError `conflict`, `entry-too-large`, and what `make` throws; TableError.
 */
export async function bringEntryTo(
  table: Table,
  head: Accepted,
  make: (before: Entry | undefined) => Entry | Promise<Entry>,
  beside: (written: EntryWritten) => readonly Write[] = () => [],
): Promise<EntryWritten | undefined> {
  const { type, id, version } = head;
  for (let attempt = 0; attempt < attemptsMost; attempt += 1) {
    const before = await readEntry(table, type, id);
    const isThere = before !== undefined && before.version >= version;
    if (isThere && !(await isOfAnotherTime(table, head, before))) return undefined;
    try {
      const made = await make(before);
      const written = { before, entry: isThere ? beyond(before, made) : after(before, made) };
      await writeEntry(table, written, beside(written));
      return written;
    } catch (error) {
      if (!(error instanceof TableError) || error.kind !== "condition") throw error;
    }
  }
  throw new SyncError("conflict", `the entry of ${type} ${id} is written by others at the same time`);
}

/**
 * Makes the entry of `version` anew, unless a later one is there. What is the same already is not written. Its version, which
 * is higher than the head's when the directory is ahead (other-time.ts).
 *
 * Errors: SyncError `conflict`, `entry-too-large`, and what `make` throws; TableError.
 */
export async function remakeEntry(
  table: Table,
  head: Accepted,
  make: (before: Entry | undefined) => Entry | Promise<Entry>,
): Promise<number> {
  const { type, id, version } = head;
  for (let attempt = 0; attempt < attemptsMost; attempt += 1) {
    const before = await readEntry(table, type, id);
    const isLater = before !== undefined && before.version > version;
    if (isLater && !(await isAhead(table, head, before))) return version;
    const made = await make(before);
    const entry = after(before, isLater ? { ...made, version: before.version } : made);
    if (before !== undefined && isSame(before, entry)) return entry.version;
    try {
      await writeEntry(table, { before, entry }, []);
      return entry.version;
    } catch (error) {
      if (!(error instanceof TableError) || error.kind !== "condition") throw error;
    }
  }
  throw new SyncError("conflict", `the entry of ${type} ${id} is written by others at the same time`);
}

/**
 * Changes an entry that stays at its version. `make` is asked again when another worker was quicker; undefined: it is right
 * as it is. False when others were quicker each time.
 *
 * Errors: SyncError `entry-too-large`, and what `make` throws; TableError.
 */
export async function changeEntry(
  table: Table,
  type: string,
  id: string,
  make: (before: Entry) => Promise<Entry | undefined>,
): Promise<boolean> {
  for (let attempt = 0; attempt < attemptsMost; attempt += 1) {
    const before = await readEntry(table, type, id);
    if (before === undefined || before.state === "removed") return true;
    const made = await make(before);
    if (made === undefined) return true;
    try {
      await writeEntry(table, { before, entry: after(before, made) }, []);
      return true;
    } catch (error) {
      if (!(error instanceof TableError) || error.kind !== "condition") throw error;
    }
  }
  return false;
}

/** A version must not come twice: whoever reads the directory may go by it. */
function beyond(before: Entry, made: Entry): Entry {
  return after(before, { ...made, version: before.version > made.version ? before.version + 1 : made.version });
}

/**
 * It grows with each rewrite, although the clocks of two workers may differ, and two changes may be applied in one
 * millisecond: it tells which entry was read, and whoever tells of changes goes by it.
 */
function after(before: Entry | undefined, made: Entry): Entry {
  return { ...made, appliedAt: Math.max(made.appliedAt, (before?.appliedAt ?? 0) + 1) };
}

/** For whoever reads them, and for who compares mappings. */
export function isSame(one: Entry, other: Entry): boolean {
  const asRead = ({ state, version, profile, lookups, mappingHash }: Entry): JsonObject => {
    return { state, version, profile, lookups: lookups.map(asText).sort(), mappingHash };
  };
  return equalJson(asRead(one), asRead(other));
}

/** If it is still the one that was read: comparing versions alone would leak the lookups of one written in between. */
async function writeEntry(table: Table, { before, entry }: EntryWritten, beside: readonly Write[]): Promise<void> {
  const removed = entry.state === "removed";
  const days = entry.retainDays ?? tombstoneDays;
  const profile = profileText(entry);
  const write: Write = {
    kind: "put",
    key: entryKey(entry.type, entry.id),
    if:
      before === undefined
        ? [{ is: "absent" }]
        : [asRead("version", before.version), asRead("appliedAt", before.appliedAt)],
    attributes: {
      v: entryFormat,
      id: entry.id,
      type: entry.type,
      state: entry.state,
      version: entry.version,
      appliedAt: entry.appliedAt,
      ...(removed ? { expires: expiresAfter(entry.appliedAt, days) } : {}),
      ...(removed && entry.retainDays === undefined ? {} : { profile, mappingHash: entry.mappingHash }),
      ...(entry.lookups.length === 0 ? {} : { lookups: entry.lookups.map(asText) }),
    },
  };
  const others = [...lookupWrites(before, entry), ...beside];
  if (others.length === 0) await table.write(write);
  else await table.transact([write, ...others]);
}

/** As it is stored. Errors: SyncError `entry-too-large`. */
export function profileText({ type, id, profile }: Entry): string {
  const text = JSON.stringify(profile);
  if (new TextEncoder().encode(text).length <= profileBytesMost) return text;
  throw new SyncError(
    "entry-too-large",
    `the profile of ${type} ${id} has more than ${profileBytesMost} bytes; map fewer attributes`,
  );
}

const asText = (lookup: Entry["lookups"][number]): string => `${lookup.attribute}#${lookup.value}`;

function lookupWrites(before: Entry | undefined, entry: Entry): Write[] {
  const had = new Set(before?.lookups.map(asText));
  const has = new Set(entry.lookups.map(asText));
  return [
    ...(before?.lookups ?? [])
      .filter((lookup) => !has.has(asText(lookup)))
      .map((lookup): Write => {
        return { kind: "delete", key: directoryLookupKey(lookup.attribute, lookup.value, entry.id) };
      }),
    ...entry.lookups
      .filter((lookup) => !had.has(asText(lookup)))
      .map((lookup): Write => {
        return {
          kind: "put",
          key: directoryLookupKey(lookup.attribute, lookup.value, entry.id),
          attributes: { type: entry.type },
        };
      }),
  ];
}
