import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../lib/scim/json.ts";
import type { Table } from "../../lib/provisioning/ports.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import { sample } from "../rfc/sample.ts";
import { type Harness, harness, scimErrorSchema, textOf } from "./harness.ts";

const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const base = "https://scim.example.com/scim/v2";

let api: Harness;
beforeAll(async () => {
  api = await harness();
});
afterAll(() => api.close());

interface Result extends JsonObject {
  readonly status: string;
}

async function bulk(body: object, on = api): Promise<Result[]> {
  const answer = await on.ask("POST", "/scim/v2/Bulk", { body });
  expect(answer).toMatchObject({
    status: 200,
    body: { schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"] },
  });
  const list = answer.body["Operations"];
  return (Array.isArray(list) ? list : []).filter(isResult);
}

function isResult(value: unknown): value is Result {
  return isObject(value) && typeof value["status"] === "string";
}

async function operations(...Operations: object[]): Promise<Result[]> {
  return await bulk({ schemas, Operations });
}

async function at(result: Result | undefined, on = api): Promise<JsonObject> {
  const path = textOf(result?.["location"]).replace("https://scim.example.com", "");
  return (await on.ask("GET", path)).body;
}

function idIn(result: Result | undefined): string {
  return textOf(result?.["location"]).split("/").at(-1) ?? "";
}

const statuses = (results: readonly Result[]) => results.map(({ status }) => status);

function post(userName: string, more: object = {}) {
  return { method: "POST", path: "/Users", bulkId: userName, data: user(userName, more) };
}

function postGroup(bulkId: string, ...members: string[]) {
  const data = { schemas: [groupSchema], displayName: bulkId, members: members.map((value) => ({ value })) };
  return { method: "POST", path: "/Groups", bulkId, data };
}

async function newUser(userName: string): Promise<string> {
  return textOf((await api.ask("POST", "/scim/v2/Users", { body: user(userName) })).body["id"]);
}

describe("the RFC's own samples (R87)", () => {
  let own: Harness;
  beforeAll(async () => {
    own = await harness();
  });
  afterAll(() => own.close());

  test("3.7.1: two groups that are members of each other", async () => {
    const results = await bulk(sample("rfc7644-3.7.1-bulk-request-circular"), own);
    expect(results).toMatchObject([
      { method: "POST", bulkId: "qwerty", status: "201" },
      { method: "POST", bulkId: "ytrewq", status: "201" },
    ]);
    const [a, b] = [await at(results[0], own), await at(results[1], own)];
    expect([a["displayName"], a["members"]]).toMatchObject(["Group A", [{ value: b["id"], type: "Group" }]]);
    expect([b["displayName"], b["members"]]).toMatchObject(["Group B", [{ value: a["id"], type: "Group" }]]);
    // The version is that after the reference was added.
    for (const [n, body] of [a, b].entries()) expect(body["meta"]).toMatchObject({ version: results[n]?.["version"] });
  });

  test("3.7.2: a user in a group", async () => {
    const [alice, guides] = await bulk(sample("rfc7644-3.7.2-bulk-request-user-in-group"), own);
    expect((await at(guides, own))["members"]).toMatchObject([{ value: idIn(alice), type: "User" }]);
  });

  test("3.7.3: a creation, a replacement, a patch, a deletion; failOnErrors 1 ends it at the first error", async () => {
    const other = await harness();
    const { Operations: asked } = sample("rfc7644-3.7.3-bulk-request");
    const ids: string[] = [];
    for (const name of ["b", "c", "d"])
      ids.push(textOf((await other.ask("POST", "/scim/v2/Users", { body: user(name) })).body["id"]));
    const list = (Array.isArray(asked) ? asked : []).filter(isObject);
    const ours = list.map((one, n) => (n === 0 ? one : { ...one, path: `/Users/${ids[n - 1]}`, version: 'W/"1"' }));
    expect(await bulk({ schemas, failOnErrors: 1, Operations: ours }, other)).toEqual([
      {
        location: expect.stringContaining(`${base}/Users/`),
        method: "POST",
        bulkId: "qwerty",
        version: 'W/"1"',
        status: "201",
      },
      { location: `${base}/Users/${ids[0]}`, method: "PUT", version: 'W/"2"', status: "200" },
      { location: `${base}/Users/${ids[1]}`, method: "PATCH", version: 'W/"2"', status: "200" },
      { location: `${base}/Users/${ids[2]}`, method: "DELETE", status: "204" },
    ]);
    // The same again: Alice is there, so nothing after her is done or answered.
    const again = await bulk({ schemas, failOnErrors: 1, Operations: ours }, other);
    expect(again).toEqual([
      {
        method: "POST",
        bulkId: "qwerty",
        status: "409",
        response: expect.objectContaining({ schemas: [scimErrorSchema], status: "409", scimType: "uniqueness" }),
      },
    ]);
    other.close();
  });

  test("3.7.2: a manager of the same request, who is made first wherever he stands", async () => {
    const { Operations: asked } = sample("rfc7644-3.7.2-bulk-request-enterprise-manager");
    const other = await harness();
    const [bob, alice] = await bulk({ schemas, Operations: Array.isArray(asked) ? asked.toReversed() : [] }, other);
    expect((await at(bob, other))[enterprise]).toMatchObject({ manager: { value: idIn(alice) } });
    other.close();
  });
});

describe("references (R87)", () => {
  test("managers in a circle, and one who is his own", async () => {
    const managed = (name: string, by: string) => post(name, { [enterprise]: { manager: { value: `bulkId:${by}` } } });
    const results = await operations(
      managed("m1", "m2"),
      managed("m2", "m3"),
      managed("m3", "m1"),
      managed("m4", "m4"),
    );
    expect(statuses(results)).toEqual(["201", "201", "201", "201"]);
    for (const [n, by] of [1, 2, 0, 3].entries())
      expect((await at(results[n]))[enterprise]).toMatchObject({ manager: { value: idIn(results[by]) } });
  });

  test("in the path and in a PATCH of what the request makes", async () => {
    const add = patch({ op: "add", path: "members", value: [{ value: "bulkId:p1" }] });
    const remove = patch({ op: "remove", path: 'members[value eq "bulkId:p1"]' });
    const [first, second, group, one] = await operations(
      { method: "PATCH", path: "/Groups/bulkId:pg", data: add },
      { method: "PATCH", path: "/Groups/bulkId:pg", data: remove },
      postGroup("pg"),
      post("p1"),
    );
    expect([first?.status, second?.status, group?.status, one?.status]).toEqual(["204", "204", "201", "201"]);
    expect(first?.["location"]).toBe(group?.["location"]);
    expect(await at(group)).not.toHaveProperty("members");
  });

  test("to what could not be made: 409, to what nobody makes: 400; the rest is done", async () => {
    await newUser("there");
    const results = await operations(
      post("there"),
      postGroup("g1", "bulkId:there"),
      postGroup("g2", "bulkId:nobody"),
      postGroup("g3"),
    );
    expect(statuses(results)).toEqual(["409", "409", "400", "201"]);
    expect(results[2]?.["response"]).toMatchObject({ scimType: "invalidValue" });
  });

  test("of a circle that cannot be closed: 409 (P 3.7.1), and the answer says what was created", async () => {
    const bad = { method: "POST", path: "/Groups", bulkId: "k2", data: { members: [{ value: "bulkId:k1" }] } };
    const results = await operations(bad, postGroup("k1", "bulkId:k2"));
    expect(statuses(results)).toEqual(["400", "409"]);
    expect(results[1]).toMatchObject({ location: expect.stringContaining("/Groups/") });
    expect((await at(results[1]))["displayName"]).toBe("k1");
  });
});

describe("order (R87)", () => {
  test("twenty patches of one user take effect in the request's order", async () => {
    const id = await newUser("ordered");
    const titles = Array.from({ length: 20 }, (_, n) => `title ${n}`);
    const results = await operations(
      ...titles.map((value) => {
        return { method: "PATCH", path: `/Users/${id}`, data: patch({ op: "replace", path: "title", value }) };
      }),
    );
    expect(results.map(({ version }) => version)).toEqual(titles.map((_, n) => `W/"${n + 2}"`));
    expect((await at(results[0]))["title"]).toBe("title 19");
  });

  test("a name that an earlier operation gives up is free for a later one", async () => {
    const [left, renamed] = [await newUser("left"), await newUser("renamed")];
    const results = await operations(
      { method: "DELETE", path: `/Users/${left}` },
      { method: "PUT", path: `/Users/${renamed}`, data: user("renamed-away") },
      post("left"),
      post("renamed"),
    );
    expect(statuses(results)).toEqual(["204", "200", "201", "201"]);
  });

  test("`version` is If-Match: 412 with the location, and nothing done (R99)", async () => {
    const id = await newUser("versioned");
    const [result] = await operations({ method: "DELETE", path: `/Users/${id}`, version: 'W/"7"' });
    expect(result).toMatchObject({ status: "412", location: `${base}/Users/${id}`, response: { status: "412" } });
    expect((await api.ask("GET", `/scim/v2/Users/${id}`)).status).toBe(200);
  });

  test.each([1, 2, 3])(
    "failOnErrors %i: so many errors are answered, and nothing after the last",
    async (failOnErrors) => {
      const wrong = Array.from({ length: 12 }, (_, n) => ({ method: "DELETE", path: `/Users/none-${n}` }));
      const results = await bulk({ schemas, failOnErrors, Operations: [post(`fine-${failOnErrors}`), ...wrong] });
      expect(statuses(results)).toEqual(["201", ...Array.from({ length: failOnErrors }, () => "404")]);
    },
  );
});

describe("limits (R88)", () => {
  test("more than 1 MiB: 413 in the RFC's words (3.7.4)", async () => {
    const { status, body } = await api.ask("POST", "/scim/v2/Bulk", { body: " ".repeat(1_048_577) });
    expect([status, body]).toEqual([413, sample("rfc7644-3.7.4-bulk-too-large")]);
  });

  test("1,001 operations: 413, and none is done", async () => {
    const Operations = Array.from({ length: 1_001 }, (_, n) => post(`much-${n}`));
    expect((await api.ask("POST", "/scim/v2/Bulk", { body: { schemas, Operations } })).status).toBe(413);
    const { body } = await api.ask("GET", '/scim/v2/Users?filter=userName eq "much-0"');
    expect(body["totalResults"]).toBe(0);
  });

  test.each([
    ["not JSON", "{"],
    ["no Operations", { schemas }],
  ])("%s: 400 invalidSyntax", async (_what, body) => {
    const answer = await api.ask("POST", "/scim/v2/Bulk", { body });
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidSyntax" } });
  });

  test("ServiceProviderConfig announces them (R4, R5)", async () => {
    const { body } = await api.ask("GET", "/scim/v2/ServiceProviderConfig");
    expect(body["bulk"]).toEqual({ supported: true, maxOperations: 1_000, maxPayloadSize: 1_048_576 });
  });
});

describe("what does not fit in the time", () => {
  test("is answered by 503 for each operation, what was begun and what was not", async () => {
    const hanging = await harness({ seconds: 5.4, change: (p) => ({ ...p, table: hangingAfter(p.table, 3) }) });
    const results = await bulk(
      { schemas, Operations: Array.from({ length: 30 }, (_, n) => post(`slow-${n}`)) },
      hanging,
    );
    expect(results).toHaveLength(30);
    const late = results.filter(({ status }) => status === "503");
    expect(late.length).toBeGreaterThanOrEqual(27);
    for (const one of late) expect(one).toMatchObject({ response: { schemas: [scimErrorSchema], status: "503" } });
    expect(new Set(late.map((one) => JSON.stringify(one["response"])))).toHaveLength(2);
    hanging.close();
  }, 10_000);

  test("a fault of ours is the 500 of one operation, and is logged", async () => {
    const failing = await harness({
      change: (p) => ({ ...p, table: { ...p.table, transact: () => Promise.reject(new Error("a bug")) } }),
    });
    const results = await bulk({ schemas, Operations: [post("bug"), { method: "DELETE", path: "/Users/0" }] }, failing);
    expect(statuses(results)).toEqual(["500", "404"]);
    expect(failing.told.lines).toContainEqual(expect.objectContaining({ level: "error", message: "not answered" }));
    failing.close();
  });
});

test("each operation is counted as a request of its own", async () => {
  const own = await harness();
  await bulk(
    { schemas, Operations: [post("counted"), post("counted2"), { method: "DELETE", path: "/Users/none" }] },
    own,
  );
  expect(own.told.counts.map(([name]) => name).toSorted((a, b) => a.localeCompare(b))).toEqual([
    "Accepted",
    "Accepted",
    "Refused",
  ]);
  own.close();
});

/** After so many transactions none ends. */
function hangingAfter(table: Table, times: number): Table {
  let left = times;
  return {
    ...table,
    transact: async (writes) => {
      left -= 1;
      return left < 0 ? await new Promise<never>(() => {}) : await table.transact(writes);
    },
  };
}
