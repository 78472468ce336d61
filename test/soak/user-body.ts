/** A user of the soak as SCIM says it, and back. */
import type { JsonObject } from "../../lib/scim/json.ts";
import { isList, isObject } from "../../lib/scim/json.ts";
import type { SoakUser } from "./known.ts";

export const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise];

export function userBody({ userName, externalId, active, title, email, department }: SoakUser): JsonObject {
  return {
    schemas,
    userName,
    externalId,
    active,
    ...(title === undefined ? {} : { title }),
    emails: [{ value: email, type: "work", primary: true }],
    ...(department === undefined ? {} : { [enterprise]: { department } }),
  };
}

/** What a body says of the attributes that the soak changes. */
export function userIn(body: JsonObject): JsonObject {
  const { emails, [enterprise]: extension } = body;
  const [first] = isList(emails) ? emails : [];
  return {
    userName: body["userName"] ?? null,
    externalId: body["externalId"] ?? null,
    active: body["active"] ?? null,
    title: body["title"] ?? null,
    email: isObject(first) ? (first["value"] ?? null) : null,
    department: isObject(extension) ? (extension["department"] ?? null) : null,
  };
}

export function isSame(body: JsonObject, user: SoakUser): boolean {
  return JSON.stringify(userIn(body)) === JSON.stringify(userIn(userBody(user)));
}
