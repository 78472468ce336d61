/** Discovery: RFC 7644 section 4, RFC 7643 sections 5 to 7. */
import { describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../lib/scim/json.ts";
import { textOf } from "../handlers/harness.ts";
import { scimApi } from "./scim-api.ts";

const api = scimApi();
const get = async (path: string) => await api.ask("GET", `/scim/v2${path}`);

describe("discovery (RFC 7644 4)", () => {
  test.each(["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"])("%s needs a token (R1, R11)", async (path) => {
    expect((await get(path)).status).toBe(200);
    const answer = await api.ask("GET", `/scim/v2${path}`, { headers: { authorization: undefined } });
    expect(answer).toMatchObject({ status: 401, body: { status: "401" } });
  });

  test.each(["/Schemas", "/ResourceTypes"])(
    "%s is a list, and each of its resources is at its location (R2, R8)",
    async (path) => {
      const { body } = await get(`${path}?startIndex=2&count=1&sortBy=name`);
      const resources = list(body["Resources"]);
      expect(body).toMatchObject({ totalResults: resources.length, itemsPerPage: resources.length });
      for (const resource of resources) {
        const meta = isObject(resource["meta"]) ? resource["meta"] : {};
        expect(meta["resourceType"]).toBe(path === "/Schemas" ? "Schema" : "ResourceType");
        const { pathname } = new URL(textOf(meta["location"]));
        expect((await api.ask("GET", pathname)).body).toEqual(resource);
      }
    },
  );

  test.each(["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"])("a filter on %s: 403 (R3)", async (path) => {
    expect(await get(`${path}?filter=id+pr`)).toMatchObject({ status: 403, body: { status: "403" } });
  });

  test("all that RFC 7643 section 5 asks for is in ServiceProviderConfig, numbers too (R4)", async () => {
    const number: unknown = expect.any(Number);
    const supported: unknown = expect.any(Boolean);
    expect((await get("/ServiceProviderConfig")).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported, maxOperations: number, maxPayloadSize: number },
      filter: { supported: true, maxResults: number },
      changePassword: { supported: false },
      sort: { supported },
      etag: { supported: true },
      authenticationSchemes: [{ type: "oauthbearertoken" }],
    });
  });

  test("security events and asynchronous requests are not offered, so not announced (R10, R96, R97)", async () => {
    expect((await get("/ServiceProviderConfig")).body["securityEvents"]).toBeUndefined();
  });

  test("every attribute of every schema has all its characteristics, and nothing is null (R6)", async () => {
    const { body, text } = await get("/Schemas");
    expect(text).not.toContain("null");
    for (const schema of list(body["Resources"])) for (const attribute of list(schema["attributes"])) whole(attribute);
  });

  test("a 202 is given to nobody, not even to who asks for it (R96)", async () => {
    const headers = { prefer: "respond-async, wait=10" };
    const answer = await api.ask("POST", "/scim/v2/Users", { body: { userName: "async@example.com" }, headers });
    expect(answer.status).toBe(201);
    expect(answer.headers["preference-applied"]).toBeUndefined();
  });
});

function whole(attribute: JsonObject): void {
  const names = ["name", "type", "multiValued", "description", "required", "mutability", "returned", "uniqueness"];
  expect(Object.keys(attribute)).toEqual(expect.arrayContaining(names));
  expect(["readOnly", "readWrite", "immutable", "writeOnly"]).toContain(attribute["mutability"]);
  const parts = list(attribute["subAttributes"]);
  // Complex inside complex is not allowed (RFC 7643 section 2.3.8).
  expect([parts.length > 0, parts.some(({ type }) => type === "complex")]).toEqual([
    attribute["type"] === "complex",
    false,
  ]);
  for (const part of parts) whole(part);
}

function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
