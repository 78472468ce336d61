/** Live parts in the hands of somebody: what is in use is left alone, and what stands still says so. */
import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

const part = (html: string): string => `retry: 500\nevent: part\ndata: ${JSON.stringify({ id: "tokens", html })}\n\n`;

/** Loads the overview with a stream that is answered by these, one after the other; then it is silent. */
async function streamOf(page: Page, answers: readonly ((route: Route) => Promise<void>)[]): Promise<void> {
  const left = [...answers];
  await page.route("**/live/overview*", async (route) => await left.shift()?.(route));
  await page.reload();
}

const says =
  (html: string) =>
  async (route: Route): Promise<void> =>
    await route.fulfill({ contentType: "text/event-stream", body: part(html) });

describe("a live part", () => {
  test("is not replaced while somebody is in it; then by its newest content, and by none that is older", async () => {
    const { page, close } = await stage.tab("/");
    const link = page.locator("#tokens a").first();
    const afterFocus =
      (next: (route: Route) => Promise<void>) =>
      async (route: Route): Promise<void> => {
        await link.focus();
        await next(route);
      };
    await streamOf(page, [afterFocus(says("older")), says("newest")]);
    await page.waitForTimeout(1_200);
    expect(await page.locator("#tokens").innerText()).not.toContain("older");
    await page.locator("#search").focus();
    await page.getByText("newest", { exact: true }).waitFor();
    await page.waitForTimeout(1_500);
    expect(await page.locator("#tokens").innerText()).toBe("newest");
    await close();
  });

  test.each([
    ["the console does not answer", async (route: Route) => await route.abort(), "The console does not answer"],
    ["the session is over", async (route: Route) => await route.fulfill({ status: 401 }), "The session is over"],
  ])("says that it stands still when %s", async (_, answer, text) => {
    const { page, close } = await stage.tab("/");
    await streamOf(page, [answer]);
    const alert = page.getByRole("alert");
    await alert.getByText("what stands here may be old").waitFor();
    expect(await alert.innerText()).toContain(text);
    await close();
  });
});
