/** What a search reads does not grow with the directory: counted, in a small store and in one a hundred times as large. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedGroups } from "../../bench/seeding/groups.ts";
import { seedExternalId, seedNumber, seedUserName } from "../../bench/seeding/people.ts";
import { seededId, seedUsers } from "../../bench/seeding/users.ts";
import type { Item, Table } from "../../lib/provisioning/ports.ts";
import { search, type Search, type SearchResult, searchTypes } from "../../lib/provisioning/search.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import { deleteResource } from "../../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { acme } from "../local/served.ts";
import { type TestStore, testStore } from "../ops/store.ts";
import { countedReads, type Reads } from "./counted-reads.ts";

interface Counted {
  readonly store: TestStore;
  readonly p: Provisioning;
  readonly readsOf: (work: () => Promise<unknown>) => Promise<Reads>;
}

const [few, many] = [30, 3_000];
let small: Counted;
let large: Counted;

async function counted(users: number): Promise<Counted> {
  const store = testStore(acme);
  await seedUsers({ db: store.db, tenant: acme, users });
  const { table, readsOf } = countedReads(store.operations.table);
  return { store, p: { ...store.operations, table }, readsOf };
}

beforeAll(async () => {
  [small, large] = [await counted(few), await counted(many)];
  await seedGroups({ db: large.store.db, tenant: acme, groups: 5, members: 2, users: many });
});
afterAll(() => {
  small.store.close();
  large.store.close();
});

const wanted = { members: false, groups: false };

async function asked({ p }: Pick<Counted, "p">, more: Partial<Search>): Promise<SearchResult> {
  return await search(p, userType, { startIndex: 1, count: 10, ...more }, wanted);
}

const idsOf = ({ states }: SearchResult) => states.map(({ id }) => id);

describe("a look-up reads the same among thirty and among thousands", () => {
  const number = seedNumber(7);
  const [userName, externalId] = [seedUserName(number), seedExternalId(number)];
  const idOf = async ({ store }: Counted) => (await seededId(store.operations.table, 7)) ?? "";

  test.each<[string, (c: Counted) => Promise<string>, number]>([
    ["id", async (c) => `id eq "${await idOf(c)}"`, 1],
    ["userName", async () => `userName eq "${userName.toUpperCase()}"`, 1],
    ["externalId", async () => `externalId eq "${externalId}"`, 1],
    ["emails.value", async () => `emails.value eq "${userName}"`, 1],
    ["a value path", async () => `emails[type eq "work" and value eq "${userName}"]`, 1],
    ["two attributes, one of them indexed", async () => `title eq "Engineer" and userName eq "${userName}"`, 1],
    ["two indexed attributes", async () => `externalId eq "${externalId}" and userName eq "${userName}"`, 1],
    ["somebody who is not there", async () => 'userName eq "nobody@contoso.example"', 0],
    ["an externalId that nobody has", async () => 'externalId eq "nobody"', 0],
  ])("%s", async (_, filterOf, found) => {
    const reads: Reads[] = [];
    for (const c of [small, large]) {
      const filter = await filterOf(c);
      reads.push(
        await c.readsOf(async () => {
          expect(idsOf(await asked(c, { filter }))).toEqual(found === 0 ? [] : [await idOf(c)]);
        }),
      );
    }
    expect(reads[1]).toEqual(reads[0]);
    expect(reads[0]?.calls).toBeLessThanOrEqual(2);
  });
});

describe("a page reads the same wherever it stands", () => {
  const count = 50;
  /** What its shard has no more of comes from the next one, by one query more. */
  const most = ({ calls, items }: Reads) => ({ calls: calls + 2, items: items + 102 });
  const withinOf = (reads: Reads, first: Reads) =>
    reads.calls <= most(first).calls && reads.items <= most(first).items ? "as much" : reads;

  test("by index, page by page: the page before has left a bookmark", async () => {
    const first = await large.readsOf(async () => await asked(large, { count }));
    for (let startIndex = 1 + count; startIndex < many; startIndex += count) {
      const reads = await large.readsOf(async () => await asked(large, { startIndex, count }));
      expect(withinOf(reads, first)).toBe("as much");
    }
  });

  test("by cursor", async () => {
    const pages: Reads[] = [];
    const page = async (walk: Search["walk"]): Promise<SearchResult["next"]> => {
      let next: SearchResult["next"];
      const reads = await large.readsOf(async () => {
        ({ next } = await asked(large, { count, walk: walk ?? {} }));
      });
      pages.push(reads);
      return next;
    };
    for (let next = await page({}); next !== undefined && next !== "start";) next = await page({ from: next });
    expect(pages).toHaveLength(many / count);
    const [first = { calls: 0, items: 0 }] = pages;
    expect(pages.map((reads) => withinOf(reads, first))).toEqual(pages.map(() => "as much"));
  });

  test("by a jump to where no bookmark is: what stands before is counted, not read", async () => {
    const first = await large.readsOf(async () => await asked(large, { count }));
    for (const startIndex of [604, 1_707, 2_911]) {
      const reads = await large.readsOf(async () => await asked(large, { startIndex, count }));
      expect(withinOf(reads, first)).toBe("as much");
    }
  });

  test("the total is read from the counts, of which there are at most 256", async () => {
    const { calls, items } = await large.readsOf(async () => {
      expect(await asked(large, { count: 0 })).toMatchObject({ totalResults: many });
    });
    expect([calls, items <= 256]).toEqual([1, true]);
  });
});

describe("a jump by index (R43, R44)", () => {
  test("gives what a walk gives, also after deletions, and over several types", async () => {
    const c = await counted(400);
    await seedGroups({ db: c.store.db, tenant: acme, groups: 30, members: 1, users: 400 });
    for (let n = 0; n < 400; n += 9) {
      const id = (await seededId(c.p.table, n)) ?? "";
      await deleteResource(c.p, userType, id, { caller: { requestId: `delete-${n}`, tokenId: "test" } });
    }
    const types = [userType, groupType];
    const page = async (startIndex: number, count: number) =>
      idsOf(await searchTypes(c.p, types, { startIndex, count }, () => wanted));
    const all = await page(1, 1_000);
    expect(all).toHaveLength(400 - 45 + 30);
    const users = idsOf(await asked(c, { count: 1_000 }));
    expect(users).toEqual(all.slice(0, 355));
    for (let startIndex = 1; startIndex <= all.length; startIndex += 7) {
      expect(await page(startIndex, 5)).toEqual(all.slice(startIndex - 1, startIndex + 4));
      expect(idsOf(await asked(c, { startIndex, count: 5 }))).toEqual(users.slice(startIndex - 1, startIndex + 4));
    }
    // Of before counts were kept by place: it says nothing about where somebody stands, so the jump has to walk.
    await c.p.table.write({
      kind: "put",
      key: { table: "scim", pk: "Count#User", sk: "17" },
      attributes: { count: 0 },
    });
    expect(idsOf(await asked(c, { startIndex: 301, count: 3 }))).toEqual(users.slice(300, 303));
    c.store.close();
  });
});

describe("in a directory without an end (R46, R53)", () => {
  const bound = 20_000;
  const perPage = 1_000;
  /** A scan reads so many partitions at once, each a page ahead (list-heads.ts). */
  const pagesAhead = 4;

  /** As many users as are asked for, as long as anybody reads. */
  function endless(): Counted {
    const store = testStore(acme);
    const table: Table = {
      ...store.operations.table,
      query: async (range) => {
        if (!/^User#[0-9a-f]$/.test(range.pk)) return await store.operations.table.query(range);
        const first = range.after === undefined ? 0 : Number.parseInt(range.after.slice(-12), 16) + 1;
        const items = Array.from({ length: Math.min(range.limit ?? perPage, perPage) }, (_, n) =>
          head(range.pk, first + n),
        );
        return { items, next: items.at(-1)?.sk ?? "" };
      },
    };
    const { table: watched, readsOf } = countedReads(table);
    // The other bound of a scan is time, which a busy machine may reach first.
    const { clock } = store.operations;
    const now = clock.now();
    return { store, p: { ...store.operations, table: watched, clock: { ...clock, now: () => now } }, readsOf };
  }

  function head(pk: string, n: number): Item {
    const sk = `${pk.slice(-1)}0000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
    const resource = JSON.stringify({ userName: `u${n}`, active: true });
    return { pk, sk, attributes: { version: 1, applied: 1, state: "live", resource, created: 0, modified: 0 } };
  }

  test.each<[string, Partial<Search>]>([
    ["a filter without an index", { filter: 'title co "x"' }],
    ["a filter without an index, counted", { filter: 'title co "x"', count: 0 }],
    ["a sort", { sortBy: "userName" }],
    ["a jump that no count shortens", { startIndex: 900_001 }],
  ])("%s ends with tooMany when it has looked at 20,000", async (_, more) => {
    const c = endless();
    // Of before counts were kept by place.
    await c.p.table.write({
      kind: "put",
      key: { table: "scim", pk: "Count#User", sk: "3" },
      attributes: { count: 1_000_000 },
    });
    const { items } = await c.readsOf(async () => {
      await expect(asked(c, more)).rejects.toMatchObject({ status: 400, scimType: "tooMany" });
    });
    expect(items).toBeGreaterThan(bound);
    expect(items).toBeLessThanOrEqual(bound + pagesAhead * perPage + 1);
    c.store.close();
  });

  test("a walk by cursor ends its page there, and the next page goes on behind it", async () => {
    const c = endless();
    const walk = async (from: SearchResult["next"]) =>
      await asked(c, {
        filter: 'title co "x"',
        walk: from === undefined || from === "start" ? {} : { from },
      });
    let next: SearchResult["next"];
    const { items } = await c.readsOf(async () => {
      const page = await walk(undefined);
      ({ next } = page);
      expect(page.states).toEqual([]);
    });
    expect(items).toBeLessThanOrEqual(bound + pagesAhead * perPage);
    const second = await walk(next);
    expect(second.next).toMatchObject({ type: "User" });
    expect(JSON.stringify(second.next) > JSON.stringify(next)).toBe(true);
    c.store.close();
  });
});
