/** What is configured for a tenant, ready to use: the tenant file, read and compiled once at start. */
import type { ResourceType } from "../scim/schema.ts";
import type { ResolvedPath } from "../scim/attribute-path.ts";

export interface Tenant {
  readonly name: string;
  readonly types: readonly ResourceType[];
  readonly mapping: Mapping;
  /** Unknown members of a group: refused with 400 and their ids, or skipped and logged (D8). */
  readonly unknownMembers: "reject" | "skip";
  readonly lifecycle: Lifecycle;
  /** A proxy in front names the public address in X-Forwarded-Host and X-Forwarded-Proto. Absent: nobody is believed. */
  readonly trustsProxy?: boolean;
}

export interface Lifecycle {
  /** A POST whose userName an inactive user has: 409, or that user comes back when externalId is the same. */
  readonly rehire: "conflict" | "reactivate";
  /** Days that the entry of a deleted user keeps its profile; absent: the profile goes at once. */
  readonly retainDays?: number;
}

export interface Mapping {
  /** What a user that the mapping cannot carry meets at accept: 400, or accepted and parked. */
  readonly policy: "reject" | "park";
  /** Of the mapping's text in the tenant file; an entry records which mapping it was made with. 12 hex digits. */
  readonly hash: string;
  readonly attributes: readonly MappedAttribute[];
}

/** One attribute of the profile. */
export interface MappedAttribute {
  readonly name: string;
  /** Tried in order; the first that has a value gives it. */
  readonly from: readonly ResolvedPath[];
  /** When no path has a value. */
  readonly constant?: string | number | boolean;
  readonly lowerCase: boolean;
  readonly required: boolean;
  /** The application finds the entry by it. */
  readonly lookup: boolean;
}
