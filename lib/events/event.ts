/**
 * An event: what an applied change did to the directory, told to the tenant's application. A public interface: docs/events.md.
 *
 * Each stands under a subject, the thing whose story it goes on with: an entry, or the members of a group. Within a subject
 * the sequence grows, and events come in its order; between subjects there is no order.
 */
import type { Json } from "../scim/json.ts";

/** Of an entry; those of a type of the tenant's own begin with its name in lower case, such as `device.created`. */
export type EntryEventKind = "created" | "updated" | "activated" | "suspended" | "removed";

/** `reset`: all memberships of the group that were known are void; those that follow are all there are. */
export type MembershipEventKind = "added" | "removed" | "reset";

interface Common {
  /** The same whenever the event is told: of its subject and sequence. */
  readonly id: string;
  /** When it was applied, as ISO 8601 in UTC. */
  readonly timestamp: string;
}

interface CommonData {
  readonly tenant: string;
  /** `User/<id>`, `Group/<id>`, `<type>/<id>`, or `Group/<id>/members`. */
  readonly subject: string;
  /** Grows within the subject; a number of milliseconds since 1970 that no two events of a subject share but those of one step of a group. */
  readonly sequence: number;
  /** Of the accepted change that it shows. */
  readonly version: number;
  /** When the identity provider's word came; absent where nothing remembers it any more. */
  readonly receivedAt?: string;
  /** Of the request whose change it was; absent as above. */
  readonly requestId?: string;
  /** It was told from the table, because the stream had lost it: changes in between may be one. */
  readonly caughtUp?: true;
}

export interface EntryEvent extends Common {
  /** `user.created` … */
  readonly type: string;
  readonly data: CommonData & {
    readonly resource: { readonly type: string; readonly id: string };
    readonly state: "active" | "suspended" | "removed";
    /** Names of the profile's attributes that have another value than before, sorted. */
    readonly changed: readonly string[];
    /** `changed` names all that the profile has: what it does not name is not there. */
    readonly whole?: true;
    /** By name, where the tenant file says `"values": true`; `old` and `new` are absent where there is no value. */
    readonly values?: { readonly [name: string]: { readonly old?: Json; readonly new?: Json } };
    /** The values would be too large for an event: read the entry. */
    readonly valuesLeftOut?: true;
  };
}

export interface MembershipEvent extends Common {
  readonly type: `membership.${MembershipEventKind}`;
  readonly data: CommonData & {
    readonly group: { readonly id: string };
    /** Absent: of a reset. */
    readonly member?: { readonly type: "User" | "Group"; readonly id: string };
  };
}

export type DirectoryEvent = EntryEvent | MembershipEvent;

export function entrySubject(type: string, id: string): string {
  return `${type}/${id}`;
}

export function membersSubject(groupId: string): string {
  return `Group/${groupId}/members`;
}

/** `what`: of events that share a sequence, such as the member. Letters, digits, dots and hyphens: it is a header, too. */
export function eventId(subject: string, sequence: number, what?: string): string {
  return [...subject.split("/"), String(sequence), ...(what === undefined ? [] : [what])].join(".");
}

export function isMembershipEvent(event: DirectoryEvent): event is MembershipEvent {
  return event.type.startsWith("membership.");
}

/** As it stands in the feed and on the wire. */
export function eventText(event: DirectoryEvent): string {
  return JSON.stringify(event);
}

export function parseEvent(text: string): DirectoryEvent {
  return JSON.parse(text) as DirectoryEvent;
}
