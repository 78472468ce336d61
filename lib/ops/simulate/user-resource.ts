/** A person of the company as a SCIM user: what is sent, and what is then expected everywhere. */
import type { JsonObject } from "../../scim/json.ts";
import type { Person } from "./company.ts";

export const userUrn = "urn:ietf:params:scim:schemas:core:2.0:User";
export const groupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const enterpriseUrn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const patchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** What may differ from one moment of the cycle to another. */
export interface Moment {
  readonly title: string;
  readonly active: boolean;
  readonly managerId?: string;
}

/** At its creation: without the manager, who may not be there yet. */
export function atFirst(person: Person): Moment {
  return { title: person.title, active: true };
}

/** Without `schemas`. */
export function userResource(person: Person, { title, active, managerId }: Moment): JsonObject {
  const { userName, externalId, givenName, familyName, department } = person;
  const displayName = `${givenName} ${familyName}`;
  return {
    userName,
    externalId,
    active,
    displayName,
    name: { givenName, familyName, formatted: displayName },
    title,
    emails: [{ value: userName, type: "work", primary: true }],
    [enterpriseUrn]: { department, ...(managerId === undefined ? {} : { manager: { value: managerId } }) },
  };
}

export function patchBody(operations: readonly JsonObject[]): JsonObject {
  return { schemas: [patchUrn], Operations: operations };
}
