import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { groupSchema, patch, user } from "../local/served.ts";
import { type Harness, harness, textOf } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await harness();
});
afterAll(() => api.close());

const users = "/scim/v2/Users";
const groups = "/scim/v2/Groups";

async function newUser(userName: string): Promise<string> {
  return textOf((await api.ask("POST", users, { body: user(userName) })).body["id"]);
}

async function newGroup(displayName: string, members: readonly string[] = []): Promise<string> {
  const body = { schemas: [groupSchema], displayName, members: members.map((value) => ({ value })) };
  return textOf((await api.ask("POST", groups, { body })).body["id"]);
}

describe("create (P 3.3)", () => {
  test("201, the whole resource, Location as meta.location, ETag as meta.version (R12, R98)", async () => {
    const { status, headers, body } = await api.ask("POST", users, { body: user("create@example.com") });
    expect(status).toBe(201);
    expect(body).toMatchObject({ userName: "create@example.com", active: true });
    expect(body["meta"]).toMatchObject({
      location: headers["location"],
      version: headers["etag"],
      resourceType: "User",
    });
    expect(headers["location"]).toBe(`https://scim.example.com${users}/${textOf(body["id"])}`);
  });

  test("of a userName that is taken: 409 uniqueness (R15)", async () => {
    await newUser("taken@example.com");
    const { status, body } = await api.ask("POST", users, { body: user("TAKEN@example.com") });
    expect([status, body["scimType"]]).toEqual([409, "uniqueness"]);
  });

  test("shows what `attributes` names (R25)", async () => {
    const { body } = await api.ask("POST", `${users}?attributes=userName`, { body: user("few@example.com") });
    expect(Object.keys(body).toSorted()).toEqual(["id", "schemas", "userName"]);
  });

  test("of a group is answered with its members", async () => {
    const member = await newUser("in@example.com");
    const body = { schemas: [groupSchema], displayName: "With members", members: [{ value: member }] };
    expect((await api.ask("POST", groups, { body })).body["members"]).toMatchObject([{ value: member, type: "User" }]);
  });
});

describe("versions (P 3.14)", () => {
  test("a GET that names the version it has: 304 without a body (R99)", async () => {
    const id = await newUser("etag@example.com");
    const { headers } = await api.ask("GET", `${users}/${id}`);
    const again = await api.ask("GET", `${users}/${id}`, { headers: { "if-none-match": String(headers["etag"]) } });
    expect([again.status, again.text, again.headers["etag"]]).toEqual([304, "", headers["etag"]]);
    const other = await api.ask("GET", `${users}/${id}`, { headers: { "if-none-match": 'W/"7"' } });
    expect(other.status).toBe(200);
  });

  test.each([
    ["PUT", user("match@example.com", { title: "x" })],
    ["PATCH", patch({ op: "replace", path: "title", value: "y" })],
    ["DELETE", undefined],
  ])("%s with another version in If-Match: 412 and nothing done (R99)", async (method, body) => {
    const id = await newUser(`match-${method}@example.com`);
    const asked = { headers: { "if-match": 'W/"9"' }, ...(body === undefined ? {} : { body }) };
    expect((await api.ask(method, `${users}/${id}`, asked)).status).toBe(412);
    expect((await api.ask("GET", `${users}/${id}`)).body["meta"]).toMatchObject({ version: 'W/"1"' });
  });

  test.each(['W/"1"', '"1"', "*", 'W/"7", W/"1"'])("If-Match: %s names the first version", async (tag) => {
    const id = await newUser(`tag-${tag}@example.com`);
    const body = patch({ op: "replace", path: "title", value: "z" });
    const { status, headers } = await api.ask("PATCH", `${users}/${id}`, { body, headers: { "if-match": tag } });
    expect([status, headers["etag"]]).toEqual([200, 'W/"2"']);
  });

  test("a write that changes nothing makes no version, and is counted as such (R28)", async () => {
    const id = await newUser("same@example.com");
    api.told.counts.length = 0;
    const { headers } = await api.ask("PUT", `${users}/${id}`, { body: user("same@example.com") });
    expect([headers["etag"], api.told.counts]).toEqual(['W/"1"', [["Unchanged", 1]]]);
  });
});

describe("replace, patch and delete", () => {
  test.each(["GET", "PUT", "PATCH", "DELETE"])("%s of an unknown id: 404 (R23, R58)", async (method) => {
    const body = method === "PUT" ? user("x") : method === "PATCH" ? patch({ op: "remove", path: "title" }) : undefined;
    const { status } = await api.ask(method, `${users}/${crypto.randomUUID()}`, body === undefined ? {} : { body });
    expect(status).toBe(404);
  });

  test("PUT: 200 with the resource (R61)", async () => {
    const id = await newUser("put@example.com");
    const answer = await api.ask("PUT", `${users}/${id}`, { body: user("put@example.com", { title: "Chief" }) });
    expect(answer).toMatchObject({ status: 200, body: { id, title: "Chief" }, headers: { etag: 'W/"2"' } });
  });

  test("PATCH of a user: 200 with the user (D11)", async () => {
    const id = await newUser("patch@example.com");
    const answer = await api.ask("PATCH", `${users}/${id}`, {
      body: patch({ op: "Replace", path: "active", value: "False" }),
    });
    expect(answer).toMatchObject({ status: 200, body: { id, active: false } });
  });

  test("PATCH of a group: 204, unless attributes are asked for (D11)", async () => {
    const [member, id] = [await newUser("member@example.com"), await newGroup("Patched")];
    const body = patch({ op: "add", path: "members", value: [{ value: member }] });
    expect(await api.ask("PATCH", `${groups}/${id}`, { body })).toMatchObject({
      status: 204,
      text: "",
      headers: { etag: 'W/"2"' },
    });
    const rename = patch({ op: "replace", path: "displayName", value: "Renamed" });
    const answer = await api.ask("PATCH", `${groups}/${id}?attributes=displayName`, { body: rename });
    expect(answer).toMatchObject({ status: 200, body: { id, displayName: "Renamed" } });
    expect(answer.body["members"]).toBeUndefined();
  });

  test("PUT of a group without members keeps them, and does not read them for its answer (D15)", async () => {
    const member = await newUser("kept@example.com");
    const id = await newGroup("Kept", [member]);
    const answer = await api.ask("PUT", `${groups}/${id}`, {
      body: { schemas: [groupSchema], displayName: "Kept still" },
    });
    expect([answer.status, answer.body["members"]]).toEqual([200, undefined]);
    expect((await api.ask("GET", `${groups}/${id}`)).body["members"]).toMatchObject([{ value: member }]);
  });

  test("DELETE: 204 without a body, then 404, and the name is free (R84)", async () => {
    const id = await newUser("gone@example.com");
    expect(await api.ask("DELETE", `${users}/${id}`)).toMatchObject({ status: 204, text: "" });
    expect((await api.ask("GET", `${users}/${id}`)).status).toBe(404);
    expect(await newUser("gone@example.com")).not.toBe(id);
  });
});

describe("search", () => {
  test("POST to .search gives what GET gives (R47)", async () => {
    await newUser("search@example.com");
    const filter = 'userName eq "search@example.com"';
    const body = { schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], filter, attributes: ["userName"] };
    const posted = await api.ask("POST", `${users}/.search`, { body });
    const got = await api.ask("GET", `${users}?attributes=userName&filter=${encodeURIComponent(filter)}`);
    expect(posted).toMatchObject({
      status: 200,
      body: { totalResults: 1, Resources: [{ userName: "search@example.com" }] },
    });
    expect(posted.body).toEqual(got.body);
  });

  test.each(["userName eq", 'unknown eq "x"', 'emails[type eq "work"'])(
    "the filter %s: 400 invalidFilter (R39)",
    async (filter) => {
      const { body } = await api.ask("GET", `${users}?filter=${encodeURIComponent(filter)}`);
      expect(body).toMatchObject({ status: "400", scimType: "invalidFilter" });
    },
  );
});
