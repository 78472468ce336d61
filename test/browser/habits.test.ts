/** What hands are used to: keys, the back button, copying; and that reading and acting need no script. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pages } from "./pages.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

describe("the keyboard", () => {
  test("/ goes to the search field, and what is typed there is no command", async () => {
    const { page, close } = await stage.tab("/people");
    await page.keyboard.press("/");
    await page.keyboard.type("gpjk?");
    expect(await page.locator("#search").inputValue()).toBe("gpjk?");
    expect(new URL(page.url()).pathname).toBe("/people");
    await close();
  });

  test("j and k go from row to row, Enter opens it, and the back button comes back", async () => {
    const { page, close } = await stage.tab("/people");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    const here = page.locator("tr.here");
    const href = await here.getAttribute("data-href");
    expect(href).toBe(await page.locator("tr[data-href]").first().getAttribute("data-href"));
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${href}`);
    await page.goBack();
    expect(new URL(page.url()).pathname).toBe("/people");
    await close();
  });

  test("g p goes to People, g o to the Overview", async () => {
    const { page, close } = await stage.tab("/mapping");
    for (const [key, path] of [
      ["p", "/people"],
      ["o", "/"],
      ["c", "/connect"],
    ] as const) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await page.waitForURL((url) => url.pathname === path);
      expect(await page.locator(".places [aria-current]").count()).toBe(1);
    }
    await close();
  });

  test("? lists the keys, Escape closes the list, and single keys can be switched off", async () => {
    const { page, close } = await stage.tab("/people");
    await page.keyboard.press("?");
    const list = page.getByRole("dialog", { name: "Keyboard" });
    await list.waitFor();
    await list.getByRole("checkbox").check();
    await page.keyboard.press("Escape");
    expect(await list.isVisible()).toBe(false);
    await page.keyboard.press("j");
    expect(await page.locator("tr.here").count()).toBe(0);
    await close();
  });

  test("Tab comes first to a link that skips the navigation", async () => {
    const { page, close } = await stage.tab("/people");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("content");
    await close();
  });
});

describe("copying", () => {
  test("a button copies the command as it is pasted, and says so", async () => {
    const { page, close } = await stage.tab("/mapping");
    await page.getByRole("button", { name: "Copy the command" }).first().click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("npx rollcall mapping coverage --local");
    await page.getByText("Copied").waitFor({ state: "attached" });
    await close();
  });
});

describe("without script", () => {
  test.each(pages)("$title can be read", async ({ path, status = 200 }) => {
    const tab = await stage.tab(await path(stage), { javaScriptEnabled: false });
    expect(tab.status).toBe(status);
    expect((await tab.page.locator("main").innerText()).length).toBeGreaterThan(60);
    await tab.close();
  });

  test("an action works: values are shown, and masked again", async () => {
    const { page, close } = await stage.tab("/people", { javaScriptEnabled: false });
    await page.getByRole("button", { name: "Show values" }).click();
    await page.getByRole("button", { name: "Mask values" }).click();
    await page.getByRole("button", { name: "Show values" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/people");
    expect(stage.actions.map(({ outcome }) => outcome)).toEqual(["shown in this session", "masked again"]);
    await close();
  });

  test("the search finds a person by name", async () => {
    const { page, close } = await stage.tab("/", { javaScriptEnabled: false });
    await page.locator("#search").fill("elif.kaya@example.com");
    await page.getByRole("search").getByRole("button").first().click();
    expect(new URL(page.url()).pathname).toMatch(/^\/people\/[0-9a-f-]{36}$/);
    await close();
  });
});

describe("people who are hard to show", () => {
  test.each([1280, 390])("a user called <script> is a text, on a screen of %d pixels", async (width) => {
    const { page, problems, close } = await stage.tab("/people", { width });
    await page.locator("#search").fill("<script>alert(1)</script>");
    await page.locator("#search").press("Enter");
    await page.waitForURL(`**/people/${stage.ids["script"]}`);
    expect(await page.getByText("<script>alert(1)</script>").count()).toBeGreaterThan(0);
    expect(await page.evaluate("[...document.scripts].every((script) => script.src !== '')")).toBe(true);
    expect(problems).toEqual([]);
    await close();
  });
});
