/** Activity, while something happens. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { patch, user } from "../local/served.ts";
import { axeFindings } from "./axe.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

const mail = (userName: string) => user(userName, { emails: [{ value: userName, type: "work" }] });

test("what comes while one reads is announced, moves nothing, and is shown when it is asked for", async () => {
  const { page, problems, close } = await stage.tab("/activity");
  const first = page.locator("#activity-list tbody tr").first();
  const [place, who] = [await first.boundingBox(), await first.locator("td").nth(2).innerText()];
  await stage.ask("POST", "/Users", mail("newcomer@example.com"));
  const announced = page.getByRole("link", { name: /newer row.*show/ });
  await announced.waitFor();
  expect([await first.boundingBox(), await first.locator("td").nth(2).innerText()]).toEqual([place, who]);
  await announced.click();
  await first.getByText("newcomer@example.com").waitFor();
  expect(problems).toEqual([]);
  await close();
});

test("who follows sees a change, and then a refusal, by themselves", async () => {
  const { page, problems, close } = await stage.tab("/activity?follow=yes");
  await stage.ask("PATCH", `/Users/${stage.ids["script"]}`, patch({ op: "replace", path: "title", value: "Writer" }));
  const row = page.locator("#activity-list tbody tr").first();
  await row.getByText("<script>alert(1)</script>").waitFor();
  await stage.ask("POST", "/Users", user("refused@example.com"));
  await page.getByText("refused@example.com").first().waitFor();
  await page.locator('[id^="status-"]', { hasText: "pending" }).first().waitFor({ state: "detached" });
  // Two looks without news: a row that was chosen is not taken away.
  await page.keyboard.press("j");
  await page.waitForTimeout(4_500);
  expect(await page.locator("tr.here").count()).toBe(1);
  expect(await axeFindings(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test("filters stand in the address, and the back button takes them back", async () => {
  const { page, close } = await stage.tab("/activity");
  await page.getByLabel("What", { exact: true }).selectOption("refused");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.waitForURL(/kind=refused/);
  expect(await page.locator("#activity-list").innerText()).toContain("ben.ito@example.com");
  await page.goBack();
  expect(new URL(page.url()).search).toBe("");
  await close();
});
