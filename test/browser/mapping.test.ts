/** Mapping and connect, as somebody uses them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeFindings } from "./axe.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

const draft = {
  name: "next.json",
  mimeType: "application/json",
  buffer: Buffer.from(
    JSON.stringify({ attributes: { login: { from: "userName" }, nick: { from: "nickName", required: true } } }),
  ),
};

describe("mapping", () => {
  test("coverage is read by a button, and its page fills itself when it is done", async () => {
    const { page, problems, close } = await stage.tab("/mapping");
    await page.getByRole("button", { name: /^Read \d+ users$/ }).click();
    await page.getByText("Sent, but mapped to nothing").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("link", { name: "Back to the mapping" }).click();
    expect(
      await page
        .getByText("Read now")
        .or(page.getByText(/^Read \d+ s ago/))
        .count(),
    ).toBe(1);
    expect(problems).toEqual([]);
    await close();
  });

  test("a tenant file is previewed: who would fail is a link to that person", async () => {
    const { page, problems, close } = await stage.tab("/mapping");
    await page.getByLabel(/Tenant file/).setInputFiles(draft);
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("heading", { name: "Would fail" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // Everybody would; who is among the few that are named depends on their ids.
    const first = page.locator("main").getByRole("link", { name: "@example.com" }).first();
    expect(await first.getAttribute("href")).toMatch(/^\/people\/[0-9a-f-]{36}$/);
    expect(problems).toEqual([]);
    await close();
  });

  test("without script, too: the run's page is loaded again until it is done", async () => {
    const { page, close } = await stage.tab("/mapping", { javaScriptEnabled: false });
    await page.getByLabel(/Tenant file/).setInputFiles(draft);
    await page.getByRole("button", { name: "Preview" }).click();
    for (let n = 0; n < 20 && (await page.getByText("Would fail").count()) === 0; n += 1) await page.reload();
    expect(await page.getByRole("heading", { name: "Would fail" }).count()).toBe(1);
    await close();
  });
});

describe("connect", () => {
  test("a token is made and shown once, and what comes with it is ticked off while one looks", async () => {
    const { page, problems, close } = await stage.tab("/connect");
    await page.getByRole("link", { name: "Okta" }).click();
    await page.getByRole("button", { name: "Make the token" }).click();
    const token = await page.locator(".secret code").innerText();
    expect(token).toMatch(/^rc_[a-z0-9]+_\w+$/);
    expect(await page.getByText("waiting", { exact: true }).count()).toBe(5);
    expect(await axeFindings(page)).toEqual([]);
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${stage.demo.baseUrl}/Users?count=1`, { headers });
    await page.getByText("✓ seen").waitFor();
    await page.getByRole("button", { name: "Copy the token" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(token);
    await page.reload();
    await page.getByText("✓ seen").waitFor();
    expect(await page.getByText(token).count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });
});
