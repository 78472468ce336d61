/**
 * What every resource has, whatever its schema. Not part of `/Schemas`, but known in paths and filters.
 *
 * Source: RFC 7643 section 3.1.
 */
import type { Attribute } from "../schema.ts";
import { attribute, complex } from "./attribute.ts";

const readOnly = { mutability: "readOnly", caseExact: true } as const;

/** `schemas` follows from a resource's values, so nothing but a filter looks at it as at an attribute. URNs are the same in any case. */
export const schemasAttribute = attribute("schemas", "The schemas that the resource has values of.", {
  type: "reference",
  referenceTypes: ["uri"],
  multiValued: true,
  caseExact: false,
  mutability: "readOnly",
  returned: "always",
});

export const commonAttributes: readonly Attribute[] = [
  attribute("id", "The identifier that the server gave.", { ...readOnly, returned: "always", uniqueness: "server" }),
  attribute("externalId", "The identifier that the client gave.", { caseExact: true }),
  complex(
    "meta",
    "What the server knows about the resource itself.",
    [
      attribute("resourceType", "The name of the resource type.", readOnly),
      attribute("created", "When the resource was created.", { ...readOnly, type: "dateTime" }),
      attribute("lastModified", "When the resource was changed last.", { ...readOnly, type: "dateTime" }),
      attribute("location", "The URI of the resource.", { ...readOnly, type: "reference", referenceTypes: ["uri"] }),
      attribute("version", "The version of the resource, as in the ETag header.", readOnly),
    ],
    { mutability: "readOnly" },
  ),
];
