/** Search, sorting and paging over the API, on a store of 250 users while others write. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Table } from "../../lib/provisioning/ports.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { groupSchema, user } from "../local/served.ts";
import { type Harness, harness, textOf } from "./harness.ts";

const base = "/scim/v2";
const users = `${base}/Users`;
const size = 250;
const searchSchema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

let api: Harness;
/** Ids of those that are there all the time. */
const settled: string[] = [];
/** While it is set, each query of the store takes so long. Units: milliseconds. */
let queryMs = 0;

beforeAll(async () => {
  api = await harness({
    change: (p) => {
      const slow: Table = {
        ...p.table,
        query: async (range) => {
          await p.clock.sleep(queryMs);
          return await p.table.query(range);
        },
      };
      return { ...p, table: slow };
    },
  });
  for (let n = 0; n < size; n += 1) settled.push(await create(n));
  const body = {
    schemas: [groupSchema],
    displayName: "Everybody",
    members: settled.slice(0, 3).map((value) => ({ value })),
  };
  await api.ask("POST", `${base}/Groups`, { body });
}, 60_000);
afterAll(() => api.close());

async function create(n: number): Promise<string> {
  const family = ["Ångström", "berg", "Curie", "Dirac"][n % 4];
  const more = n % 10 === 0 ? {} : { title: n % 2 === 0 ? `T${n}` : `t${n}`, name: { familyName: family } };
  const body = { ...user(`user-${String(n).padStart(4, "0")}@example.com`), ...more };
  return textOf((await api.ask("POST", users, { body })).body["id"]);
}

async function get(target: string): Promise<JsonObject> {
  const { status, body } = await api.ask("GET", target);
  expect([status, body["detail"]]).toEqual([200, undefined]);
  return body;
}

function resourcesOf(body: JsonObject): JsonObject[] {
  return (body["Resources"] ?? []) as JsonObject[];
}

const idsOf = (body: JsonObject) => resourcesOf(body).map(({ id }) => textOf(id));

/** All pages by cursor; `between` runs after each. */
async function walk(query: string, between: () => Promise<void> = async () => {}): Promise<JsonObject[]> {
  const pages: JsonObject[] = [];
  let cursor: string | undefined = "";
  while (cursor !== undefined) {
    const page: JsonObject = await get(`${query}&cursor=${cursor}`);
    pages.push(page);
    cursor = page["nextCursor"] === undefined ? undefined : textOf(page["nextCursor"]);
    if (pages.length > 500) throw new Error("the walk does not end");
    if (cursor !== undefined) await between();
  }
  return pages;
}

let next = 10_000;

/** One comes and one goes. */
async function others(): Promise<void> {
  await create((next += 1));
  const id = await create((next += 1));
  await api.ask("DELETE", `${users}/${id}`);
}

function expectAllOnce(ids: readonly string[]): void {
  expect(new Set(ids).size, "nobody comes twice").toBe(ids.length);
  const seen = new Set(ids);
  expect(
    settled.filter((id) => !seen.has(id)),
    "nobody is missing",
  ).toEqual([]);
}

describe("cursor paging (RFC 9865)", () => {
  test.each([
    ["a list", `${users}?count=40`],
    ["a filter without an index", `${users}?count=40&filter=userName%20co%20%22user%22`],
    ["a sorted list", `${users}?count=40&sortBy=title`],
    ["a sorted list downwards", `${users}?count=40&sortBy=name.familyName&sortOrder=descending`],
  ])("R44, R49, R53: %s gives everybody once while others write", async (_what, query) => {
    const pages = await walk(query, others);
    expectAllOnce(pages.flatMap(idsOf));
    expect(Math.max(...pages.map((page) => idsOf(page).length))).toBe(40);
  });

  test("R49, R54: the last page has no nextCursor, no page a startIndex, and a list knows its total", async () => {
    const pages = await walk(`${users}?count=100`);
    expect(pages.map((page) => "nextCursor" in page)).toEqual([...pages.slice(1).map(() => true), false]);
    const total = pages.flatMap(idsOf).length;
    for (const page of pages) expect(page).toMatchObject({ totalResults: total });
    for (const page of pages) expect(page).not.toHaveProperty("startIndex");
  });

  test("R49: a page that is full to the last resource is the last", async () => {
    const page = await get(`${users}?cursor&count=1&filter=userName%20eq%20%22user-0001@example.com%22`);
    expect(page).toMatchObject({ totalResults: 1, itemsPerPage: 1 });
    expect(page).not.toHaveProperty("nextCursor");
  });

  test("R46, R53, R54: a filter that would read too much is answered page by page, some empty, without a total", async () => {
    queryMs = 3_000;
    try {
      const filter = `filter=${encodeURIComponent('userName ew "-0123@example.com"')}`;
      const refused = await api.ask("GET", `${users}?${filter}`);
      expect([refused.status, refused.body["scimType"]]).toEqual([400, "tooMany"]);
      expect(refused.body["detail"]).toContain('"cursor"');
      const pages = await walk(`${users}?${filter}`);
      expect(pages.flatMap(idsOf)).toEqual([settled[123]]);
      expect(pages.filter((page) => page["itemsPerPage"] === 0).length).toBeGreaterThan(0);
      for (const page of pages) expect(page).not.toHaveProperty("totalResults");
    } finally {
      queryMs = 0;
    }
  });

  test("R46: whoever is found by an index is told, however long the table takes: there are not too many", async () => {
    queryMs = 9_000;
    try {
      // By a lookup, which is a query.
      const page = await get(`${base}/Groups?filter=displayName%20eq%20%22everybody%22&excludedAttributes=members`);
      expect(page).toMatchObject({ totalResults: 1 });
    } finally {
      queryMs = 0;
    }
  });

  test("R51, R52: a cursor of one query is refused with another", async () => {
    const { nextCursor } = await get(`${users}?cursor=&count=10`);
    for (const other of ["&filter=active%20eq%20true", "&sortBy=id", "&attributes=id"]) {
      const { status, body } = await api.ask("GET", `${users}?cursor=${textOf(nextCursor)}${other}`);
      expect([status, body["scimType"]]).toEqual([400, "invalidCursor"]);
    }
    const groups = await api.ask("GET", `${base}/Groups?cursor=${textOf(nextCursor)}`);
    expect([groups.status, groups.body["scimType"]]).toEqual([400, "invalidCursor"]);
  });

  test("R52: a cursor ends after an hour, and a wrong count is named", async () => {
    const { nextCursor } = await get(`${users}?cursor=&count=10`);
    const count = await api.ask("GET", `${users}?cursor=&count=ten`);
    expect([count.status, count.body["scimType"]]).toEqual([400, "invalidCount"]);
    await api.provisioning.clock.sleep(3_600_000);
    const late = await api.ask("GET", `${users}?cursor=${textOf(nextCursor)}&count=10`);
    expect([late.status, late.body["scimType"]]).toEqual([400, "expiredCursor"]);
  });

  test("R56: a cursor without a token is nothing", async () => {
    const { nextCursor } = await get(`${users}?cursor=&count=10`);
    const target = `${users}?cursor=${textOf(nextCursor)}&count=10`;
    expect((await api.ask("GET", target, { headers: { authorization: "" } })).status).toBe(401);
  });

  test("R57: .search takes cursor and count in its body", async () => {
    const body = { schemas: [searchSchema], cursor: "", count: 7, attributes: ["userName"] };
    const first = await api.ask("POST", `${users}/.search`, { body });
    const second = await api.ask("POST", `${users}/.search`, { body: { ...body, cursor: first.body["nextCursor"] } });
    expect([first.body["itemsPerPage"], second.body["itemsPerPage"]]).toEqual([7, 7]);
    expect(new Set([...idsOf(first.body), ...idsOf(second.body)]).size).toBe(14);
  });

  test("R42: count=0 gives the total, and a cursor that begins where it stood", async () => {
    const none = await get(`${users}?cursor=&count=0`);
    expect(none).not.toHaveProperty("Resources");
    const from = await get(`${users}?cursor=${textOf(none["nextCursor"])}&count=5`);
    expect(idsOf(from)).toEqual(idsOf(await get(`${users}?count=5`)));
  });
});

describe("index paging (RFC 7644 3.4.2.4)", () => {
  test.each([
    ["a list", `${users}?count=60`],
    ["a filter", `${users}?count=60&filter=userName%20sw%20%22user-%22`],
    ["a sorted list", `${users}?count=60&sortBy=userName`],
  ])("R43, R44, R45: %s: every page once, the true total, and nothing beyond the end", async (_what, query) => {
    const ids: string[] = [];
    const { totalResults } = await get(query);
    for (let startIndex = 1; startIndex <= Number(totalResults); startIndex += 60) {
      const page = await get(`${query}&startIndex=${startIndex}`);
      expect(page).toMatchObject({ totalResults, startIndex });
      ids.push(...idsOf(page));
    }
    expect(ids).toHaveLength(Number(totalResults));
    expectAllOnce(ids);
    const beyond = await get(`${query}&startIndex=${Number(totalResults) + 1}`);
    expect(beyond).toMatchObject({ totalResults, itemsPerPage: 0 });
  });

  test("R44: a list by index with bookmarks gives everybody once while others come and go", async () => {
    const ids: string[] = [];
    // As a client does: page by page until the total that the last answer gave.
    for (let startIndex = 1, total = 1; startIndex <= total && startIndex < 1_000; startIndex += 40) {
      const page = await get(`${users}?count=40&startIndex=${startIndex}`);
      total = Number(page["totalResults"]);
      ids.push(...idsOf(page));
      if (startIndex + 40 <= total) await others();
    }
    expect(ids.length).toBeGreaterThanOrEqual(size);
    expectAllOnce(ids);
  });

  test.each(["", "&filter=active%20eq%20true", "&sortBy=userName"])(
    "R42: count=0%s gives only the total",
    async (more) => {
      const none = await get(`${users}?count=0${more}`);
      expect(Number(none["totalResults"])).toBeGreaterThanOrEqual(size);
      expect(none).not.toHaveProperty("Resources");
    },
  );
});

describe("sorting (RFC 7644 3.4.2.3)", () => {
  test("R41: over the whole result, case ignored, missing last; and first downwards", async () => {
    const up = (await walk(`${users}?count=90&sortBy=title`)).flatMap(resourcesOf);
    const titles = up.map(({ title }) => (title === undefined ? undefined : textOf(title).toLowerCase()));
    const filled = titles.filter((title) => title !== undefined);
    expect(titles.slice(0, filled.length)).toEqual(filled.toSorted());
    expect(titles.slice(filled.length).every((title) => title === undefined)).toBe(true);
    const down = await get(`${users}?count=1&sortBy=title&sortOrder=descending`);
    expect(resourcesOf(down)[0]).not.toHaveProperty("title");
  });

  test("R41, R46: more than can be sorted is 400 tooMany, which names the cure", async () => {
    queryMs = 3_000;
    try {
      const { status, body } = await api.ask("GET", `${users}?sortBy=title`);
      expect([status, body["scimType"]]).toEqual([400, "tooMany"]);
      expect(body["detail"]).toContain('leave "sortBy" out');
    } finally {
      queryMs = 0;
    }
  });

  test("R41: an attribute that there is not is 400", async () => {
    expect((await api.ask("GET", `${users}?sortBy=colour`)).body["scimType"]).toBe("invalidValue");
  });
});

describe("search over all types (RFC 7644 3.4.2.1, 3.4.3)", () => {
  const search = async (asked: object) =>
    await api.ask("POST", `${base}/.search`, { body: { schemas: [searchSchema], ...asked } });

  test("R47: finds resources of each type, 200", async () => {
    const filter = 'displayName eq "everybody" or userName eq "USER-0005@example.com"';
    const { status, body } = await search({ filter });
    expect(status).toBe(200);
    const types = resourcesOf(body).map(({ meta }) => (meta as JsonObject)["resourceType"]);
    expect([body["totalResults"], types]).toEqual([2, ["User", "Group"]]);
  });

  test.each<[string, number]>([
    ['meta.resourceType eq "Group"', 1],
    ['userName eq "user-0001@example.com"', 1],
    ["members pr", 1],
    ["not (userName pr) and displayName pr", 1],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "Everybody"', 1],
    ['userName eq "nobody"', 0],
  ])("R47: what a type does not have is without a value there: %s", async (filter, total) => {
    expect((await search({ filter })).body["totalResults"]).toBe(total);
  });

  test("R39: an attribute that no type has is 400 invalidFilter", async () => {
    expect((await search({ filter: 'colour eq "red"' })).body["scimType"]).toBe("invalidFilter");
  });

  test("R25, R47: attributes at any depth, each type by its own schema", async () => {
    const { body } = await search({ filter: 'displayName eq "Everybody"', attributes: ["members.value", "userName"] });
    const [group] = resourcesOf(body);
    expect(Object.keys(group ?? {}).toSorted()).toEqual(["id", "members", "schemas"]);
    expect(JSON.stringify(group)).not.toContain("$ref");
    const without = await search({
      filter: 'displayName eq "Everybody"',
      excludedAttributes: ["members", "meta.version"],
    });
    expect(resourcesOf(without.body)[0]).not.toHaveProperty("members");
  });

  test.each(["count=0", "count=5", "count=5&startIndex=250", "count=3&sortBy=displayName"])(
    "R48: GET / gives what .search gives: %s",
    async (query) => {
      const posted = await search(Object.fromEntries(new URLSearchParams(query)));
      expect(await get(`${base}/?${query}`)).toEqual(posted.body);
      expect(Number(posted.body["totalResults"])).toBeGreaterThan(size);
    },
  );

  test("R49: a walk by cursor goes through all types", async () => {
    const ids = (await walk(`${base}/?count=90`, others)).flatMap(idsOf);
    expectAllOnce(ids);
    expect(ids.length).toBeGreaterThan(size);
  });

  test("R46: beyond the bound 400 tooMany", async () => {
    queryMs = 3_000;
    try {
      const { status, body } = await api.ask("GET", `${base}/?startIndex=2&count=200`);
      expect([status, body["scimType"]]).toEqual([400, "tooMany"]);
    } finally {
      queryMs = 0;
    }
  });
});
