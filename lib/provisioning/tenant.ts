/** What is configured for a tenant, ready to use: the tenant file, read and compiled once at start. */
import type { AddressRange } from "./address-range.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { ResolvedPath } from "../scim/attribute-path.ts";

export interface Tenant {
  readonly name: string;
  readonly types: readonly ResourceType[];
  readonly mapping: Mapping;
  /** Unknown members of a group: refused with 400 and their ids, or skipped and logged (D8). */
  readonly unknownMembers: "reject" | "skip";
  readonly lifecycle: Lifecycle;
  /** How long are kept: what was applied of the log, sightings, traffic, leavers. At least a day. */
  readonly evidenceDays: number;
  readonly leavers: LeaversClock;
  /** A proxy in front names the public address in X-Forwarded-Host and X-Forwarded-Proto. Absent: nobody is believed. */
  readonly trustsProxy?: boolean;
  /** Where requests may come from. Absent: from anywhere. */
  readonly allowFrom?: readonly AddressRange[];
  /** Absent: nobody is told what changes in the directory. */
  readonly events?: EventSettings;
  /** Absent: identity providers show static tokens alone. */
  readonly oauth?: OAuthSettings;
  /** By what a POST is recognised as somebody who was imported and whom no identity provider has touched since. */
  readonly importedBy: readonly ImportedBy[];
}

/** What is told of changes in the directory, and to whom; the feed always has it. */
export interface EventSettings {
  /** Old and new values of the attributes that changed stand in the events, not their names alone. */
  readonly values: boolean;
  readonly sinks: readonly Sink[];
}

/** Where events are sent. `bus`: an EventBridge bus of the tenant's stack, whose name among the sinks is `bus`. */
export type Sink =
  | { readonly kind: "bus"; readonly name: "bus" }
  | { readonly kind: "webhook"; readonly name: string; readonly url: string };

export interface OAuthSettings {
  /** How long an access token is good for. */
  readonly tokenMinutes: number;
}

export type ImportedBy = "userName" | "emails.value" | "externalId";

export interface Lifecycle {
  /** A POST whose userName an inactive user has: 409, or that user comes back when externalId is the same. */
  readonly rehire: "conflict" | "reactivate";
  /** Days that the entry of a deleted user keeps its profile; absent: the profile goes at once. */
  readonly retainDays?: number;
}

export interface LeaversClock {
  /** From a deactivation's arrival until the application can see it: later is a breach. */
  readonly limitMinutes: number;
  readonly brake: Brake;
}

/** Against a mass deactivation that nobody meant. */
export interface Brake {
  readonly windowMinutes: number;
  /** It trips when more than so many people leave within the window … */
  readonly people: number;
  /** … or more than so many of a hundred that there are, and at least ten. */
  readonly percent: number;
  /** `alarm`: it only tells. `hold`: whoever leaves after that is parked until an operator says what is to be done. */
  readonly action: "alarm" | "hold";
}

/** How the profile of a resource type is made. */
export interface TypeMapping {
  /** Of what it makes; an entry records which mapping it was made with. 12 hex digits. */
  readonly hash: string;
  readonly attributes: readonly MappedAttribute[];
}

/** That of users, and of other types that the tenant file has one for. */
export interface Mapping extends TypeMapping {
  /** What a user that the mapping cannot carry meets at accept: 400, or accepted and parked. */
  readonly policy: "reject" | "park";
  /** Attributes of a user's profile that are made from the groups, not from the user. */
  readonly roles: readonly MappedRoles[];
  /** By the name of the type: `Group`, or one of the tenant's own. */
  readonly resourceTypes: ReadonlyMap<string, TypeMapping>;
}

export type Scalar = string | number | boolean;

/** One attribute of the profile. */
export interface MappedAttribute {
  readonly name: string;
  /** Tried in order; the first that has a value gives it, unless they are joined. */
  readonly from: readonly ResolvedPath[];
  /** When no path has a value. */
  readonly constant?: Scalar;
  /** All values of all paths, with this between them. */
  readonly join?: string;
  /** White space at both ends goes; what is nothing else is no value. */
  readonly trim: boolean;
  readonly case?: "lower" | "upper";
  readonly table?: ValueTable;
  readonly as?: ValueForm;
  readonly required: boolean;
  /** In place of the mapping's. */
  readonly policy?: Mapping["policy"];
  /** The application finds the entry by it. */
  readonly lookup: boolean;
}

/** What stands for what. */
export interface ValueTable {
  /** By the folded value. */
  readonly rows: ReadonlyMap<string, Scalar>;
  /** For a value that is in no row; absent: such a value cannot be used. */
  readonly otherwise?: Scalar;
}

export type ValueForm = "text" | "number" | "boolean" | "date" | "dateTime";

/** A profile attribute that lists the roles which the names of a user's groups give. */
export interface MappedRoles {
  readonly name: string;
  /** By the folded name of a group. */
  readonly exact: ReadonlyMap<string, readonly string[]>;
  /** For groups whose folded name begins so. */
  readonly prefixes: readonly { readonly prefix: string; readonly roles: readonly string[] }[];
}
