/** What holds of every page, in both colour schemes, wide and narrow. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeFindings } from "./axe.ts";
import { pages } from "./pages.ts";
import { openStage, type Stage, type Tab } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

const looks = (["light", "dark"] as const).flatMap((colorScheme) =>
  [1280, 390].map((width) => ({ colorScheme, width })),
);

describe.each(pages)("$title", ({ path, status = 200 }) => {
  test.each(looks)(
    "axe finds nothing, nothing is wrong, and nothing sticks out: $colorScheme, $width pixels",
    async (look) => {
      const tab = await stage.tab(await path(stage), look);
      try {
        expect(tab.status).toBe(status);
        expect(await axeFindings(tab.page)).toEqual([]);
        expect(problemsOf(tab, status)).toEqual([]);
        expect(await widthBeyond(tab)).toEqual([]);
        expect(await cutStacks(tab)).toEqual([]);
      } finally {
        await tab.close();
      }
    },
  );
});

describe("the first page", () => {
  test("loads less than 50 kB of script", async () => {
    const tab = await stage.tab("/");
    const sizes: [string, number][] = await tab.page.evaluate(
      `performance.getEntriesByType("resource").map(({ name, decodedBodySize }) => [name, decodedBodySize])`,
    );
    const script = sizes.filter(([name]) => name.endsWith(".js")).reduce((sum, [, bytes]) => sum + bytes, 0);
    expect(script).toBeGreaterThan(0);
    expect(script).toBeLessThan(50_000);
    await tab.close();
  });
});

/** Chromium logs the status of a page that is not there as an error. */
function problemsOf({ problems }: Tab, status: number): string[] {
  return problems.filter((problem) => status === 200 || !problem.includes(`status of ${status}`));
}

/** Tables that stack where it is narrow, so that none of their words is out of sight. */
async function cutStacks({ page }: Tab): Promise<string[]> {
  return await page.evaluate(
    `[...document.querySelectorAll(".stacks")].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel)`,
  );
}

/** Elements that make the page itself scroll sideways; tables scroll within their own frame. */
async function widthBeyond({ page }: Tab): Promise<string[]> {
  return await page.evaluate(`(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const sticksOut = (element) => element.getBoundingClientRect().right > root.clientWidth + 1;
    const beyond = [...document.querySelectorAll("body *")].filter(sticksOut);
    return [root.scrollWidth + " pixels", ...beyond.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  })()`);
}
