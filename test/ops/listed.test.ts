/** Lists of users and groups: whole, without doubles, and in constant reads, whatever happens while they are read. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUsers } from "../../bench/seeding/users.ts";
import { countListed, type ListedState, listedStates, listResources } from "../../lib/ops/listed/list-resources.ts";
import type { Listed } from "../../lib/ops/listed/listed.ts";
import { typeCalled } from "../../lib/ops/listed/type-called.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { giveUp } from "../../lib/provisioning/given-up.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { acme } from "../local/served.ts";
import { countedReads, type Reads } from "../provisioning/counted-reads.ts";
import { type TestStore, testStore } from "./store.ts";

let store: TestStore;
beforeEach(() => {
  store = testStore(acme);
});
afterEach(() => store.close());

/** `between`: what happens after each page. */
async function all(
  state: ListedState,
  { most = 3, type = userType, between = async () => {} }: Partial<Paging> = {},
): Promise<Listed[]> {
  const rows: Listed[] = [];
  let after: string | undefined;
  do {
    const page = await listResources(store.operations, type, { state, most, ...(after !== undefined && { after }) });
    expect(page.rows.length).toBeLessThanOrEqual(most);
    rows.push(...page.rows);
    after = page.next;
    await between();
  } while (after !== undefined);
  return rows;
}

interface Paging {
  readonly most: number;
  readonly type: typeof userType;
  readonly between: () => Promise<void>;
}

const ids = (rows: readonly Listed[]) => rows.map(({ id }) => id);
const user = async (name: string) => await store.createUser({ userName: `${name}@example.com` });
const users = async (count: number) =>
  await Promise.all(Array.from({ length: count }, async (_, n) => await user(`u${n}`)));
const giveUpNow = async (id: string) => {
  const head = await readHead(store.operations.table, "User", id);
  if (head !== undefined) await giveUp(store.operations, head, "as a test wants it");
};

/** Each brings somebody into a state; the id. */
const brought: Record<Exclude<ListedState, "all">, () => Promise<string>> = {
  waiting: async () => await user("waiting"),
  parked: async () => {
    const id = await user("parked");
    store.parkHead("User", id);
    return id;
  },
  "given-up": async () => {
    const id = await user("given");
    store.parkHead("User", id);
    await giveUpNow(id);
    return id;
  },
  left: async () => {
    const id = await user("left");
    await store.work();
    await store.patchUser(id, { active: false });
    await store.work();
    return id;
  },
};

describe("a list of users", () => {
  test("says of each who it is, and how far what was said has come", async () => {
    const id = await store.createUser({ userName: "ada@example.com", displayName: "Ada", externalId: "e-1" });
    expect(await all("all")).toEqual([
      {
        type: "User",
        id,
        name: "ada@example.com",
        displayName: "Ada",
        externalId: "e-1",
        state: "active",
        status: "pending",
        since: expect.any(Number),
        lastModified: expect.any(Number),
      },
    ]);
    await store.work();
    const [applied] = await all("all");
    expect(applied).toMatchObject({ status: "applied" });
    expect(applied).not.toHaveProperty("since");
  });

  test.each(Object.entries(brought))("%s has those who are in it, and nobody else", async (state, bring) => {
    const others: string[] = [];
    for (const [name, other] of Object.entries(brought)) if (name !== state) others.push(await other());
    const id = await bring();
    const listed = ids(await all(state as ListedState));
    expect(listed).toContain(id);
    // Those who wait are worked off when the leaver of the table is.
    expect(listed.filter((one) => others.includes(one))).toEqual([]);
  });

  test("what is parked is told with its code, and a deletion with what is left of it", async () => {
    await brought.parked();
    expect(await all("parked")).toMatchObject([{ status: "parked", code: "throttled", since: expect.any(Number) }]);
    const id = await user("gone");
    await store.work();
    await store.deleteUser(id);
    await store.work();
    expect(ids(await all("all"))).not.toContain(id);
    const [left] = await all("left");
    expect(left).toMatchObject({ id, state: "deleted", leftAt: expect.any(Number) });
    expect(left).not.toHaveProperty("name");
  });

  test("whoever came back has not left; whoever left twice is told once", async () => {
    const id = await brought.left();
    await store.patchUser(id, { active: true });
    await store.work();
    expect(await all("left")).toEqual([]);
    store.pass(5_000);
    await store.patchUser(id, { active: false });
    await store.work();
    expect(ids(await all("left"))).toEqual([id]);
  });

  test("is filled with users although groups wait among them", async () => {
    for (let n = 0; n < 12; n += 1) await store.createGroup(`Group ${n}`);
    await users(4);
    const { rows } = await listResources(store.operations, userType, { state: "waiting", most: 4 });
    expect(rows).toHaveLength(4);
  });

  test("has groups and users apart, also of those who wait", async () => {
    const [ada, group] = [await user("ada"), await store.createGroup("Sales")];
    for (const state of ["all", "waiting"] as const) {
      expect(ids(await all(state))).toEqual([ada]);
      expect(ids(await all(state, { type: groupType }))).toEqual([group]);
    }
  });
});

describe("paging", () => {
  test("gives each once, in one order, while others come and go", async () => {
    const known = await users(40);
    let came = 0;
    const between = async () => {
      came += 1;
      await user(`late${came}`);
      // One who was seen, and goes on at once.
      if (came === 2) await store.deleteUser(known.toSorted()[0] ?? "");
    };
    const seen = ids(await all("all", { between }));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(known));
    expect(seen).toEqual(seen.toSorted());
  });

  test.each(["waiting", "parked", "given-up"] as const)(
    "gives each of those %s once, while others come",
    async (state) => {
      const known = await users(20);
      if (state !== "waiting") for (const id of known) store.parkHead("User", id);
      if (state === "given-up") for (const id of known) await giveUpNow(id);
      let came = 0;
      const between = async () => {
        came += 1;
        await user(`late${came}`);
      };
      const seen = ids(await all(state, { between, most: 2 }));
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(known));
    },
  );

  test("gives those who left once, the last one first", async () => {
    const known = await users(8);
    await store.work();
    for (const id of known) {
      store.pass(1_000);
      await store.patchUser(id, { active: false });
    }
    await store.work();
    expect(ids(await all("left"))).toEqual(known.toReversed());
  });

  test("of many who were deleted a page looks past a thousand, and goes on from there", async () => {
    const known = await users(3);
    const [first = ""] = known.toSorted();
    const row = store.db.prepare("SELECT pk, attributes FROM item WHERE tbl = 'scim' AND sk = ?").get(first);
    const gone = JSON.stringify({ ...JSON.parse(String(row?.["attributes"])), state: "deleted", resource: "{}" });
    const insert = store.db.prepare("INSERT INTO item (tbl, pk, sk, attributes) VALUES ('scim', ?, ?, ?)");
    store.db.exec("BEGIN");
    for (let n = 0; n < 1_500; n += 1)
      insert.run(String(row?.["pk"]), `${first.slice(0, 1)}${n.toString(16).padStart(7, "0")}-dead`, gone);
    store.db.exec("COMMIT");
    const { table, readsOf } = countedReads(store.operations.table);
    const { items } = await readsOf(async () => await listResources({ table }, userType, { state: "all", most: 50 }));
    expect(items).toBeLessThanOrEqual(1_000 + 60);
    expect(ids(await all("all", { most: 50 }))).toEqual(known.toSorted());
  });

  test.each(listedStates)("an address that leads nowhere in %s is told as that", async (state) => {
    const asked = listResources(store.operations, userType, { state, most: 5, after: "no place\u0000" });
    await expect(asked).rejects.toThrow("is no place in this list");
  });
});

test.each(["users", "User", "USERS"])("%s is a name of the users", (word) => {
  expect(typeCalled(acme, word).id).toBe("User");
});

test("a type that there is not is answered with those there are", () => {
  expect(() => typeCalled(acme, "robots")).toThrow('There is no "robots" to list; there are users, groups.');
});

describe("with thousands of users", () => {
  const [few, many] = [60, 6_000];
  const stores: TestStore[] = [];
  beforeAll(async () => {
    for (const count of [few, many]) {
      const one = testStore(acme);
      stores.push(one);
      await seedUsers({ db: one.db, tenant: acme, users: count, applied: false });
    }
  });
  afterAll(() => stores.forEach((one) => one.close()));

  test.each(listedStates)("a page of %s reads no more than with sixty", async (state) => {
    const reads: Reads[] = [];
    for (const { operations } of stores) {
      const { table, readsOf } = countedReads(operations.table);
      reads.push(await readsOf(async () => await listResources({ table }, userType, { state, most: 50 })));
    }
    // Of a small store a page is all shards, of a large one part of the first.
    expect(Math.max(...reads.map(({ calls }) => calls))).toBeLessThanOrEqual(22);
    expect(Math.max(...reads.map(({ items }) => items))).toBeLessThanOrEqual(20 * 52 + 50);
  });

  test("the counts read no more than the count of the type and a part of the index", async () => {
    for (const [n, { operations }] of stores.entries()) {
      const { table, readsOf } = countedReads(operations.table);
      const reads = await readsOf(async () => {
        const { total, waiting } = await countListed({ table }, userType);
        expect({ total, waiting }).toEqual({
          total: [few, many][n],
          waiting: n === 0 ? { count: few, isMore: false } : { count: 16 * 64, isMore: true },
        });
      });
      expect(reads.calls).toBe(1 + 20 + 16 + 16);
      expect(reads.items).toBeLessThanOrEqual(256 + 16 * 64);
    }
  });
});
