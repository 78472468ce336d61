/** Bodies that are meant to cost more than they weigh. Limits of size and depth stand in test/rfc/security.test.ts. */
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Harness, harness, scimErrorSchema, textOf } from "../handlers/harness.ts";
import { groupSchema, patch, user } from "../local/served.ts";

const users = "/scim/v2/Users";

let api: Harness;
let ada: string;
let sales: string;
beforeAll(async () => {
  api = await harness();
  ada = `${users}/${textOf((await api.ask("POST", users, { body: user("ada@example.com") })).body["id"])}`;
  const group = { schemas: [groupSchema], displayName: "Sales" };
  sales = `/scim/v2/Groups/${textOf((await api.ask("POST", "/scim/v2/Groups", { body: group })).body["id"])}`;
});
afterAll(() => api.close());

const times = <T>(n: number, make: (n: number) => T): T[] => Array.from({ length: n }, (_, at) => make(at));

describe("a body in a content coding (RFC 9110 8.4)", () => {
  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["gzip, identity", gzipSync],
  ])("%s: 415, and nothing is unpacked: a kilobyte never becomes a gigabyte", async (coding, pack) => {
    const body = pack(JSON.stringify(user("bomb@example.com", { title: "x".repeat(1_000_000) })));
    const answer = await api.ask("POST", users, { body, headers: { "content-encoding": coding } });
    expect(answer).toMatchObject({ status: 415, body: { schemas: [scimErrorSchema], status: "415" } });
    expect(answer.headers["accept-encoding"]).toBe("identity");
    expect(answer.body["detail"]).toContain("send it without Content-Encoding");
  });

  test.each(["identity", "", " Identity "])("%j is none", async (coding) => {
    const body = user(`plain${coding.length}@example.com`);
    expect((await api.ask("POST", users, { body, headers: { "content-encoding": coding } })).status).toBe(201);
  });

  test("gzip without saying so is no UTF-8", async () => {
    const answer = await api.ask("POST", users, { body: gzipSync("{}") });
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidSyntax" } });
  });
});

describe("names that JavaScript gives a meaning to", () => {
  const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];

  test.each(names)("%s as an attribute is kept nowhere, and changes no object of ours", async (name) => {
    const body = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"${name}@example.com",
      "${name}":{"admin":true},"name":{"${name}":{"admin":true},"givenName":"g"},"emails":[{"value":"v","${name}":{"admin":true}}]}`;
    const answer = await api.ask("POST", users, { body });
    expect(answer.status).toBe(201);
    expect(Object.hasOwn(answer.body, name)).toBe(false);
    expect(answer.text).not.toContain("admin");
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  test.each(names)("%s in a path, a filter, a projection or a sort is an unknown name like any other", async (name) => {
    const filter = encodeURIComponent(`${name} eq "x" or emails[${name} pr] or name.${name} pr`);
    const operation = (path: string) =>
      api.ask("PATCH", ada, { body: patch({ op: "add", path, value: { admin: true } }) });
    const answers = [
      await api.ask("GET", `${users}?filter=${filter}`),
      await api.ask("GET", `${users}?attributes=${name},name.${name}&sortBy=${name}`),
      await operation(name),
      await operation(`name.${name}`),
      await operation(`emails[${name} eq "x"].${name}`),
      await api.ask("PATCH", ada, { body: `{"Operations":[{"op":"add","value":{"${name}":{"admin":true}}}]}` }),
    ];
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect((await api.ask("GET", ada)).text).not.toContain("admin");
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });
});

describe("an answer is no echo: what is sent in megabytes comes back in a line", () => {
  const long = "x".repeat(1_000_000);
  const bulk = (operation: object) => ({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    Operations: [operation],
  });

  test.each<[string, string, string, object | string]>([
    ["a userName", "POST", users, user(long)],
    ["an attribute name", "POST", users, user("echo1@example.com", { [long]: 1 })],
    ["a schema", "POST", users, { schemas: [long], userName: "echo2@example.com" }],
    ["a value of the wrong type", "POST", users, user("echo3@example.com", { active: long })],
    ["an operation", "PATCH", "ada", patch({ op: long, path: "title" })],
    ["a path", "PATCH", "ada", patch({ op: "add", path: long, value: 1 })],
    ["a member", "PATCH", "sales", patch({ op: "add", path: "members", value: [{ value: long }] })],
    ["a filter", "POST", `${users}/.search`, { filter: long }],
    ["a sortBy", "POST", `${users}/.search`, { sortBy: long }],
    ["a sortOrder", "POST", `${users}/.search`, { sortOrder: long }],
    ["a startIndex", "POST", `${users}/.search`, { startIndex: long }],
    ["a cursor", "POST", `${users}/.search`, { cursor: long }],
    ["a projection", "POST", `${users}/.search`, { attributes: [long] }],
    [
      "a path of a bulk operation",
      "POST",
      "/scim/v2/Bulk",
      bulk({ method: "DELETE", path: `/${long.slice(0, 900_000)}` }),
    ],
  ])("%s", async (_, method, target, body) => {
    const answer = await api.ask(method, { ada, sales }[target] ?? target, { body });
    expect(answer.status).toBeLessThan(500);
    expect(answer.text.length).toBeLessThan(20_000);
  });

  test.each([
    ["bulkId", { method: "POST", path: "/Users", bulkId: long.slice(0, 900_000), data: {} }],
    ["method", { method: long.slice(0, 900_000), path: "/Users/1" }],
  ])("the %s of a bulk operation, which the protocol repeats, comes once", async (_, operation) => {
    const answer = await api.ask("POST", "/scim/v2/Bulk", { body: bulk(operation) });
    expect(answer.status).toBe(200);
    expect(answer.text.length).toBeLessThan(901_000);
  });
});

describe("a bulk request (RFC 7644 3.7)", () => {
  const bulkOf = (Operations: object[]) => ({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    Operations,
  });
  const post = (n: number, data: object) => ({ method: "POST", path: "/Groups", bulkId: `b${n}`, data });
  const member = (n: number) => ({ members: [{ value: `bulkId:b${n}` }] });

  test("whose operations all need each other ends, each with an answer", async () => {
    const count = 40;
    const ring = times(count, (n) => post(n, { displayName: `Ring ${n}`, ...member((n + 1) % count) }));
    const answer = await api.ask("POST", "/scim/v2/Bulk", { body: bulkOf(ring) });
    expect([answer.status, (answer.body["Operations"] as object[]).length]).toEqual([200, count]);
  });

  test("whose operations need themselves, or what there is not, is answered one by one", async () => {
    const operations = [
      post(0, { displayName: "Self", ...member(0) }),
      post(1, { displayName: "Nobody", ...member(9) }),
    ];
    const answer = await api.ask("POST", "/scim/v2/Bulk", { body: bulkOf(operations) });
    expect(answer.status).toBe(200);
    const statuses = (answer.body["Operations"] as { status: string }[]).map(({ status }) => status);
    expect(statuses.filter((status) => Number(status) >= 500)).toEqual([]);
  });

  test("inside a bulk request is nothing that it may hold", async () => {
    const inner = { method: "POST", path: "/Bulk", bulkId: "b", data: bulkOf([post(0, { displayName: "Inner" })]) };
    const answer = await api.ask("POST", "/scim/v2/Bulk", { body: bulkOf([inner]) });
    const [one] = answer.body["Operations"] as { status: string }[];
    expect(one?.status).toMatch(/^4/);
  });
});
