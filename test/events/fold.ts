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
import type { Json } from "../../lib/scim/json.ts";

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
