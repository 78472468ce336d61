/**
 * Every JSON sample of RFC 7643 and RFC 7644 is a file in `samples`, named by its section; here stands what is done with it.
 * Ids, versions and times are the server's own, so they are left out of the comparison.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../lib/scim/json.ts";
import { type Harness, harness, textOf } from "../handlers/harness.ts";
import { groupSchema, user } from "../local/served.ts";
import { sample, sampleNames, shape, sorted, told } from "./sample.ts";
import { playedElsewhere } from "./played-elsewhere.ts";

const users = "/scim/v2/Users";
const groups = "/scim/v2/Groups";
const babs = "2819c223-7f76-453a-919d-413861904646";
const mandy = "902c246b-6245-4190-8e05-00816be7344a";
const james = "08e1d05d-121c-4561-8b96-473d93df9210";

let api: Harness;
beforeEach(async () => {
  api = await harness();
});
afterEach(() => api.close());

async function created(endpoint: string, body: object): Promise<JsonObject> {
  const answer = await api.ask("POST", endpoint, { body });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function idOf(endpoint: string, body: object): Promise<string> {
  return textOf((await created(endpoint, body))["id"]);
}

const createdUsers = [
  "rfc7643-8.1-user-minimal",
  "rfc7643-8.2-user-full",
  "rfc7643-8.3-user-enterprise",
  "rfc7644-3.3-create-request",
  "rfc7644-3.3-create-response",
  "rfc7644-3.4.1-get-response",
  "rfc7644-3.5.1-put-response",
  "rfc7644-3.14-versioned-user",
];

describe("users of the RFCs", () => {
  test.each(createdUsers)("%s is created and read as it was sent (R12, R14, R98)", async (name) => {
    const sent = sample(name);
    const answer = await api.ask("POST", users, { body: sent });
    expect(answer.status).toBe(201);
    // `active` is our default (R21); the manager of the sample is nobody here, so only their id can be told (D21).
    const { active: _, ...body } = told(answer.body);
    const { active: __, ...expected } = told(withPlainManager(sent));
    expect(withPlainManager(body)).toEqual(expected);
    expect(shape(metaOf(answer.body))).toEqual({ ...versioned, version: "string" });
    expect(answer.headers["etag"]).toBe(metaOf(answer.body)["version"]);
    expect(answer.body["id"]).not.toBe(babs);
    expect((await api.ask("GET", `${users}/${textOf(answer.body["id"])}`)).body).toEqual(answer.body);
  });

  test("rfc7644-3.5.1-put-request is answered as in rfc7644-3.5.1-put-response (R61)", async () => {
    const id = await idOf(users, { ...sample("rfc7644-3.3-create-request"), nickName: "Babs" });
    const { status, body } = await api.ask("PUT", `${users}/${id}`, { body: sample("rfc7644-3.5.1-put-request") });
    expect(status).toBe(200);
    expect(told(body)).toEqual({ ...told(sample("rfc7644-3.5.1-put-response")), active: true });
  });
});

const versioned = { resourceType: "string", created: "string", lastModified: "string", location: "string" };

function metaOf({ meta }: JsonObject): JsonObject {
  return isObject(meta) ? meta : {};
}

function withPlainManager(body: JsonObject): JsonObject {
  const urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const extension = body[urn];
  if (!isObject(extension) || !isObject(extension["manager"])) return body;
  return { ...body, [urn]: { ...extension, manager: { value: extension["manager"]["value"] ?? null } } };
}

/** The users that the groups of the RFCs name, and a group of the first two. */
async function groupOfTwo(): Promise<{ path: string; ids: Record<string, string> }> {
  const ids: Record<string, string> = {};
  for (const [theirs, name] of Object.entries({ [babs]: "babs", [mandy]: "mandy", [james]: "james" }))
    ids[theirs] = await idOf(users, user(name));
  const id = await idOf(groups, sample("rfc7643-8.4-group", ids));
  return { path: `${groups}/${id}`, ids };
}

describe("groups of the RFCs", () => {
  test("rfc7643-8.4-group is created with its members (R12)", async () => {
    const { path, ids } = await groupOfTwo();
    const { body } = await api.ask("GET", path);
    expect(body).toMatchObject({ schemas: [groupSchema], displayName: "Tour Guides" });
    expect(await membersOf(path)).toEqual(sorted([ids[babs], ids[mandy]]));
  });

  test.each([
    ["rfc7644-3.5.2.1-add-member", [babs, mandy]],
    ["rfc7644-3.5.2.2-remove-member", [mandy]],
    ["rfc7644-3.5.2.2-remove-all-members", []],
    ["rfc7644-3.5.2.2-remove-and-add-members", [james, mandy]],
    ["rfc7644-3.5.2.3-replace-members", [babs, james]],
  ])("%s: 204, and the members are %j (R67, R70, R75)", async (name, expected) => {
    const { path, ids } = await groupOfTwo();
    expect((await api.ask("PATCH", path, { body: sample(name, ids) })).status).toBe(204);
    expect(await membersOf(path)).toEqual(sorted(expected.map((theirs) => ids[theirs])));
  });

  async function membersOf(path: string): Promise<string[]> {
    const { body } = await api.ask("GET", path);
    const members = Array.isArray(body["members"]) ? body["members"] : [];
    return sorted(members.map((member) => (isObject(member) ? textOf(member["value"]) : undefined)));
  }
});

const work = sample("rfc7643-8.2-user-full")["addresses"];
const [office, home] = Array.isArray(work) ? work.filter(isObject) : [];
const [workMail, homeMail] = [
  { value: "bjensen@example.com", type: "work", primary: true },
  { value: "babs@jensen.org", type: "home" },
];

describe("PATCH of a user in RFC 7644 3.5.2", () => {
  test.each<[string, JsonObject]>([
    ["rfc7644-3.5.2.1-add-emails-and-nickname", { emails: [workMail, homeMail], nickName: "Babs" }],
    ["rfc7644-3.5.2.2-remove-by-complex-filter", { emails: [homeMail] }],
    [
      "rfc7644-3.5.2.3-replace-work-address",
      {
        addresses: [
          {
            ...office,
            streetAddress: "911 Universal City Plaza",
            country: "US",
            formatted: "911 Universal City Plaza\nHollywood, CA 91608 US",
          },
          { ...home },
        ],
      },
    ],
    [
      "rfc7644-3.5.2.3-replace-street-address",
      { addresses: [{ ...office, streetAddress: "1010 Broadway Ave" }, { ...home }] },
    ],
    ["rfc7644-3.5.2.3-replace-all-values", { emails: [workMail, homeMail], nickName: "Babs" }],
  ])("%s: 200, and only what it names is another (R64, R74, R77)", async (name, changed) => {
    const before = await created(users, sample("rfc7643-8.2-user-full"));
    const { status, body } = await api.ask("PATCH", `${users}/${textOf(before["id"])}`, { body: sample(name) });
    expect(status).toBe(200);
    expect(told(body)).toEqual({ ...told(before), ...changed });
  });
});

describe("queries of the RFCs", () => {
  test("rfc7644-3.4.2-list-response is the answer to attributes=userName (R29)", async () => {
    for (const name of ["bjensen", "jsmith"]) await created(users, user(name));
    const { body } = await api.ask("GET", `${users}?attributes=userName`);
    const { Resources: expected, ...message } = sample("rfc7644-3.4.2-list-response");
    expect(body).toMatchObject(message);
    expect(namesIn(body)).toEqual(namesIn({ Resources: expected ?? [] }));
  });

  test("rfc7644-3.4.2-list-response-empty is the answer to a query without match (R30)", async () => {
    const { status, body } = await api.ask("GET", `${users}?filter=userName+eq+"nobody"`);
    expect(status).toBe(200);
    expect(body).toMatchObject(told(sample("rfc7644-3.4.2-list-response-empty")));
    expect(body).not.toHaveProperty("Resources");
  });

  test("rfc7644-3.4.2.4-list-response-paged: the page, and the total of all (R42, R45)", async () => {
    for (let n = 0; n < 100; n += 1) await created(users, user(`user${n}`));
    const { body } = await api.ask("GET", `${users}?startIndex=1&count=10`);
    expect(body).toMatchObject(told(sample("rfc7644-3.4.2.4-list-response-paged")));
    expect(body["Resources"]).toHaveLength(10);
  });

  test("rfc7644-3.4.3-search-request is answered as in rfc7644-3.4.3-search-response, users and groups (R47)", async () => {
    for (const [name, displayName] of Object.entries({ jsmith: "Smith, James", jjones: "Jones, Jim" }))
      await created(users, user(name, { displayName }));
    await created(groups, { schemas: [groupSchema], displayName: "Smith Group" });
    const asked = { body: sample("rfc7644-3.4.3-search-request") };
    const { status, body } = await api.ask("POST", "/scim/v2/.search", asked);
    const { schemas, Resources } = sample("rfc7644-3.4.3-search-response");
    expect(status).toBe(200);
    expect(body).toMatchObject({ schemas, totalResults: 2, startIndex: 1, itemsPerPage: 2 });
    const expected = Array.isArray(Resources) ? Resources.filter(isObject).map(told) : [];
    expect(body["Resources"]).toMatchObject(expected);
  });

  function namesIn(body: JsonObject): string[] {
    const list = Array.isArray(body["Resources"]) ? body["Resources"].filter(isObject) : [];
    return sorted(list.map((one) => textOf(one["userName"])));
  }
});

describe("errors of the RFCs (R91, R92)", () => {
  test.each<[string, string, object | undefined]>([
    ["rfc7644-3.12-error-mutability", "PATCH", { Operations: [{ op: "replace", path: "id", value: "7" }] }],
    ["rfc7644-3.12-error-not-found", "GET", undefined],
  ])("%s: the same status and scimType, in our words", async (name, method, body) => {
    const id = method === "GET" ? babs : await idOf(users, user("ada"));
    const answer = await api.ask(method, `${users}/${id}`, body === undefined ? {} : { body });
    const { detail, ...expected } = sample(name);
    expect(answer.status).toBe(Number(expected["status"]));
    expect(answer.body).toMatchObject(expected);
    expect(typeof answer.body["detail"]).toBe(typeof detail);
  });
});

test("each sample has its place here or in another file", () => {
  const here = [
    ...createdUsers,
    "rfc7643-8.4-group",
    ...sampleNames.filter((name) => /^rfc7644-3\.(4|5|12)/.test(name)),
  ];
  expect(sorted([...new Set([...here, ...playedElsewhere])])).toEqual(sorted(sampleNames));
});
