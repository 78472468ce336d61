/** Lists and index paging: RFC 7644 sections 3.4.2 and 3.4.2.4. */
import { beforeAll, describe, expect, test } from "vitest";
import { textOf } from "../handlers/harness.ts";
import { scimApi, users } from "./scim-api.ts";

const api = scimApi();
const all = ["a", "b", "c", "d", "e"];

beforeAll(async () => {
  for (const userName of all) await api.newUser({ userName });
});

async function page(query: string) {
  const { status, body } = await api.ask("GET", `${users}?${query}`);
  const resources = Array.isArray(body["Resources"]) ? body["Resources"] : [];
  return { status, body, names: resources.map(({ userName }) => textOf(userName)) };
}

describe("a list (RFC 7644 3.4.2)", () => {
  test("is a ListResponse whose numbers are numbers (R29)", async () => {
    expect((await page("")).body).toMatchObject({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: 5,
      startIndex: 1,
      itemsPerPage: 5,
    });
  });

  test.each([
    ["startIndex=0", 5, "R42"],
    ["startIndex=-7&count=2", 2, "R42"],
    ["count=0", 0, "R42"],
    ["count=-1", 0, "R42"],
    ["count=2", 2, "R42"],
    ["count=100000", 5, "R42, D24"],
    ["startIndex=5", 1, "R43"],
    ["startIndex=6", 0, "R43"],
    ["startIndex=99999", 0, "R43"],
  ])("?%s: 200 with %i of them and the true total (%s, R45)", async (query, length) => {
    const { status, body, names } = await page(query);
    expect([status, body["totalResults"], names.length]).toEqual([200, 5, length]);
  });

  test.each(["startIndex=one", "count=2.5", "count=1e3"])("?%s: 400 invalidValue (D24)", async (query) => {
    expect(await page(query)).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
  });

  test("page after page everybody comes once, in the same order (R44)", async () => {
    const seen: string[] = [];
    for (const startIndex of [1, 3, 5]) seen.push(...(await page(`startIndex=${startIndex}&count=2`)).names);
    expect(seen.toSorted()).toEqual(all);
    expect(seen).toEqual((await page("")).names);
  });

  test("a filter that finds nobody: 200 and an empty list, not 404 (R30, D13)", async () => {
    expect(await page('filter=userName+eq+"nobody"')).toMatchObject({
      status: 200,
      body: { totalResults: 0 },
      names: [],
    });
  });
});
