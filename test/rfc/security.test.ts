/** Tokens, personal data, limits: RFC 7644 sections 2 and 7. */
import { describe, expect, test } from "vitest";
import { limits } from "../../lib/scim/limits.ts";
import { patch, user } from "../local/served.ts";
import { groups, scimApi, users } from "./scim-api.ts";

const api = scimApi();

describe("who may ask (RFC 7644 2)", () => {
  test.each([
    [undefined, 'Bearer realm="scim"'],
    ["", 'Bearer realm="scim"'],
    ["Basic YTpi", 'Bearer realm="scim"'],
    ["Bearer nonsense", 'Bearer realm="scim", error="invalid_token"'],
    ["Bearer rc_unknown_0123456789abcdefghijklmnopqrstuv", 'Bearer realm="scim", error="invalid_token"'],
  ])("Authorization: %s: 401 with a challenge and a SCIM error (R120, R121)", async (authorization, challenge) => {
    const answer = await api.ask("GET", users, { headers: { authorization } });
    expect(answer).toMatchObject({ status: 401, headers: { "www-authenticate": challenge }, body: { status: "401" } });
  });

  test("a token in the URL opens nothing (R121)", async () => {
    const headers = { authorization: undefined };
    expect((await api.ask("GET", `${users}?access_token=${api.token}`, { headers })).status).toBe(401);
  });

  test("a token is of one stack, so nothing in a request chooses the tenant (R127)", async () => {
    const id = await api.newUser({ userName: "mine@example.com" });
    const headers = { "x-tenant": "other", host: "other.example.com" };
    expect(await api.ask("GET", `${users}/${id}?tenant=other`, { headers })).toMatchObject({
      status: 200,
      body: { id },
    });
    expect((await api.ask("GET", `/other${users}/${id}`)).status).toBe(404);
  });

  test.each([
    ["STRASSE@example.com", "straße@example.com"],
    ["ÄRGER@example.com", "a\u0308rger@example.com"],
    ["ΣΊΣΥΦΟΣ@example.com", "σίσυφος@example.com"],
    ["ﬁrst@example.com", "first@example.com"],
  ])("%s and %s are one userName (R126)", async (one, other) => {
    await api.newUser({ userName: one });
    expect(await api.ask("POST", users, { body: user(other) })).toMatchObject({ status: 409 });
  });
});

describe("each limit is told to who exceeds it (R124)", () => {
  const terms = (n: number, term: string) => Array.from({ length: n }, () => term).join(" or ");
  const values = (n: number) => Array.from({ length: n }, (_, i) => ({ value: `v${i}`, type: "work" }));

  test.each([
    ["filterCharacters", `userName eq "${"x".repeat(limits.filterCharacters)}"`],
    ["filterDepth", `${"(".repeat(limits.filterDepth + 1)}userName pr${")".repeat(limits.filterDepth + 1)}`],
  ] as const)("%s: 400 invalidFilter", async (limit, filter) => {
    const { status, body } = await api.ask("GET", `${users}?filter=${encodeURIComponent(filter)}`);
    expect([status, body["scimType"]]).toEqual([400, "invalidFilter"]);
    expect(body["detail"]).toContain(String(limits[limit]));
  });

  test.each([
    ["pageSizeMost", `count=${limits.pageSizeMost + 1}`, 200],
    ["projectedNames", `attributes=${Array.from({ length: limits.projectedNames + 1 }, () => "title").join(",")}`, 400],
  ])("%s: ?%.40s is a %s%i", async (_, query, status) => {
    expect((await api.ask("GET", `${users}?${query}`)).status).toBe(status);
  });

  test.each([
    ["bodyDepth", `{"a":${"[".repeat(limits.bodyDepth)}${"]".repeat(limits.bodyDepth)}}`, 400, "invalidSyntax"],
    ["bodyBytes", user("x".repeat(limits.bodyBytes)), 413, undefined],
    ["valuesPerAttribute", user("x", { roles: values(limits.valuesPerAttribute + 1) }), 400, "invalidValue"],
    ["valuesPerLookup", user("x", { emails: values(limits.valuesPerLookup + 1) }), 400, "invalidValue"],
    ["indexedValueBytes", user("x", { externalId: "ä".repeat(513) }), 400, "invalidValue"],
  ] as const)("%s in a body", async (limit, body, status, scimType) => {
    const answer = await api.ask("POST", users, { body });
    expect([answer.status, answer.body["scimType"]]).toEqual([status, scimType]);
    expect(answer.body["detail"]).toContain(String(limits[limit]));
  });

  test("patchOperations", async () => {
    const operation = { op: "replace", path: "title", value: "t" };
    const operations = Array.from({ length: limits.patchOperations + 1 }, () => operation);
    const answer = await api.patchUser(await api.newUser(), ...operations);
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
    expect(answer.body["detail"]).toContain(String(limits.patchOperations));
  });

  test("patchPathCharacters", async () => {
    const path = `emails[${terms(50, 'value eq "somebody"')}]`.padEnd(limits.patchPathCharacters + 1);
    const answer = await api.patchUser(await api.newUser(), { op: "remove", path });
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidPath" } });
    expect(answer.body["detail"]).toContain(String(limits.patchPathCharacters));
  });

  test("patchComparisons: what took ten seconds is refused within two", { timeout: 10_000 }, async () => {
    const id = await api.newUser({ roles: values(limits.valuesPerAttribute) });
    const path = `roles[${terms(55, 'value eq "x"')}].display`;
    const operations = Array.from({ length: 500 }, () => ({ op: "remove", path }));
    const start = performance.now();
    const answer = await api.patchUser(id, ...operations);
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
    expect(answer.body["detail"]).toContain("1,000,000");
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test("added members that are checked: 1,000 in one request, the ids that are not there in the error (D8)", async () => {
    const path = `${groups}/${await api.newGroup("Many")}`;
    const members = Array.from({ length: 1_000 }, () => ({ value: crypto.randomUUID() }));
    const answer = await api.ask("PATCH", path, { body: patch({ op: "add", path: "members", value: members }) });
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
  });
});
