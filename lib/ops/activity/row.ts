/** One line of the activity: a change that was accepted, or a request that was answered with an error. */

const changeKinds = ["created", "changed", "replaced", "activated", "deactivated", "deleted", "members"] as const;
const refusalKinds = ["refused", "fault"] as const;
export const activityKinds = [...changeKinds, ...refusalKinds] as const;

/** `members`: a change that names members of a group; `fault`: answered with an error of ours. */
export type ActivityKind = (typeof activityKinds)[number];
export type ChangeKindShown = (typeof changeKinds)[number];
export type RefusalKind = (typeof refusalKinds)[number];

/** How far it has come. A change that a later one replaced before the worker came to it is applied with that one. */
export type ChangeStatus = "applied" | "pending" | "parked" | "givenUp";

const changeStatuses: readonly ChangeStatus[] = ["applied", "pending", "parked", "givenUp"];

/** As options and addresses have them. */
export const statusWords = { applied: "applied", pending: "pending", parked: "parked", givenUp: "given-up" } as const;

export function statusCalled(word: string | undefined): ChangeStatus | undefined {
  return changeStatuses.find((status) => statusWords[status] === word);
}

interface Told {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of a resource type: `User`. Empty: the request named none. */
  readonly type: string;
  /** userName or displayName; of a refusal what the request called it by. Absent when it is deleted, or nobody was named. */
  readonly name?: string;
  /** `rollcall`: the worker itself, when it took a deleted one out of groups. */
  readonly tokenId: string;
  /** Who calls by this token, as the operator named it. */
  readonly tokenLabel?: string;
  /** The identity provider, as far as its form showed it. */
  readonly idp?: string;
  readonly requestId: string;
}

export interface ChangeRow extends Told {
  readonly kind: ChangeKindShown;
  readonly id: string;
  readonly version: number;
  readonly status: ChangeStatus;
  /** Names of top-level attributes that have another value since, without values. */
  readonly attributes: readonly string[];
  /** Absent: it names none. */
  readonly members?: MembersChanged;
}

/** How many members it names. `isMany`: so many that they would have to be read for a count. */
export interface MembersChanged {
  readonly added: number;
  readonly removed: number;
  /** Everybody else leaves. */
  readonly replacesAll: boolean;
  readonly isMany: boolean;
}

export interface RefusalRow extends Told {
  readonly kind: RefusalKind;
  readonly id?: string;
  /** Of HTTP. */
  readonly status: number;
  /** `POST /Users` */
  readonly operation: string;
  /** As the identity provider was told, with the values in it. */
  readonly detail: string;
}

export type ActivityRow = ChangeRow | RefusalRow;

export function isRefusal(row: ActivityRow): row is RefusalRow {
  return isRefusalKind(row.kind);
}

export function isRefusalKind(kind: ActivityKind): kind is RefusalKind {
  return kind === "refused" || kind === "fault";
}
