/** Names that a tenant cannot give to schemas and resource types of its own, because they are in use. */
import { groupType, userType } from "../scim/resource-type.ts";

const ours = [userType, groupType];
const discovery = ["ServiceProviderConfig", "ResourceType", "Schema"];

export const reservedUrns: readonly string[] = [
  ...ours.flatMap((type) => [type.schema, ...type.extensions.map((extension) => extension.schema)].map(({ id }) => id)),
  ...discovery.map((name) => `urn:ietf:params:scim:schemas:core:2.0:${name}`),
  "urn:ietf:params:scim:api",
];

export const reservedEndpoints: readonly string[] = [
  ...ours.map(({ endpoint }) => endpoint),
  "/ServiceProviderConfig",
  "/ResourceTypes",
  "/Schemas",
  "/Bulk",
  "/Me",
];

/**
 * A type's name begins the keys of its heads and entries, so it must not begin those of other items (keys.ts); it begins the
 * types of its events, too, as Membership and Rollcall do.
 */
export const reservedTypeNames: readonly string[] = [
  ...ours.map(({ id }) => id),
  ...discovery,
  "Access",
  "Assertion",
  "Bookmark",
  "Claim",
  "Contact",
  "Count",
  "Cursor",
  "Delta",
  "Due",
  "Entry",
  "GivenUp",
  "Gone",
  "Import",
  "Leavers",
  "Log",
  "Lookup",
  "Member",
  "Membership",
  "Parked",
  "Refused",
  "Rollcall",
  "Sighting",
  "Tenant",
  "Token",
  "WrongSecrets",
];
