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
  const first = await page.locator("#activity-list tbody tr").first().innerText();
  await stage.ask("POST", "/Users", mail("newcomer@example.com"));
  const announced = page.getByRole("link", { name: /newer row.*show/ });
  await announced.waitFor();
  expect(await page.locator("#activity-list tbody tr").first().innerText()).toBe(first);
  await announced.click();
  expect(await page.locator("#activity-list tbody tr").first().innerText()).toContain("newcomer@example.com");
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
  expect(await axeFindings(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test("filters stand in the address, and the back button takes them back", async () => {
  const { page, close } = await stage.tab("/activity");
  await page.goto(`${stage.origin}/activity?kind=refused`);
  expect(await page.locator("#activity-list").innerText()).toContain("ben.ito@example.com");
  await page.goBack();
  expect(new URL(page.url()).search).toBe("");
  await close();
});
