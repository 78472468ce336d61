/** A replay of many whose cause is gone: stopped half-way, and gone on with until all are applied. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUsers } from "../../bench/seeding/users.ts";
import { openDatabase } from "../../lib/local/database.ts";
import { parkWaiting } from "../ops/park-waiting.ts";
import { openStage, type Stage } from "./stage.ts";

const many = 2_000;
let stage: Stage;
beforeAll(async () => {
  // Its mapping can carry the people who are seeded.
  stage = await openStage("acme");
  const { tenant } = stage.demo.operations;
  const db = openDatabase({ folder: stage.dataDir, tenant: tenant.name });
  await seedUsers({ db, tenant, users: many, applied: false });
  parkWaiting(db);
  db.close();
});
afterAll(async () => await stage.close());

describe("two thousand parked changes whose cause is gone", () => {
  test(
    "by cause → plan → replay, live → stopped half-way → begun again → all applied",
    { timeout: 300_000 },
    async () => {
      expect(await waiting()).toBe(many);
      const { page, problems, close } = await stage.tab("/failed");
      await page
        .getByRole("link", { name: /throttled/ })
        .first()
        .click();
      expect(new URL(page.url()).pathname).toBe("/failed/throttled");
      await page.getByRole("button", { name: /^Replay/ }).click();
      await page.waitForURL("**/failed/replays/*");
      await page.getByRole("progressbar").waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByText("stopped", { exact: true }).waitFor();
      const left = await waiting();
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(many);
      await page.goto(`${stage.origin}/failed/throttled`);
      await page.getByRole("button", { name: /^Replay/ }).click();
      await page.getByText("ended", { exact: true }).waitFor({ timeout: 200_000 });
      expect(await waiting()).toBe(0);
      expect(stage.actions.map(({ action }) => action)).toContain("replay.stop");
      expect(problems).toEqual([]);
      await close();
    },
  );
});

/** Who is parked for this cause. */
async function waiting(): Promise<number> {
  const tab = await stage.tab("/failed/throttled");
  const [, count = "0"] = /([\d,]+) changes?/.exec(await tab.page.locator(".title .aside").innerText()) ?? [];
  await tab.close();
  return Number(count.replaceAll(",", ""));
}
