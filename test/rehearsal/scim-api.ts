/** Requests to the deployed API, as an identity provider sends them. */
import assert from "node:assert/strict";
import type { JsonObject } from "../../lib/scim/json.ts";

interface ScimAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export type ScimApi = (method: string, path: string, body?: object) => Promise<ScimAnswer>;

export const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export function scimApi(baseUrl: string, token?: string): ScimApi {
  return async (method, path, body) => {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/scim+json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
}

/** The user as it was answered. Errors: unless it is a 201. */
export async function createUser(api: ScimApi, attributes: JsonObject): Promise<{ readonly id: string }> {
  const { status, body } = await api("POST", "/Users", { schemas: [userSchema], ...attributes });
  assert.equal(status, 201, JSON.stringify(body));
  assert.ok(typeof body === "object" && body !== null && "id" in body && typeof body.id === "string");
  return { id: body.id };
}

/** Errors: unless it is a 2xx. */
export async function deactivateUser(api: ScimApi, id: string): Promise<void> {
  const operation = { op: "replace", path: "active", value: false };
  const { status, body } = await api("PATCH", `/Users/${id}`, { schemas: [patchSchema], Operations: [operation] });
  assert.ok(status === 200 || status === 204, `${status} ${JSON.stringify(body)}`);
}
