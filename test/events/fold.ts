/**
 * What an application knows that has only the events: entries and members, as docs/events.md says that they are folded.
 * Duplicates by id are passed over, and so is what comes after a later one of its subject.
 */
import {
  type DirectoryEvent,
  type EntryEvent,
  isMembershipEvent,
  type MembershipEvent,
} from "../../lib/events/event.ts";
import type { Item } from "../../lib/provisioning/ports.ts";
import { equalJson, type Json, type JsonObject } from "../../lib/scim/json.ts";

export interface FoldedEntry {
  readonly type: string;
  readonly id: string;
  readonly state: "active" | "suspended" | "removed";
  readonly version: number;
  /** Of events with values; else empty. */
  readonly profile: Readonly<Record<string, Json>>;
}

export interface Folded {
  /** By `<type>/<id>`. */
  readonly entries: ReadonlyMap<string, FoldedEntry>;
  /** Ids by the id of the group, of groups that have or had any. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
}

export function foldEvents(events: Iterable<DirectoryEvent>): Folded {
  const entries = new Map<string, FoldedEntry>();
  const members = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const sequences = new Map<string, number>();
  for (const event of events) {
    const { subject, sequence } = event.data;
    if (seen.has(event.id) || sequence < (sequences.get(subject) ?? 0)) continue;
    seen.add(event.id);
    sequences.set(subject, sequence);
    if (isMembershipEvent(event)) foldMembership(members, event);
    else entries.set(subject, folded(entries.get(subject), event));
  }
  return { entries, members };
}

function folded(before: FoldedEntry | undefined, { type, data }: EntryEvent): FoldedEntry {
  const startsAnew = data.whole === true || type.endsWith(".created");
  const profile = new Map(Object.entries(startsAnew ? {} : (before?.profile ?? {})));
  for (const [name, { new: value }] of Object.entries(data.values ?? {})) {
    if (value === undefined) profile.delete(name);
    else profile.set(name, value);
  }
  return { ...data.resource, state: data.state, version: data.version, profile: Object.fromEntries(profile) };
}

function foldMembership(members: Map<string, Set<string>>, { type, data: { group, member } }: MembershipEvent): void {
  const known = members.get(group.id) ?? new Set();
  members.set(group.id, known);
  if (member === undefined) known.clear();
  else if (type === "membership.added") known.add(member.id);
  else known.delete(member.id);
}

/** The same of the Directory table's items. */
export function foldOfDirectory(items: Iterable<Item>): Folded {
  const entries = new Map<string, FoldedEntry>();
  const members = new Map<string, Set<string>>();
  for (const { pk, sk, attributes: a } of items) {
    const [type = "", id = ""] = pk.split("#");
    if (sk.startsWith("Member#")) members.set(id, (members.get(id) ?? new Set()).add(sk.slice("Member#".length)));
    if (sk !== "Entry") continue;
    const profile = JSON.parse(String(a["profile"] ?? "{}")) as JsonObject;
    const state = String(a["state"]) as FoldedEntry["state"];
    entries.set(`${type}/${id}`, { type, id, state, version: Number(a["version"]), profile });
  }
  return { entries, members };
}

/** In sentences; none when they are the same. */
export function differences(told: Folded, stored: Folded): string[] {
  const found: string[] = [];
  const compare = (what: string, has: Json | undefined, wants: Json | undefined): void => {
    if (!equalJson(has, wants))
      found.push(`${what}: the events fold to ${JSON.stringify(has)}, the directory has ${JSON.stringify(wants)}`);
  };
  for (const subject of new Set([...told.entries.keys(), ...stored.entries.keys()])) {
    const [has, wants] = [told, stored].map(({ entries }) => entries.get(subject) as Json | undefined);
    compare(subject, has, wants);
  }
  for (const id of new Set([...told.members.keys(), ...stored.members.keys()])) {
    const [has, wants] = [told, stored].map(({ members }) => [...(members.get(id) ?? [])].sort());
    compare(`members of ${id}`, has, wants);
  }
  return found;
}
