import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { seedUsers } from "../../bench/seeding/users.ts";
import { type Played, played } from "../ops/played.ts";
import { parkingTenant } from "../ops/store.ts";
import { commandOn, type Ran } from "./run.ts";

let world: Played;
let run: (words: string) => Promise<Ran>;
beforeEach(() => {
  world = played();
  run = commandOn(world);
});
afterEach(() => world.close());

describe("overview", () => {
  test("is one page: who calls, what came, what waits, within 80 columns", async () => {
    await world.connect("entra", { expiresInDays: 90 });
    const id = await world.post("ada", { emails: [{ value: "ada@example.com" }] });
    await world.post("bob");
    await world.work();
    world.pass(61_000);
    await world.patch(id, { active: false });
    await world.work();
    const { code, out } = await run("overview --local");
    expect(code).toBe(0);
    expect(out.split("\n").filter((text) => text.length > 80)).toEqual([]);
    const flat = out.replaceAll(/\s+/g, " ");
    expect(flat).toMatch(/^parking, 20\S+ \S+ UTC: 1 failure, 1 warning directory 2 users, 0 groups/);
    expect(flat).toMatch(
      /calls Microsoft Entra ID \("entra production"\): wrote \d+ s ago; about every 40 min, next in/,
    );
    expect(flat).toContain("last day 3 accepted, of which waiting 0, parked 1; 0 reads, 0 refused, 0 faults");
    expect(flat).toContain("changes lane 0 wait; 0 messages, 1 dead letter");
    expect(flat).toContain("parked 1 mapping-required-missing");
    expect(flat).toMatch(/leavers 1 in 7 days: half within \d+ m?s/);
    expect(flat).toContain("ends in 90 days");
  });

  test("where more wait than are read, says so beside the numbers", async () => {
    await seedUsers({ db: world.db, tenant: parkingTenant, users: 6_000, applied: false });
    const flat = (await run("overview --local")).out.replaceAll(/\s+/g, " ");
    expect(flat).toContain("last day 3,200 accepted, of which waiting 3,200+, parked 0;");
    expect(flat).toContain("changes lane 3,200+ wait");
  });

  test("of a fresh tenant says so", async () => {
    const { out } = await run("overview --local");
    expect(out).toContain("nobody has called with a token that may be used");
    expect(out).toContain("nobody in the last 7 days");
  });

  test("--json is the same as data, with ISO times", async () => {
    await world.connect("entra");
    await world.post("ada");
    const { out } = await run("overview --local --json");
    const iso = expect.stringMatching(/^20.*Z$/);
    expect(JSON.parse(out)).toMatchObject({
      at: iso,
      heartbeats: [{ heardAt: iso, writeAt: iso, nextAt: iso, bursts: [{ at: iso }] }],
      pending: { count: 1, oldest: iso },
    });
  });
});
