/**
 * Schemas and resource types as data.
 *
 * Source: RFC 7643 sections 2 (characteristics), 6 (ResourceType) and 7 (Schema).
 */

export interface Attribute {
  readonly name: string;
  readonly type: "string" | "boolean" | "decimal" | "integer" | "dateTime" | "binary" | "reference" | "complex";
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: "readOnly" | "readWrite" | "immutable" | "writeOnly";
  readonly returned: "always" | "never" | "default" | "request";
  readonly uniqueness: "none" | "server" | "global";
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

export interface Schema {
  /** A URN, such as `urn:ietf:params:scim:schemas:core:2.0:User`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

export interface ResourceType {
  /** `User`: also `meta.resourceType`, and the first part of a head's key. */
  readonly id: string;
  readonly name: string;
  /** `/Users` */
  readonly endpoint: string;
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly { readonly schema: Schema; readonly required: boolean }[];
  /**
   * Attributes, beside the unique ones, that a filter finds in constant reads: `externalId`, `emails.value`.
   * An attribute with uniqueness `server` is unique (a claim) and needs no lookup.
   */
  readonly lookups: readonly string[];
  /** Has `members`, which are kept apart from the resource and change by deltas. */
  readonly hasMembers: boolean;
}

/**
 * A resource as it is stored: attributes in the schema's spelling, extension attributes in an object under their URN,
 * without `schemas`, `id`, `meta`, `members`, `groups` and `password`. Empty values are absent, not null and not `[]`.
 */
export type Resource = import("./json.ts").JsonObject;

/** Why something that was sent did not arrive; kept in the log, so that "why is it missing?" can be answered. */
export interface Ignored {
  /** As the client wrote it, at most 256 characters. Never a value. */
  readonly path: string;
  readonly reason: "unknown" | "readOnly" | "neverStored" | "unknownMember";
}
