import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultOf } from "../../lib/handlers/http.ts";
import { patch, user } from "../local/served.ts";
import { type Harness, harness, scimErrorSchema, textOf } from "./harness.ts";

const plain = { method: "GET", accept: "", acceptEncoding: "" };

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

describe("a proxy in front (R27)", () => {
  const forwarded = { "x-forwarded-host": "id.example.org:8443, inner", "x-forwarded-proto": "https" };
  const location = async (asked: Harness, headers: Record<string, string>) =>
    (await asked.ask("GET", "/scim/v2/ServiceProviderConfig", { headers })).body["meta"];

  test("is not believed unless the tenant file says so: any client could name a host", async () => {
    expect(await location(api, forwarded)).toMatchObject({
      location: "https://scim.example.com/scim/v2/ServiceProviderConfig",
    });
  });

  test("names the base of every location when trusted; nonsense is passed over", async () => {
    const trusting = await harness({
      change: (p) => ({ ...p, tenant: { ...p.tenant, trustsProxy: true } }),
    });
    const under = (origin: string) => ({ location: `${origin}/scim/v2/ServiceProviderConfig` });
    expect(await location(trusting, forwarded)).toMatchObject(under("https://id.example.org:8443"));
    expect(await location(trusting, { ...forwarded, "x-forwarded-proto": "http" })).toMatchObject(
      under("http://id.example.org:8443"),
    );
    expect(await location(trusting, { "x-forwarded-host": "a b/<c>" })).toMatchObject(
      under("https://scim.example.com"),
    );
    expect(await location(trusting, {})).toMatchObject(under("https://scim.example.com"));
    trusting.close();
  });
});

describe("gzip", () => {
  const encodingOf = async (acceptEncoding?: string, path = "/scim/v2/Schemas") => {
    const { headers, body } = await api.ask("GET", path, { headers: { "accept-encoding": acceptEncoding } });
    expect(headers["vary"]).toBe("Accept, Accept-Encoding");
    expect(body["schemas"]).toBeInstanceOf(Array);
    return headers["content-encoding"];
  };

  test.each(["gzip", "br, gzip;q=0.5", "deflate, *", "GZIP", "x-gzip"])("Accept-Encoding: %s gets it", async (sent) => {
    expect(await encodingOf(sent)).toBe("gzip");
  });

  test.each([undefined, "", "br", "gzip;q=0", "*, gzip; q=0.0", "*;q=0"])(
    "Accept-Encoding: %s does not",
    async (sent) => {
      expect(await encodingOf(sent)).toBeUndefined();
    },
  );

  test("an answer of less than 1 kB stays as it is", async () => {
    expect(await encodingOf("gzip", "/scim/v2/ResourceTypes/User")).toBeUndefined();
  });

  test("50,000 members come through; 100,000 need it, and the error without it says so", async () => {
    const members = (n: number) => Array.from({ length: n }, () => ({ value: randomUUID() }));
    const big = await api.ask("POST", "/scim/v2/Groups", { body: { displayName: "Big", members: members(50_000) } });
    expect(big.status).toBe(201);
    const path = `/scim/v2/Groups/${textOf(big.body["id"])}`;
    const read = async (headers: Record<string, string>) => await api.ask("GET", path, { headers });
    expect((await read({ "accept-encoding": "gzip" })).body["members"]).toHaveLength(50_000);

    const more = patch({ op: "add", path: "members", value: members(50_000) });
    expect((await api.ask("PATCH", path, { body: more })).status).toBe(204);
    expect((await read({ "accept-encoding": "gzip" })).body["members"]).toHaveLength(100_000);
    expect(await read({})).toMatchObject({ status: 400, body: { scimType: "tooMany" } });
    expect((await read({})).body["detail"]).toContain("gzip");
  });
});

describe("media types (D22, R114)", () => {
  test.each([
    "application/scim+json",
    "application/json",
    "Application/SCIM+JSON; charset=UTF-8",
    "application/json;charset=utf-8",
    'application/json; charset="utf-8"; odata=verbose',
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

  test.each(["iso-8859-1", '"UTF-16"', "windows-1252"])("a body in charset %s: 415 (R114)", async (charset) => {
    const answer = await api.ask("POST", "/scim/v2/Users", {
      body: user("other"),
      headers: { "content-type": `application/scim+json; Charset=${charset}` },
    });
    expect(answer).toMatchObject({ status: 415, body: { schemas: [scimErrorSchema], status: "415" } });
    expect(answer.body["detail"]).toContain("UTF-8");
  });

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
    expect(() => resultOf({ status: 200, body: emails(165_000) }, plain)).toThrow(
      expect.objectContaining({ status: 400, scimType: "tooMany" }),
    );
    expect(invocationBytes(resultOf({ status: 200, body: emails(150_000) }, plain))).toBeLessThan(6 * 1_048_576);
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
