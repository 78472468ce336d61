import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Harness, harness, scimErrorSchema } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await harness();
});
afterAll(() => api.close());

describe("methods (R93)", () => {
  test.each([
    ["PUT", "/Users", "GET, POST"],
    ["HEAD", "/Users", "GET, POST"],
    ["OPTIONS", "/Groups/1", "GET, PUT, PATCH, DELETE"],
    ["GET", "/Users/.search", "POST"],
    ["POST", "/Schemas", "GET"],
    ["DELETE", "/ServiceProviderConfig", "GET"],
  ])("%s %s: 405, Allow: %s", async (method, path, allow) => {
    const answer = await api.ask(method, `/scim/v2${path}`);
    expect(answer).toMatchObject({
      status: 405,
      headers: { allow },
      body: { schemas: [scimErrorSchema], status: "405" },
    });
  });
});

describe("what is not offered", () => {
  test.each([
    ["POST", "/Bulk", "R89"],
    ["GET", "/Me", "R90"],
    ["PATCH", "/Me", "R90"],
    ["GET", "", "R48"],
    ["GET", "/", "R48"],
    ["POST", "/.search", "R48"],
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
    expect(body).toMatchObject({ patch: { supported: true }, bulk: { supported: false }, etag: { supported: true } });
  });
});
