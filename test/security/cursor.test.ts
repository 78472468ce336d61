/** Cursors that somebody forged, or found (RFC 9865 5). They give no right: each page is asked for with a token. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cursorSeconds } from "../../lib/scim/cursor.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { type Harness, harness, textOf } from "../handlers/harness.ts";
import { user } from "../local/served.ts";

const users = "/scim/v2/Users";

let api: Harness;
let other: Harness;
beforeAll(async () => {
  [api, other] = await Promise.all([harness(), harness()]);
  for (const world of [api, other])
    for (let n = 0; n < 5; n += 1)
      await world.ask("POST", users, { body: user(`person${n}@example.com`, { title: "t" }) });
});
afterAll(() => {
  api.close();
  other.close();
});

const page = (query: string, world = api) => world.ask("GET", `${users}?count=2&${query}`);
const fresh = async (query = "", world = api) => textOf((await page(`cursor=&${query}`, world)).body["nextCursor"]);
const invalid = { status: 400, body: { scimType: "invalidCursor" } };

test("a cursor tells nothing: neither an id nor a name stands in it, in any form", async () => {
  const { body } = await page('cursor=&filter=userName+co+"person"');
  const cursor = textOf(body["nextCursor"]);
  const inside = Buffer.from(cursor, "base64url").toString("latin1");
  const told = (body["Resources"] as JsonObject[]).flatMap(({ id, userName }) => [textOf(id), textOf(userName)]);
  expect([...told, "person", "User"].filter((text) => cursor.includes(text) || inside.includes(text))).toEqual([]);
});

test("two cursors of one place are not alike", async () => {
  expect(await fresh()).not.toBe(await fresh());
});

test("each bit counts: whichever is turned, it is no cursor", async () => {
  const bytes = Buffer.from(await fresh(), "base64url");
  for (let at = 0; at < bytes.length; at += 1) {
    const forged = Buffer.from(bytes);
    forged[at] = (forged[at] ?? 0) ^ (1 << (at % 8));
    expect(await page(`cursor=${forged.toString("base64url")}`)).toMatchObject(invalid);
  }
});

test.each([
  ["cut", (cursor: string) => cursor.slice(0, -4)],
  ["without its tag", (cursor: string) => cursor.slice(0, 20)],
  ["longer", (cursor: string) => `${cursor}AAAA`],
  ["twice", (cursor: string) => cursor + cursor],
  ["of a megabyte", () => "A".repeat(1_000_000)],
  ["of zeros", (cursor: string) => "A".repeat(cursor.length)],
  ["of other letters", () => "%00%ff%22%27;--"],
  ["of JSON", () => encodeURIComponent('[9999999999999,"User","0"]')],
])("a cursor that is %s is none", async (_, forge) => {
  expect(await page(`cursor=${forge(await fresh())}`)).toMatchObject(invalid);
});

describe("a cursor is of one query", () => {
  test.each([
    ["another filter", 'filter=title+eq+"u"'],
    ["no filter", ""],
    ["another order", 'filter=title+eq+"t"&sortBy=userName'],
    ["other attributes", 'filter=title+eq+"t"&attributes=emails'],
    ["fewer excluded attributes", 'filter=title+eq+"t"&excludedAttributes=emails'],
  ])("%s: it opens nothing", async (_, query) => {
    expect(await page(`cursor=${await fresh('filter=title+eq+"t"')}&${query}`)).toMatchObject(invalid);
  });

  test("and of one endpoint", async () => {
    const cursor = await fresh();
    expect(await api.ask("GET", `/scim/v2/Groups?count=2&cursor=${cursor}`)).toMatchObject(invalid);
    expect(await api.ask("GET", `/scim/v2/?count=2&cursor=${cursor}`)).toMatchObject(invalid);
  });

  test("and of one tenant: the secret of each is its own", async () => {
    expect(await page(`cursor=${await fresh("", other)}`)).toMatchObject(invalid);
  });
});

test("a cursor that is used again gives the same page; after an hour it has ended, as whoever finds it in a log sees", async () => {
  const cursor = await fresh();
  const first = await page(`cursor=${cursor}`);
  expect((await page(`cursor=${cursor}`)).body["Resources"]).toEqual(first.body["Resources"]);
  await api.provisioning.clock.sleep(cursorSeconds * 1000);
  expect(await page(`cursor=${cursor}`)).toMatchObject({ status: 400, body: { scimType: "expiredCursor" } });
});

test("a cursor is no token", async () => {
  const headers = { authorization: undefined };
  expect((await api.ask("GET", `${users}?cursor=${await fresh()}`, { headers })).status).toBe(401);
});
