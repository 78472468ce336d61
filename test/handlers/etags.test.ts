/** Versions over the API: what a conditional request does to users and to groups alike. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { groupSchema, patch, user } from "../local/served.ts";
import { type Harness, harness, textOf } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await harness();
});
afterAll(() => api.close());

let made = 0;

async function create(endpoint: string): Promise<string> {
  const name = `etag-${(made += 1)}`;
  const body = endpoint === "/Users" ? user(`${name}@example.com`) : { schemas: [groupSchema], displayName: name };
  return `/scim/v2${endpoint}/${textOf((await api.ask("POST", `/scim/v2${endpoint}`, { body })).body["id"])}`;
}

describe.each(["/Users", "/Groups"])("versions of %s (RFC 7644 3.14)", (endpoint) => {
  const rename = () => patch({ op: "replace", path: "displayName", value: `renamed-${(made += 1)}` });

  test.each(['W/"1"', '"1"', "*", 'W/"7", W/"1"', '"x","1"'])(
    "R99: If-None-Match: %s is 304 without a body",
    async (tag) => {
      const { status, text, headers } = await api.ask("GET", await create(endpoint), {
        headers: { "if-none-match": tag },
      });
      expect([status, text, headers["etag"]]).toEqual([304, "", 'W/"1"']);
    },
  );

  test.each(['W/"2"', '"11"', "1", ""])("R99: If-None-Match: %j is another version", async (tag) => {
    expect((await api.ask("GET", await create(endpoint), { headers: { "if-none-match": tag } })).status).toBe(200);
  });

  test("R98, R100: each accepted change has a new version, in the header and in meta", async () => {
    const target = await create(endpoint);
    const { headers } = await api.ask("PATCH", target, { body: rename(), headers: { "if-match": "*" } });
    expect(headers["etag"]).toBe('W/"2"');
    const read = await api.ask("GET", target);
    expect([read.headers["etag"], read.body["meta"]]).toEqual(['W/"2"', expect.objectContaining({ version: 'W/"2"' })]);
  });

  test.each(["PATCH", "DELETE"])(
    "R99: %s with If-Match of another version is 412, and nothing is done",
    async (method) => {
      const target = await create(endpoint);
      const asked = { headers: { "if-match": 'W/"2", "3"' }, ...(method === "PATCH" && { body: rename() }) };
      expect((await api.ask(method, target, asked)).status).toBe(412);
      expect((await api.ask("GET", target)).headers["etag"]).toBe('W/"1"');
    },
  );

  test("R99: `*` matches what there is, and nothing that was deleted", async () => {
    const target = await create(endpoint);
    expect((await api.ask("DELETE", target, { headers: { "if-match": "*" } })).status).toBe(204);
    expect((await api.ask("DELETE", target, { headers: { "if-match": "*" } })).status).toBe(404);
  });
});
