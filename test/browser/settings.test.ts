/** A token is made and revoked by whoever sits at the browser. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

describe.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])("a token, %o", (look) => {
  test("is made, shown once, good, and revoked after a question", async () => {
    const { page, problems, close } = await stage.tab("/settings", look);
    await page.getByLabel("Label: who will use it").fill("Entra next");
    await page.getByRole("button", { name: "Make the token" }).click();
    const token = (await page.locator(".secret code").textContent()) ?? "";
    expect(token).toMatch(/^rc_[a-z0-9]+_/);
    expect(page.url()).not.toContain(token.split("_")[2]);
    if (look.javaScriptEnabled) {
      await page.getByRole("button", { name: "Copy the token" }).click();
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(token);
    }
    const status = async () =>
      (await fetch(`${stage.demo.baseUrl}/Users?count=1`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status()).toBe(200);

    await page.reload();
    expect(await page.content()).not.toContain(token);

    await page.getByRole("link", { name: "Revoke it" }).click();
    await page.getByRole("link", { name: "Keep it" }).click();
    expect(await status()).toBe(200);
    await page.getByRole("link", { name: "Revoke it" }).click();
    await page.getByRole("button", { name: "Revoke the token" }).click();
    await page.getByText("Whoever shows it gets a 401").waitFor();
    expect(await status()).toBe(401);
    expect(stage.actions.map(({ action }) => action).slice(-2)).toEqual(["token.create", "token.revoke"]);
    expect(problems).toEqual([]);
    await close();
  });
});
