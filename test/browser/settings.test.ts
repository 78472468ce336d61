/** Tokens: made, shown once, used, revoked. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

async function statusWith(token: string): Promise<number> {
  const { status } = await fetch(`${stage.demo.baseUrl}/ServiceProviderConfig`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return status;
}

test("a token is made, shown once, lets in, and is revoked by a page that asks first", async () => {
  const { page, problems, close } = await stage.tab("/settings");
  await page.getByLabel("Label: who will use it").fill("Okta trial");
  await page.getByRole("combobox", { name: "Identity provider" }).selectOption("okta");
  await page.getByRole("button", { name: "Make the token" }).click();
  const token = await page.locator(".secret code").innerText();
  await page.getByRole("button", { name: "Copy the token" }).click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(token);
  expect(await statusWith(token)).toBe(200);
  await page.reload();
  expect(await page.content()).not.toContain(token);
  await page.getByRole("link", { name: "Revoke it …" }).click();
  expect(await statusWith(token)).toBe(200);
  await page.getByRole("button", { name: "Revoke the token" }).click();
  await page.getByText("Whoever shows it gets a 401").waitFor();
  expect(await statusWith(token)).toBe(401);
  expect(stage.actions.map(({ action }) => action)).toEqual(["token.create", "token.revoke"]);
  expect(JSON.stringify(stage.actions)).not.toContain(token);
  expect(problems).toEqual([]);
  await close();
});
