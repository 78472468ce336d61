/** The people of a seeded store: the n-th is the same in every store, but for the id. */
import type { JsonObject } from "../../lib/scim/json.ts";

/** Seven digits, so that the largest store's users are as large as the smallest one's. `n`: from 0. */
export function seedNumber(n: number): string {
  return String(n).padStart(7, "0");
}

export function seedUserName(number: string): string {
  return `ada.${number}@contoso.example`;
}

export function seedExternalId(number: string): string {
  return `ext-${number}`;
}

/** As Entra sends one. */
export function seedUser(number: string): JsonObject {
  return {
    schemas: [
      "urn:ietf:params:scim:schemas:core:2.0:User",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ],
    externalId: seedExternalId(number),
    userName: seedUserName(number),
    active: true,
    displayName: `Ada Lovelace ${number}`,
    title: "Engineer",
    name: { familyName: "Lovelace", givenName: "Ada" },
    emails: [{ primary: true, type: "work", value: seedUserName(number) }],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
      employeeNumber: number,
      department: "Analytical Engines",
    },
  };
}
