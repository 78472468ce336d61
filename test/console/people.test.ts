/** People and Groups: who is there in each state, page by page, whatever they are called. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { seedUsers } from "../../bench/seeding/users.ts";
import { giveUp } from "../../lib/provisioning/given-up.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { createResource } from "../../lib/provisioning/write-resource.ts";
import { countedReads, type Reads } from "../provisioning/counted-reads.ts";
import { customTenantFile } from "../provisioning/custom-tenant.ts";
import { parkingTenant, type TestStore, testStore } from "../ops/store.ts";
import { openPages, type Pages } from "./pages.ts";

let store: TestStore;
let pages: Pages;

beforeEach(async () => {
  store = testStore();
  pages = await openPages(store.operations);
});

afterEach(async () => {
  await pages.close();
  store.close();
});

const create = async (userName: string, more: object = {}) =>
  await store.createUser({ userName, emails: [{ value: "somebody@example.com" }], ...more });

/** The ids of the rows, in their order. */
const rowsOf = (html: string) => [...html.matchAll(/data-href="\/(?:people|groups)\/([^"]+)"/g)].map(([, id]) => id);
/** A row as text. */
const rowText = (html: string, id: string) =>
  (html.split("<tr").find((row) => row.includes(`data-href="/people/${id}"`)) ?? "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
const nextOf = (html: string) => /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&");

test("display names are values: a list, and a group's members, have them once they are asked for", async () => {
  const ada = await create("ada", { displayName: "Ada Lovelace" });
  const group = await store.createGroup("Engineers", [ada]);
  await store.work();
  const addresses = ["/people", `/groups/${group}`];
  for (const address of addresses) expect(await pages.get(address)).not.toContain("Lovelace");
  await pages.post("/values", { show: "yes", back: "/people" });
  for (const address of addresses) expect(await pages.get(address)).toContain("Ada Lovelace");
});

describe("a list has those in a state, and says what the state is", () => {
  const states: Record<string, { bring: () => Promise<string>; says: string }> = {
    waiting: { bring: async () => await create("ada"), says: "active pending" },
    parked: {
      bring: async () => {
        const id = await store.createUser({ userName: "ada" });
        await store.work();
        return id;
      },
      says: "active parked mapping-required-missing",
    },
    "given-up": {
      bring: async () => {
        const id = await store.createUser({ userName: "ada" });
        await store.work();
        const head = await readHead(store.operations.table, "User", id);
        if (head !== undefined) await giveUp(store.operations, head, "as a test wants it");
        return id;
      },
      says: "active given up mapping-required-missing",
    },
    left: {
      bring: async () => {
        const id = await create("ada");
        await store.work();
        await store.patchUser(id, { active: false });
        await store.work();
        return id;
      },
      says: "inactive applied",
    },
  };

  test.each(Object.entries(states))("%s", async (state, { bring, says }) => {
    await create("other");
    await store.work();
    const id = await bring();
    const html = await pages.get(`/people?state=${state}`);
    expect(rowsOf(html)).toEqual([id]);
    expect(rowText(html, id)).toContain(says);
    expect(html).toMatch(state === "left" ? /<th[^>]*>Left</ : /<th[^>]*>Since</);
    expect(html).toContain(`npx rollcall ls users --state ${state} --local`);
    expect(rowsOf(await pages.get("/people"))).toHaveLength(2);
  });

  test.each([
    ["/people", "No users yet"],
    ["/people?state=waiting", "No users wait"],
    ["/people?state=parked", "No users are parked"],
    ["/people?state=given-up", "No users were given up"],
    ["/people?state=left", "No users have left"],
    ["/groups", "No groups yet"],
    ["/groups?state=parked", "No groups are parked"],
    ["/people?after=ffffffff", "That was all"],
  ])("%s of an empty directory says what that means", async (path, says) => {
    expect(await pages.get(path)).toContain(says);
  });

  test("the counts of all states stand on each page", async () => {
    await create("ada");
    await store.createUser({ userName: "bob" });
    const text = (await pages.get("/people?state=parked")).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
    expect(text).toContain("All 2 Waiting 2 Parked 0 Given up 0 Left");
  });
});

describe("paging", () => {
  test("gives each once while others are added, by addresses that the back button knows", async () => {
    const known: string[] = [];
    for (let n = 0; n < 120; n += 1) known.push(await create(`u${n}`));
    const seen: string[] = [];
    let came = 0;
    for (let path: string | undefined = "/people"; path !== undefined; came += 1) {
      const html = await pages.get(path);
      seen.push(...rowsOf(html).filter((id) => id !== undefined));
      path = nextOf(html);
      await create(`late${came}`);
    }
    expect(came).toBe(3);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(known));
  });

  test("a place that is none is told in a sentence", async () => {
    expect(await pages.get("/people?state=parked&after=x", 400)).toContain("is no place in this list");
  });
});

describe("searching", () => {
  test.each([
    ["ADA@example.com", "userName"],
    ["somebody@example.com", "e-mail"],
    ["e-1", "externalId"],
  ])("%s finds somebody by the %s", async (word) => {
    const id = await create("ada@example.com", { externalId: "e-1" });
    const html = await pages.get(`/people?q=${encodeURIComponent(word)}`);
    expect(rowsOf(html)).toEqual([id]);
    expect(html).toContain(`npx rollcall show ${id} --local`);
  });

  test("a group is found among the people, and says that it is one", async () => {
    const group = await store.createGroup("Sales");
    await create("Sales");
    const html = await pages.get("/people?q=sales");
    expect(html).toContain(`href="/groups/${group}"`);
    expect(rowsOf(html)).toHaveLength(2);
    expect(html).toContain(">Type</th>");
  });

  test("nobody of the name leads to why", async () => {
    const html = await pages.get("/people?q=nobody%26co");
    expect(html).toContain("Nobody is called &quot;nobody&amp;co&quot;");
    expect(html).toContain('href="/why?who=nobody%26co"');
  });
});

describe("whoever is called", () => {
  test.each([
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ['"><img src=x onerror=alert(1)>', "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"],
    ["ليلى الأحمد", "ليلى الأحمد"],
    ["x".repeat(200), "x".repeat(200)],
  ])("%s is shown as a text, apart from the text around it", async (userName, shown) => {
    const id = await create(userName);
    for (const path of ["/people", `/people?q=${encodeURIComponent(userName)}`]) {
      const html = await pages.get(path);
      expect(rowsOf(html)).toEqual([id]);
      expect(html).toContain(`<bdi class="name" title="${shown}">${shown}</bdi>`);
      expect(html).not.toMatch(/<script>alert|<img/);
    }
  });
});

describe("types of the tenant's own", () => {
  test("have lists of their own beside the users", async () => {
    const file = customTenantFile() as object;
    const other = testStore(readTenantFile("acme", file));
    const opened = await openPages(other.operations, file);
    const [, , device] = other.operations.tenant.types;
    if (device === undefined) throw new Error("no devices");
    const caller = { requestId: "request", tokenId: "test" };
    const { state } = await createResource(other.operations, device, { serialNumber: "s-1" }, { caller });
    const html = await opened.get("/people?type=devices");
    expect(rowsOf(html)).toEqual([state.id]);
    expect(html).toContain("npx rollcall ls devices --local");
    expect(html).toContain('href="/people?type=devices&amp;state=parked"');
    expect(rowsOf(await opened.get("/people"))).toEqual([]);
    await opened.close();
    other.close();
  });

  test("the groups among them have a page of their own", async () => {
    const { headers } = await pages.raw("/people?type=Group", { headers: { cookie: pages.cookie } });
    expect(headers.get("location")).toBe("/groups");
  });

  test("one that there is not is told with those there are", async () => {
    expect(await pages.get("/people?type=robots", 400)).toContain("there are users, groups");
  });
});

test("a page of many users reads no more than a page of few", async () => {
  const reads: Reads[] = [];
  for (const users of [100, 5_000]) {
    const one = testStore(parkingTenant);
    await seedUsers({ db: one.db, tenant: parkingTenant, users });
    const { table, readsOf } = countedReads(one.operations.table);
    const opened = await openPages({ ...one.operations, table });
    reads.push(await readsOf(async () => await opened.get("/people")));
    await opened.close();
    one.close();
  }
  expect(Math.max(...reads.map(({ calls }) => calls))).toBeLessThanOrEqual(16 + 1 + 52);
  expect(Math.max(...reads.map(({ items }) => items))).toBeLessThanOrEqual(256 + 2 * 52);
});
