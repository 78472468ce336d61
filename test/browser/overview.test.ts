/** The overview goes on by itself, and not under the hand of whoever reads it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken } from "../../lib/ops/tokens.ts";
import { user } from "../local/served.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

test("a new user is counted without loading the page again, and what was unfolded or folded stays so", async () => {
  const { page, problems, close } = await stage.tab("/");
  const users = page.locator("#figures a[href='/people']");
  const before = Number(await users.textContent());
  await page.locator("#finding-parked summary").click();
  await page.locator("#finding-refusals summary").click();
  await page.getByText("The numbers").first().click();
  await page.locator("h1").click();

  const emails = [{ value: "new@example.com", type: "work" }];
  await stage.ask("POST", "/Users", user("new@example.com", { emails }));
  // A finding more, before one that is unfolded.
  await createToken(stage.demo.operations, { label: "ends soon", expiresInDays: 3 });
  await page.locator("#finding-tokens").waitFor({ timeout: 30_000 });
  await expect.poll(async () => Number(await users.textContent()), { timeout: 30_000 }).toBe(before + 1);
  const isOpen = async (name: string) => (await page.locator(`#finding-${name}`).getAttribute("open")) !== null;
  expect([await isOpen("parked"), await isOpen("refusals"), await isOpen("tokens")]).toEqual([false, true, false]);
  expect(await page.locator("#traffic-numbers table").isVisible()).toBe(true);
  expect(problems).toEqual([]);
  await close();
});

test("without script all of it is there: findings unfold, the week has an address", async () => {
  const { page, close } = await stage.tab("/", { javaScriptEnabled: false });
  await page.locator("#findings details:not([open]) summary").first().click();
  await page.getByRole("link", { name: "7 days" }).click();
  expect(new URL(page.url()).search).toBe("?range=7d");
  expect(await page.getByRole("img", { name: /Changes accepted in the last 7 days/ }).count()).toBe(1);
  await close();
});
