/** The people of this bench, by number: every server is given the same. */
import type { JsonObject } from "../../lib/scim/json.ts";

const coreUrn = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterpriseUrn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

export const userNameOf = (n: number): string => `ada.${n}@contoso.example`;
export const externalIdOf = (n: number): string => `ext-${n}`;

/**
 * A user of about 850 bytes, as an identity provider sends it.
 *
 * The first e-mail address is the userName: saml-jackson finds users by that address alone.
 */
export function bodyOfPerson(n: number, title = "Principal Engineer"): JsonObject {
  return {
    schemas: [coreUrn, enterpriseUrn],
    externalId: externalIdOf(n),
    userName: userNameOf(n),
    active: true,
    displayName: `Ada Lovelace ${n}`,
    title,
    preferredLanguage: "en-GB",
    name: { formatted: `Ada Lovelace ${n}`, familyName: "Lovelace", givenName: "Ada" },
    emails: [
      { primary: true, type: "work", value: userNameOf(n) },
      { type: "home", value: `ada.${n}@home.example` },
    ],
    phoneNumbers: [{ type: "work", value: "+44 20 7946 0000" }],
    addresses: [{ type: "work", locality: "London", postalCode: "EC1A 1BB", country: "GB" }],
    [enterpriseUrn]: { employeeNumber: String(n), department: "Analytical Engines" },
  };
}
