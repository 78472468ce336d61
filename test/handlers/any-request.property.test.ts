/** Whatever a client sends, the answer is one of the protocol: no fault, and nothing that only we understand (R79, R91). */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filterTextsOrNot, patchBodies } from "../scim/arbitraries.ts";
import { groupSchema, user } from "../local/served.ts";
import { type Harness, harness, scimErrorSchema, textOf } from "./harness.ts";

let api: Harness;
let paths: Record<"Users" | "Groups", string>;
beforeAll(async () => {
  api = await harness();
  const [ada, sales] = await Promise.all([
    api.ask("POST", "/scim/v2/Users", { body: user("ada") }),
    api.ask("POST", "/scim/v2/Groups", { body: { schemas: [groupSchema], displayName: "Sales" } }),
  ]);
  paths = { Users: `/scim/v2/Users/${textOf(ada.body["id"])}`, Groups: `/scim/v2/Groups/${textOf(sales.body["id"])}` };
});
afterAll(() => api.close());

const endpoint = fc.constantFrom("Users", "Groups");
const known = fc.constantFrom(
  "userName",
  "displayName",
  "emails",
  "active",
  "members",
  "name",
  "schemas",
  "filter",
  "count",
);
const anyBody = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.dictionary(known, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 }).map((body) => JSON.stringify(body)),
  fc.json().map((text) => text.slice(0, -1)),
  fc.string(),
);

/** `Bulk` and `.search` below the base URL are for those who offer them; who does not says 501 (R89). */
const expected = [200, 201, 204, 304, 400, 403, 404, 405, 409, 412, 413, 415, 501];

/** What is wrong with an answer; nothing is as it should be. */
async function wrong(method: string, target: string, body?: string): Promise<unknown[]> {
  const { status, body: sent } = await api.ask(method, target, body === undefined ? {} : { body });
  const isScim = status < 400 || (Array.isArray(sent["schemas"]) && sent["schemas"][0] === scimErrorSchema);
  return expected.includes(status) && isScim ? [] : [status, sent];
}

test("any body of a POST, PUT or .search", async () => {
  await fc.assert(
    fc.asyncProperty(
      endpoint,
      fc.constantFrom("POST" as const, "PUT", "SEARCH"),
      anyBody,
      async (name, method, body) => {
        const target = { POST: `/scim/v2/${name}`, PUT: paths[name], SEARCH: `/scim/v2/${name}/.search` }[method];
        expect(await wrong(method === "PUT" ? "PUT" : "POST", target, body)).toEqual([]);
      },
    ),
    { numRuns: 400 },
  );
});

test("any PATCH", async () => {
  await fc.assert(
    fc.asyncProperty(
      endpoint,
      fc.oneof(
        patchBodies.map((body) => JSON.stringify(body)),
        anyBody,
      ),
      async (name, body) => {
        expect(await wrong("PATCH", paths[name], body)).toEqual([]);
      },
    ),
    { numRuns: 400 },
  );
});

test("any filter", async () => {
  await fc.assert(
    fc.asyncProperty(endpoint, filterTextsOrNot, async (name, filter) => {
      expect(await wrong("GET", `/scim/v2/${name}?filter=${encodeURIComponent(filter.toWellFormed())}`)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

const parameter = fc.tuple(
  fc.constantFrom(
    "filter",
    "attributes",
    "excludedAttributes",
    "sortBy",
    "sortOrder",
    "startIndex",
    "count",
    "cursor",
    "x",
  ),
  fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.constantFrom("descending", "userName,emails.value", "%", "%zz", "+"),
  ),
  fc.boolean(),
);

test("any query string, encoded or not", async () => {
  const query = fc
    .array(parameter, { maxLength: 4 })
    .map((list) =>
      list.map(([name, value, encode]) => `${name}=${encode ? encodeURIComponent(value) : value}`).join("&"),
    );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("Users", "Groups", "Schemas", "ServiceProviderConfig", ""),
      query,
      async (name, text) => {
        expect(await wrong("GET", `/scim/v2/${name}?${text.replaceAll("?", "")}`)).toEqual([]);
      },
    ),
    { numRuns: 400 },
  );
});
