import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Harness, harness, scimErrorSchema } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await harness();
});
afterAll(() => api.close());

describe("methods (R93)", () => {
  const one = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";
  test.each([
    ["PUT", "/Users", "GET, HEAD, POST, OPTIONS"],
    ["POST", "/Groups/1", one],
    ["GET", "/Users/.search", "POST, OPTIONS"],
    ["HEAD", "/Users/.search", "POST, OPTIONS"],
    ["POST", "/Schemas", "GET, HEAD, OPTIONS"],
    ["DELETE", "/ServiceProviderConfig", "GET, HEAD, OPTIONS"],
  ])("%s %s: 405, Allow: %s", async (method, path, allow) => {
    const answer = await api.ask(method, `/scim/v2${path}`);
    expect(answer).toMatchObject({ status: 405, headers: { allow } });
    expect(answer.body).toMatchObject(method === "HEAD" ? {} : { schemas: [scimErrorSchema], status: "405" });
  });

  test.each([
    ["/Users", "GET, HEAD, POST, OPTIONS"],
    ["/groups/1/", one],
    ["/Schemas", "GET, HEAD, OPTIONS"],
  ])("OPTIONS %s: 204, Allow: %s", async (path, allow) => {
    const answer = await api.ask("OPTIONS", `/scim/v2${path}`);
    expect(answer).toMatchObject({ status: 204, headers: { allow }, text: "" });
  });

  test.each([
    ["/Users", 200],
    ["/ServiceProviderConfig", 200],
    ["/Users/none", 404],
    ["/Nothing", 404],
  ])("HEAD %s: %i with the headers of the GET and no body", async (path, status) => {
    const [head, get] = [await api.ask("HEAD", `/scim/v2${path}`), await api.ask("GET", `/scim/v2${path}`)];
    expect(head).toMatchObject({ status, headers: get.headers, text: "" });
    expect(get.text).not.toBe("");
  });

  test("HEAD and OPTIONS need the token like everything else (R11)", async () => {
    for (const method of ["HEAD", "OPTIONS"]) {
      const answer = await api.ask(method, "/scim/v2/Users", { headers: { authorization: undefined } });
      expect(answer).toMatchObject({ status: 401, headers: { "www-authenticate": 'Bearer realm="scim"' } });
    }
  });
});

describe("what is not offered", () => {
  test.each([
    ["GET", "/Me", "R90"],
    ["PATCH", "/Me", "R90"],
  ])("%s %s: 501 (%s)", async (method, path) => {
    const answer = await api.ask(method, `/scim/v2${path}`);
    expect(answer).toMatchObject({ status: 501, body: { schemas: [scimErrorSchema], status: "501" } });
  });
});

describe("discovery (R1, R2, R3)", () => {
  test.each(["/ServiceProviderConfig", "/Schemas", "/ResourceTypes", "/serviceproviderconfig", "/ResourceTypes/User"])(
    "GET %s",
    async (path) => {
      expect((await api.ask("GET", `/scim/v2${path}`)).status).toBe(200);
    },
  );

  test("a schema by its URN, in any case", async () => {
    const { status, body } = await api.ask("GET", "/scim/v2/Schemas/URN:ietf:params:scim:schemas:core:2.0:User");
    expect([status, body["name"]]).toEqual([200, "User"]);
  });

  test.each(["/Schemas/urn:none", "/ResourceTypes/None"])("%s: 404", async (path) => {
    expect((await api.ask("GET", `/scim/v2${path}`)).status).toBe(404);
  });

  test.each(["/Schemas", "/ResourceTypes"])("a filter on %s: 403", async (path) => {
    expect((await api.ask("GET", `/scim/v2${path}?filter=name+eq+"User"`)).status).toBe(403);
  });

  test("what the ServiceProviderConfig says is so (R5)", async () => {
    const { body } = await api.ask("GET", "/scim/v2/ServiceProviderConfig");
    expect(body).toMatchObject({ patch: { supported: true }, bulk: { supported: true }, etag: { supported: true } });
  });
});
