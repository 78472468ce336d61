/** What an operator asks reads the same handful of items, however many users wait; where it is cut, it says so. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUserName, seedNumber } from "../../bench/seeding/people.ts";
import { seedUsers } from "../../bench/seeding/users.ts";
import { watchConnection } from "../../lib/ops/connect/watch.ts";
import { causesOf } from "../../lib/ops/dlq/causes.ts";
import { type FailedChange, failedChanges } from "../../lib/ops/dlq/failed-changes.ts";
import { doctor } from "../../lib/ops/doctor/doctor.ts";
import { explain } from "../../lib/ops/explain/explain.ts";
import type { Operations } from "../../lib/ops/operations.ts";
import { createToken } from "../../lib/ops/tokens.ts";
import { acme } from "../local/served.ts";
import { countedReads, type Reads } from "../provisioning/counted-reads.ts";
import { type TestStore, testStore } from "./store.ts";

interface Counted {
  readonly store: TestStore;
  readonly operations: Operations;
  readonly readsOf: (work: () => Promise<unknown>) => Promise<Reads>;
}

/** Both more than the sixteen shards of the index have each. */
const [few, many] = [60, 6_000];
/** Of a shard the doctor reads 200 rows of what is due, and 300 of their heads. */
const rowsMost = 16 * 200 + 300;
let small: Counted;
let large: Counted;

async function counted(waiting: number): Promise<Counted> {
  const store = testStore(acme);
  await seedUsers({ db: store.db, tenant: acme, users: waiting, applied: false });
  const { table, readsOf } = countedReads(store.operations.table);
  return { store, operations: { ...store.operations, table }, readsOf };
}

beforeAll(async () => {
  [small, large] = [await counted(few), await counted(many)];
});
afterAll(() => {
  small.store.close();
  large.store.close();
});

describe("with thousands who wait for the worker", () => {
  test("doctor makes no more reads than with sixty, reads no more than it needs, and says that there are more", async () => {
    const [less, more] = [
      await small.readsOf(async () => await doctor(small.operations)),
      await large.readsOf(async () => {
        const { checks } = await doctor(large.operations);
        expect(checks.find(({ name }) => name === "pending")?.summary).toContain("3,200 changes or more wait");
      }),
    ];
    expect(more.calls).toBeLessThanOrEqual(less.calls);
    // And a sample for the mapping, and what is one item each.
    expect(more.items).toBeLessThanOrEqual(rowsMost + 200);
  });

  test("explain of one of them makes as many reads as with sixty", async () => {
    const word = seedUserName(seedNumber(few - 1));
    const [less, more] = [
      await small.readsOf(async () => await explain(small.operations, word)),
      await large.readsOf(async () => await explain(large.operations, word)),
    ];
    expect(more.calls).toBe(less.calls);
    // How many wait before it is counted up to 64 of a shard.
    expect(more.items).toBeLessThanOrEqual(16 * 64 + 50);
  });

  test("dlq ls reads what is parked, and nobody else", async () => {
    for (const { readsOf, operations } of [small, large])
      expect(await readsOf(async () => await failedChanges(operations, []))).toEqual({ calls: 17, items: 0 });
  });

  test("connect looks at the token and the latest refusals alone", async () => {
    const reads: Reads[] = [];
    for (const { readsOf, operations } of [small, large]) {
      const { id } = await createToken(operations, { label: "connect" });
      const signal = AbortSignal.abort();
      reads.push(
        await readsOf(async () => {
          for await (const _ of watchConnection(operations, id, { since: 0, signal }));
        }),
      );
    }
    expect(reads[1]).toEqual(reads[0]);
  });
});

describe("dlq ls beyond what it reads at once", () => {
  const parked = (shard: string, count: number): FailedChange[] =>
    Array.from({ length: count }, (_, n) => {
      const id = `${shard}${n}`;
      const change = { key: `User/${id}`, type: "User", id, cause: "throttled", since: 1, lanes: [], letters: [] };
      return { ...change, status: "parked" as const };
    });

  test("says that there may be more", () => {
    expect(causesOf([...parked("a", 10_000), ...parked("b", 5)]).total).toMatchObject({ count: 10_005, isMore: true });
    expect(causesOf([...parked("a", 9_999), ...parked("b", 9_999)]).total).not.toHaveProperty("isMore");
  });
});
