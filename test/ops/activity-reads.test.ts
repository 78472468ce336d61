/** A page of the activity reads as much among thirty users as among three thousand, who all came within one millisecond. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedNumber, seedUserName } from "../../bench/seeding/people.ts";
import { seedUsers } from "../../bench/seeding/users.ts";
import { activity, type ActivityOptions } from "../../lib/ops/activity/activity.ts";
import { acme } from "../local/served.ts";
import { countedReads, type Reads } from "../provisioning/counted-reads.ts";
import { type TestStore, testStore } from "./store.ts";

const users = [30, 3_000];
const stores: TestStore[] = [];

beforeAll(async () => {
  for (const count of users) {
    const store = testStore(acme);
    stores.push(store);
    await seedUsers({ db: store.db, tenant: acme, users: count });
  }
});
afterAll(() => stores.forEach((store) => store.close()));

async function readsOf(asked: Partial<ActivityOptions>, pages = 1): Promise<Reads[]> {
  const all: Reads[] = [];
  for (const { operations } of stores) {
    const { table, readsOf: counted } = countedReads(operations.table);
    let after: string | undefined;
    for (let n = 0; n < pages; n += 1) {
      const reads = await counted(async () => {
        const page = await activity(
          { ...operations, table },
          { most: 20, ...asked, ...(after !== undefined && { after }) },
        );
        after = page.next;
      });
      if (n === pages - 1) all.push(reads);
    }
  }
  return all;
}

test("a page, at the end of few as of many", async () => {
  for (const { calls, items } of await readsOf({})) {
    // Four keys, of which one is read on twice; refusals, tokens, log items, heads.
    expect(calls).toBeLessThanOrEqual(4 + 2 + 4);
    expect(items).toBeLessThanOrEqual(6 * 11 + 2 * 21);
  }
});

test("the next page, and the fiftieth", async () => {
  const [, second] = await readsOf({}, 2);
  const [, fiftieth] = await readsOf({}, 50);
  expect(fiftieth?.calls).toBeLessThanOrEqual((second?.calls ?? 0) + 2);
});

test("one of them reads one log", async () => {
  const [less, more] = await readsOf({ who: seedUserName(seedNumber(7)) });
  expect(more).toEqual(less);
  expect(more?.items).toBeLessThanOrEqual(8);
});

test("who looks for what there is not is told how far back it was looked, after a thousand", async () => {
  const [, more] = await readsOf({ kinds: ["deleted"] });
  // As many rows of the index and log items, and what was read ahead of each key.
  expect(more?.items).toBeLessThanOrEqual(2 * 1_000 + 5 * 125);
  const page = stores[1] && (await activity(stores[1].operations, { most: 20, kinds: ["deleted"] }));
  expect(page).toEqual({ rows: [], next: expect.any(String), lookedBackTo: expect.any(Number) });
});
