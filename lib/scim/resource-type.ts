/**
 * The resource types that there are, as data, and how their attributes are found.
 *
 * Source: RFC 7643 section 6.
 */
import type { Attribute, ResourceType } from "./schema.ts";
import { commonAttributes } from "./schemas/common.ts";
import { enterpriseUserSchema } from "./schemas/enterprise-user.ts";
import { groupSchema } from "./schemas/group.ts";
import { userSchema } from "./schemas/user.ts";

export const userType: ResourceType = {
  id: "User",
  name: "User",
  endpoint: "/Users",
  description: "User account",
  schema: userSchema,
  extensions: [{ schema: enterpriseUserSchema, required: false }],
  lookups: ["externalId", "emails.value"],
  hasMembers: false,
};

export const groupType: ResourceType = {
  id: "Group",
  name: "Group",
  endpoint: "/Groups",
  description: "Group",
  schema: groupSchema,
  extensions: [],
  // By name too, although it is claimed: a tenant that turns uniqueness on or off finds the groups it has (D12).
  lookups: ["externalId", "displayName"],
  hasMembers: true,
};

/** Groups for a tenant that may or may not have two of the same name (D12). They are found by name in either case. */
export function groupTypeWith(options: { uniqueNames: boolean }): ResourceType {
  if (options.uniqueNames) return groupType;
  const attributes = groupSchema.attributes.map((attribute) =>
    attribute.uniqueness === "none" ? attribute : { ...attribute, uniqueness: "none" as const },
  );
  return { ...groupType, schema: { ...groupSchema, attributes } };
}

/** Names are the same in any case (R19). */
export function findAttribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  let byName = namesOf.get(attributes);
  if (byName === undefined) {
    byName = new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));
    namesOf.set(attributes, byName);
  }
  return byName.get(name.toLowerCase());
}

/** What may stand in a resource without a URN: the common attributes, then those of its core schema. */
export function topLevelAttributes(type: ResourceType): readonly Attribute[] {
  let attributes = topLevelOf.get(type);
  if (attributes === undefined) {
    attributes = [...commonAttributes, ...type.schema.attributes];
    topLevelOf.set(type, attributes);
  }
  return attributes;
}

/**
 * The attributes that no two resources of the type may share: each value is claimed by its owner. Those of an extension
 * are named by its URN.
 */
export function uniqueAttributes(type: ResourceType): readonly Attribute[] {
  let unique = uniqueOf.get(type);
  if (unique === undefined) {
    const ofExtensions = type.extensions.flatMap(({ schema }) =>
      schema.attributes.map((attribute) => ({ ...attribute, name: `${schema.id}:${attribute.name}` })),
    );
    unique = [...type.schema.attributes, ...ofExtensions].filter(({ uniqueness }) => uniqueness !== "none");
    uniqueOf.set(type, unique);
  }
  return unique;
}

// Schemas never change while the program runs, and every request looks up dozens of names.
const namesOf = new WeakMap<readonly Attribute[], ReadonlyMap<string, Attribute>>();
const topLevelOf = new WeakMap<ResourceType, readonly Attribute[]>();
const uniqueOf = new WeakMap<ResourceType, readonly Attribute[]>();
