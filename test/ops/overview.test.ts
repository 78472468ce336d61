import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { seedUsers } from "../../bench/seeding/users.ts";
import { bucketsOf } from "../../lib/ops/overview/buckets.ts";
import { overview } from "../../lib/ops/overview/overview.ts";
import { revokeToken, tokens } from "../../lib/ops/tokens.ts";
import { acme } from "../local/served.ts";
import { countedReads, type Reads } from "../provisioning/counted-reads.ts";
import { type Played, played } from "./played.ts";
import { testStore } from "./store.ts";

const minute = 60_000;
const hour = 60 * minute;
const mail = { emails: [{ value: "ada@example.com" }] };

let world: Played;
beforeEach(() => {
  world = played();
});
afterEach(() => world.close());

describe("the overview", () => {
  test("of a fresh tenant has all hours of a week, empty, and says that nobody has ever called", async () => {
    const found = await overview(world.operations);
    expect(found).toMatchObject({ isFresh: true, totals: { users: 0, groups: 0 }, heartbeats: [], tokens: [] });
    expect(found.hours).toHaveLength(7 * 24);
    expect(found.hours.every(({ writes, waiting }) => writes + waiting === 0)).toBe(true);
    expect(found.leavers).toMatchObject({ count: 0, breaches: 0 });
  });

  test("once somebody called it is not fresh any more, even when all are gone again", async () => {
    await world.connect("okta");
    await world.ask("GET", '/Users?filter=userName eq "ada"');
    expect(await overview(world.operations)).toMatchObject({ isFresh: false, totals: { users: 0 } });
  });

  test("parts what was accepted in an hour into what is applied, what waits and what is parked", async () => {
    await world.connect("entra");
    await world.post("applied", mail);
    await world.post("parked");
    await world.work();
    // What is counted in memory is written along with a request a minute later.
    world.pass(61_000);
    await world.post("waiting", { emails: [{ value: "bob@example.com" }] });
    const { hours, pending, parked, lanes } = await overview(world.operations);
    // The hour may have ended meanwhile.
    const sum = (name: "accepted" | "applied" | "waiting" | "parked") =>
      hours.slice(-2).reduce((all, hour) => all + hour[name], 0);
    expect([sum("accepted"), sum("applied"), sum("waiting"), sum("parked")]).toEqual([3, 1, 1, 1]);
    expect(pending).toMatchObject({
      count: 1,
      isMore: false,
      ages: [{ upToMs: minute, count: 1 }, {}, {}, {}, {}, {}],
    });
    expect(parked.causes).toMatchObject([
      {
        cause: "mapping-required-missing",
        count: 1,
        oldest: expect.any(Number),
        meaning: expect.stringMatching(/^[A-Z].*\.$/),
      },
    ]);
    expect(lanes).toMatchObject([
      { name: "leavers", count: 0, depth: 0, deadLetters: 0 },
      { name: "changes", count: 1, depth: 1, deadLetters: 1 },
    ]);
  });

  test("a leaver who waits is in the leavers' lane", async () => {
    await world.connect("entra");
    const id = await world.post("ada", mail);
    await world.work();
    await world.patch(id, { active: false });
    const { lanes, pending } = await overview(world.operations);
    expect(lanes).toMatchObject([{ name: "leavers", count: 1 }, { count: 0 }]);
    expect(pending.count).toBe(1);
  });

  test("a queue that does not answer is told of, and the rest of the page is there", async () => {
    const broken = { ...world.operations.lanes.changes, depth: async () => Promise.reject(new Error("no access")) };
    const lanes = { ...world.operations.lanes, changes: broken };
    const found = await overview({ ...world.operations, lanes });
    expect(found.lanes).toMatchObject([{ problem: "Error: no access", deadLetters: 0 }, { deadLetters: 0 }]);
    expect(found.lanes[1]).not.toHaveProperty("depth");
  });

  test("the limit of the leavers' clock is an edge of its histogram, and late is what is beyond it", async () => {
    await world.connect("entra");
    const [quick, slow] = [await world.post("quick", mail), await world.post("slow", mail)];
    await world.work();
    await world.patch(quick, { active: false });
    await world.work();
    await world.patch(slow, { active: false });
    world.pass(10 * minute);
    await world.work();
    const { leavers } = await overview(world.operations);
    expect(leavers).toMatchObject({ count: 2, breaches: 1, limitMinutes: 5, days: 7 });
    expect(leavers.times.map(({ upToMs }) => upToMs)).toContain(5 * minute);
    const late = leavers.times.filter(({ upToMs = Infinity }) => upToMs > 5 * minute);
    expect(late.reduce((sum, { count }) => sum + count, 0)).toBe(1);
  });

  test("tokens: those that may be used, whichever ends first first; with days left in what they say", async () => {
    await world.connect("okta");
    await world.connect("entra", { expiresInDays: 90 });
    await world.connect("entra", { expiresInDays: 3 });
    await world.connect("onelogin");
    const revoked = (await tokens(world.operations)).find(({ idp }) => idp === "onelogin");
    await revokeToken(world.operations, revoked?.id ?? "");
    const found = await overview(world.operations);
    expect(found.tokens.map(({ idp, expiresAt }) => [idp, expiresAt !== undefined])).toEqual([
      ["entra", true],
      ["entra", true],
      ["okta", false],
    ]);
    expect(found.tokens[0]?.expiresAt).toBeLessThan(found.tokens[1]?.expiresAt ?? 0);
  });
});

describe("the heartbeat", () => {
  const heartbeat = async () => (await overview(world.operations)).heartbeats[0];

  test("says when each kind was last, and that the next burst of Entra is due forty minutes after the last began", async () => {
    await world.connect("entra");
    await world.post("ada", mail);
    const beat = await heartbeat();
    expect(beat).toMatchObject({
      title: "Microsoft Entra ID",
      state: "on-time",
      isObserved: false,
      everyMs: 40 * minute,
    });
    expect(beat?.nextAt).toBe((beat?.bursts.at(-1)?.at ?? 0) + 40 * minute);
    expect(beat).toHaveProperty("writeAt");
    expect(beat).not.toHaveProperty("refusedAt");
  });

  test("takes the rhythm that was observed once there is one", async () => {
    await world.connect("entra");
    for (let n = 0; n < 5; n++) {
      await world.ask("GET", "/Users?count=1");
      world.pass(20 * minute);
    }
    expect(await heartbeat()).toMatchObject({ isObserved: true, state: "on-time" });
    expect(Math.round(((await heartbeat())?.everyMs ?? 0) / minute)).toBe(20);
  });

  test.each([
    [1 * hour, "on-time"],
    [5 * hour, "late"],
    [30 * hour, "silent"],
  ])("of Entra after %d ms of silence is %s", async (ms, state) => {
    await world.connect("entra");
    await world.ask("GET", "/Users?count=1");
    world.pass(ms);
    expect(await heartbeat()).toMatchObject({ state });
  });

  test("of one without cycles, such as Okta, is late and never silent: there may be nothing to send", async () => {
    await world.connect("okta");
    await world.ask("GET", "/Users?count=1");
    world.pass(60 * 24 * hour);
    expect(await heartbeat()).toMatchObject({ state: "late" });
    expect(await heartbeat()).not.toHaveProperty("nextAt");
  });
});

describe("buckets", () => {
  test("exactly an edge is within it; above all edges is the last one", () => {
    expect(bucketsOf([0, 10, 11, 20, 21, 1e9], [10, 20])).toEqual([
      { upToMs: 10, count: 2 },
      { upToMs: 20, count: 2 },
      { count: 2 },
    ]);
  });
});

describe("with thousands who wait for the worker", () => {
  test("makes no more reads than with sixty, and says that there are more", async () => {
    const reads: Reads[] = [];
    for (const users of [60, 6_000]) {
      const store = testStore(acme);
      await seedUsers({ db: store.db, tenant: acme, users, applied: false });
      const { table, readsOf } = countedReads(store.operations.table);
      reads.push(
        await readsOf(async () => {
          const { pending, totals } = await overview({ ...store.operations, table });
          expect(pending).toMatchObject({ isMore: users > 3_200, count: Math.min(users, 3_200) });
          expect(totals.users).toBe(users);
        }),
      );
      store.close();
    }
    expect(reads[1]?.calls).toBeLessThanOrEqual(reads[0]?.calls ?? 0);
    // As the doctor, and a count for each first two digits of an id.
    expect(reads[1]?.items).toBeLessThanOrEqual(16 * 200 + 300 + 200 + 256);
  });
});
