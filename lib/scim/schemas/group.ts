/**
 * The Group schema.
 *
 * Source: RFC 7643 sections 4.2 and 8.7.1. That `displayName` is unique is ours (D12), and said here because a schema
 * describes what the server does (R7).
 */
import type { Schema } from "../schema.ts";
import { attribute, complex } from "./attribute.ts";

const immutable = { mutability: "immutable" } as const;
const memberTypes = ["User", "Group"];

export const groupSchema: Schema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:Group",
  name: "Group",
  description: "A group of users and groups",
  attributes: [
    attribute("displayName", "The name of the group.", { required: true, uniqueness: "server" }),
    complex(
      "members",
      "Who is in the group; members are added and removed, not edited.",
      [
        attribute("value", "The id of the member.", { ...immutable, caseExact: true, referenceTypes: memberTypes }),
        attribute("$ref", "The URI of the member.", {
          ...immutable,
          type: "reference",
          caseExact: true,
          referenceTypes: memberTypes,
        }),
        attribute("type", "What the member is.", { ...immutable, canonicalValues: memberTypes }),
      ],
      { multiValued: true },
    ),
  ],
};
