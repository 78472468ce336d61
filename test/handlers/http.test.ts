import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultOf } from "../../lib/handlers/http.ts";
import { user } from "../local/served.ts";
import { type Harness, harness, scimErrorSchema } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await harness();
  await api.ask("POST", "/scim/v2/Users", { body: user("a b@example.com") });
  await api.ask("POST", "/scim/v2/Users", { body: user("a+b@example.com") });
});
afterAll(() => api.close());

describe("the query string (R118)", () => {
  test.each([
    ["+ is a space", 'userName+eq+"a+b@example.com"', ["a b@example.com"]],
    ["%20 is a space", 'userName%20eq%20"a%20b@example.com"', ["a b@example.com"]],
    ["%2B is a plus", 'userName+eq+"a%2Bb@example.com"', ["a+b@example.com"]],
    ["%2520 is %20, decoded once", 'userName+eq+"a%2520b@example.com"', []],
  ])("%s", async (_, filter, names) => {
    const { body } = await api.ask("GET", `/scim/v2/Users?filter=${filter}`);
    const found = Array.isArray(body["Resources"]) ? body["Resources"] : [];
    expect([body["totalResults"], found]).toMatchObject([names.length, names.map((userName) => ({ userName }))]);
  });

  test("unknown parameters are passed over (R117)", async () => {
    expect((await api.ask("GET", "/scim/v2/Users?aadOptscim062020")).status).toBe(200);
  });

  test.each(["startIndex=one", "count=1.5"])("%s is no number: 400 invalidValue (D24)", async (query) => {
    expect((await api.ask("GET", `/scim/v2/Users?${query}`)).body).toMatchObject({
      status: "400",
      scimType: "invalidValue",
    });
  });
});

describe("the base path (R116, R117)", () => {
  test.each(["/scim/v2/Users", "/scim/v2/Users/", "//scim//v2//Users", "/scim/v2/users", "/SCIM/V2/USERS"])(
    "%s is read",
    async (path) => {
      expect((await api.ask("GET", path)).status).toBe(200);
    },
  );

  test.each(["/scim/v1/Users", "/scim/Users", "/Users", "/", "/scim/v2/Nothing", "/scim/v2/Users/1/2"])(
    "%s: 404",
    async (path) => {
      expect(await api.ask("GET", path)).toMatchObject({
        status: 404,
        body: { schemas: [scimErrorSchema], status: "404" },
      });
    },
  );

  test("a named stage stands in the path and in every location (R27)", async () => {
    const { status, body } = await api.ask("GET", "/prod/scim/v2/ServiceProviderConfig", { stage: "prod" });
    expect(status).toBe(200);
    expect(body["meta"]).toMatchObject({ location: "https://scim.example.com/prod/scim/v2/ServiceProviderConfig" });
  });

  test("a configured public URL is the base of every location (R27)", async () => {
    const behind = await harness({ publicUrl: "https://id.example.com" });
    const { headers } = await behind.ask("POST", "/scim/v2/Users", { body: user("x") });
    expect(headers["location"]).toMatch(/^https:\/\/id\.example\.com\/scim\/v2\/Users\//);
    behind.close();
  });
});

describe("media types (D22, R114)", () => {
  test.each([
    "application/scim+json",
    "application/json",
    "Application/SCIM+JSON; charset=UTF-8",
    "application/json;charset=utf-8",
    undefined,
  ])("a body of type %s is read", async (type) => {
    const asked = { body: user(`${type}@example.com`), headers: { "content-type": type } };
    expect((await api.ask("POST", "/scim/v2/Users", asked)).status).toBe(201);
  });

  test.each(["text/plain", "application/xml", "application/x-www-form-urlencoded"])(
    "a body of type %s: 415",
    async (type) => {
      const answer = await api.ask("POST", "/scim/v2/Users", {
        body: user("other"),
        headers: { "content-type": type },
      });
      expect(answer).toMatchObject({ status: 415, body: { schemas: [scimErrorSchema], status: "415" } });
    },
  );

  test.each([
    [undefined, "application/scim+json"],
    ["*/*", "application/scim+json"],
    ["application/scim+json, application/json", "application/scim+json"],
    ["application/json, */*;q=0.1", "application/scim+json"],
    ["application/json", "application/json"],
    ["application/json; charset=utf-8", "application/json"],
  ])("Accept: %s is answered with %s, errors too (R115)", async (accept, type) => {
    expect((await api.ask("GET", "/scim/v2/Users", { headers: { accept } })).headers["content-type"]).toBe(type);
    expect((await api.ask("GET", "/scim/v2/Users/1", { headers: { accept } })).headers["content-type"]).toBe(type);
  });
});

describe("the answer", () => {
  test("fits into what Lambda can give, in which each quotation mark counts twice", () => {
    const invocationBytes = (result: object) => Buffer.byteLength(JSON.stringify(result));
    const emails = (count: number) => Array.from({ length: count }, () => ({ value: "a@b.c", type: "work" }));
    expect(() => resultOf({ status: 200, body: emails(165_000) })).toThrow(
      expect.objectContaining({ status: 400, scimType: "tooMany" }),
    );
    expect(invocationBytes(resultOf({ status: 200, body: emails(150_000) }))).toBeLessThan(6 * 1_048_576);
  });
});

describe("the body", () => {
  test.each([true, false])("is read from base64 or as it is: base64 %s (R114)", async (base64) => {
    const userName = `björn-${base64}@example.com`;
    const { status, body } = await api.ask("POST", "/scim/v2/Users", { body: user(userName), base64 });
    expect([status, body["userName"]]).toEqual([201, userName]);
  });

  test.each([
    ["not JSON", '{"userName": "secret-value', "invalidSyntax"],
    ["no object", "[]", "invalidSyntax"],
    ["empty", "", "invalidSyntax"],
    ["nested too deeply", `${"[".repeat(100)}${"]".repeat(100)}`, "invalidSyntax"],
    ["of a wrong type", JSON.stringify(user("x", { active: "perhaps" })), "invalidValue"],
    ["without a required attribute", JSON.stringify({ displayName: "x" }), "invalidValue"],
  ])("%s: 400 %s", async (_, body, scimType) => {
    const answer = await api.ask("POST", "/scim/v2/Users", { body });
    expect(answer).toMatchObject({ status: 400, body: { schemas: [scimErrorSchema], status: "400", scimType } });
    expect(answer.text).not.toContain("secret-value");
  });

  test("that is no UTF-8: 400 invalidSyntax", async () => {
    const sent = await api.ask("POST", "/scim/v2/Users", { body: Buffer.from([0x7b, 0xff, 0x7d]) });
    expect(sent.body).toMatchObject({ status: "400", scimType: "invalidSyntax", detail: "the body is not UTF-8" });
  });

  test("brackets inside of texts are not nesting", async () => {
    const answer = await api.ask("POST", "/scim/v2/Users", {
      body: user("brackets", { title: `\\"${"[".repeat(200)}` }),
    });
    expect(answer.status).toBe(201);
  });

  test("of more than 4.4 MB: 413, which says what to do (R124)", async () => {
    const answer = await api.ask("POST", "/scim/v2/Users", { body: user("x".repeat(4_400_000)) });
    expect(answer).toMatchObject({ status: 413, body: { schemas: [scimErrorSchema], status: "413" } });
    expect(answer.body["detail"]).toContain("PATCH");
  });
});
