/**
 * What a rewrite of an entry tells. The kind is the difference to what was told before, and so are the attributes; where the
 * entry before is not the one that was told, the stream lost something: then all of it is told.
 */
import { equalJson, type Json, type JsonObject } from "../scim/json.ts";
import type { Entry } from "../provisioning/entry.ts";
import type { Tenant } from "../provisioning/tenant.ts";
import { defined } from "../provisioning/head.ts";
import { entrySubject, eventId, eventText, type EntryEvent, type EntryEventKind } from "./event.ts";
import { markExpires, type Origin, type Said, sequenceAfter, type Telling } from "./telling.ts";
import { type Told, toldUpTo } from "./told.ts";

/** An entry, and its TTL where it has one, in seconds since 1970. */
export type StoredEntry = Pick<Entry, "type" | "id" | "state" | "version" | "profile" | "appliedAt"> & {
  readonly expires?: number;
};

/** EventBridge takes 256 KB with its envelope. Units: bytes. */
const eventBytesMost = 200_000;

/** Of the stream: what it was made from, and what it became. */
export function entryTelling(tenant: Tenant, before: StoredEntry | undefined, after: StoredEntry): Telling {
  return {
    ...about(after),
    say: (told, origin) => {
      if (told !== undefined && after.appliedAt <= toldUpTo(told)) return undefined;
      const known = follows(told, before) ? { before } : "unknown";
      return said(tenant, { told, known, after, origin });
    },
  };
}

/**
 * Of the table, when the stream lost something: all that is there. `asOf` is what was told before the entry was read: when
 * more was told since, the entry may be the older one.
 */
export function entryAgain(tenant: Tenant, asOf: Told | undefined, entry: StoredEntry): Telling {
  return {
    ...about(entry),
    say: (told, origin) => {
      if (told?.sequence !== asOf?.sequence || isToldOf(told, entry)) return undefined;
      return said(tenant, { told, known: "unknown", after: entry, origin });
    },
  };
}

/** The table went back to before there was one: it is told as removed. Undefined when that was told. */
export function entryGone(told: Told, { type, id }: Pick<Entry, "type" | "id">, tenant: Tenant): Telling | undefined {
  if (told.state === "removed" || toldUpTo(told) === 0) return undefined;
  const gone = { type, id, state: "removed", version: told.version, profile: {}, appliedAt: 0 } as const;
  return entryAgain(tenant, told, gone);
}

export function isToldOf(told: Told | undefined, { appliedAt }: Pick<Entry, "appliedAt">): boolean {
  return told !== undefined && toldUpTo(told) === appliedAt;
}

function about(entry: StoredEntry): Omit<Telling, "say"> {
  const { type, id, version, appliedAt } = entry;
  return { subject: entrySubject(type, id), of: { id, version }, at: appliedAt };
}

/** A tombstone that had its time leaves nothing to be compared with. */
function follows(told: Told | undefined, before: StoredEntry | undefined): boolean {
  if (before === undefined) return told === undefined || told.state === "removed" || toldUpTo(told) === 0;
  return isToldOf(told, before);
}

interface Saying {
  readonly told: Told | undefined;
  readonly known: { readonly before: StoredEntry | undefined } | "unknown";
  readonly after: StoredEntry;
  readonly origin: Origin;
}

function said(tenant: Tenant, { told, known, after, origin }: Saying): Said {
  const { type, id, state, version, profile } = after;
  const { sequence, of } = sequenceAfter(told, after.appliedAt);
  const mark = { sequence, version, state, ...defined({ of }), ...markExpires(after.expires) };
  const kind = kindOf(told?.state, state);
  const old = known === "unknown" ? {} : (known.before?.profile ?? {});
  const changed = differing(old, profile);
  const isRemade = known !== "unknown" && kind === "updated" && known.before?.version === version;
  if (isRemade && changed.length === 0) return { events: [], mark };
  const subject = entrySubject(type, id);
  const event: EntryEvent = {
    id: eventId(subject, sequence),
    type: `${type.toLowerCase()}.${kind}`,
    timestamp: new Date(after.appliedAt === 0 ? sequence : after.appliedAt).toISOString(),
    data: {
      tenant: tenant.name,
      subject,
      sequence,
      version,
      ...origin,
      resource: { type, id },
      state,
      changed,
      ...(known === "unknown" && { whole: true, caughtUp: true }),
    },
  };
  return { events: [tenant.events?.values === true ? withValues(event, old, profile) : event], mark };
}

function kindOf(before: Told["state"], after: Entry["state"]): EntryEventKind {
  if (before === after) return "updated";
  if (after === "removed") return "removed";
  if (before === undefined || before === "removed") return "created";
  return after === "suspended" ? "suspended" : "activated";
}

function differing(before: JsonObject, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !equalJson(before[name], after[name])).sort();
}

function withValues(event: EntryEvent, before: JsonObject, after: JsonObject): EntryEvent {
  const values = event.data.changed.map((name): [string, { readonly old?: Json; readonly new?: Json }] => {
    return [name, defined({ old: before[name], new: after[name] })];
  });
  const full = { ...event, data: { ...event.data, values: Object.fromEntries(values) } };
  if (new TextEncoder().encode(eventText(full)).length <= eventBytesMost) return full;
  return { ...event, data: { ...event.data, valuesLeftOut: true } };
}
