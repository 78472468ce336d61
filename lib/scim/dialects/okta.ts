/** What Okta sends differently: it sends back what it has read, and more than it is asked for. */
import type { Attribute, Ignored } from "../schema.ts";

/**
 * Why an attribute is left out of what is stored, instead of refused; undefined: it is stored (R14, R80, D16).
 *
 * Who: Okta, a group's `id` along with each rename, `groups: []` and a `password` with each user; Entra, `meta` with each
 * user; OneLogin, `id: null`.
 * Source: Okta developer docs, SCIM 2.0 reference; Microsoft Learn, "Develop a SCIM endpoint".
 */
export function leftOut(attribute: Attribute): Ignored["reason"] | undefined {
  if (attribute.mutability === "readOnly") return "readOnly";
  return attribute.returned === "never" ? "neverStored" : undefined;
}
