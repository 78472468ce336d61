/** From a complaint to its cure, as somebody does it on the telephone. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enterpriseUrn } from "../../lib/ops/simulate/user-resource.ts";
import { patch } from "../local/served.ts";
import { axeFindings } from "./axe.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

describe("Elif was to be there two hours ago", () => {
  test("search → person → cause → mended at the identity provider → seen applied, without loading again", async () => {
    const { page, problems, close } = await stage.tab("/");
    await page.keyboard.press("/");
    await page.keyboard.type("elif.kaya@example.com");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/people/*");
    const verdict = page.locator(".verdict").first();
    expect(await verdict.innerText()).toMatch(/Parked[\s\S]*costCentre/);
    await stage.ask(
      "PATCH",
      `/Users/${await stage.idOf("elif.kaya@example.com")}`,
      patch({ op: "Replace", path: `${enterpriseUrn}:department`, value: "Sales" }),
    );
    await page.getByText("In sync").first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });
});

describe("Ben cannot sign in", () => {
  test("nobody is called so: the page of the name says what was refused, and what the identity provider got", async () => {
    const { page, close } = await stage.tab("/search?q=ben.ito@example.com");
    expect(new URL(page.url()).pathname).toBe("/why");
    expect(await page.locator("main").innerText()).toMatch(/Refused[\s\S]*"email" is required/);
    await close();
  });
});

describe("the buttons of a person's page", () => {
  test("apply again: what came of it stands on the page, and in the action log with who did it", async () => {
    const id = await stage.idOf("carla.rossi@example.com");
    const { page, problems, close } = await stage.tab(`/people/${id}`);
    await page.getByRole("button", { name: "Apply again" }).click();
    await page.getByText("It was applied again").waitFor();
    expect(stage.actions).toContainEqual(
      expect.objectContaining({ who: "ada@test", action: "resync", subject: `User/${id}`, outcome: "1 applied" }),
    );
    expect(problems).toEqual([]);
    await close();
  });

  test("the support bundle is a file with masked values", async () => {
    const { page, close } = await stage.tab(`/people/${await stage.idOf("carla.rossi@example.com")}`);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Support bundle" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/\.md$/);
    const text = await new Response(await file.createReadStream()).text();
    expect(text).toContain("•••");
    expect(text).not.toContain("Rossi");
    await close();
  });

  test("values are masked, shown when they are asked for, and masked again", async () => {
    const { page, close } = await stage.tab(`/people/${await stage.idOf("carla.rossi@example.com")}`);
    expect(await page.locator("main").innerText()).not.toContain("Rossi");
    await page.getByRole("button", { name: "Show values" }).click();
    expect(await page.locator("main").innerText()).toContain("Rossi");
    await page.getByRole("button", { name: "Mask values" }).click();
    expect(await page.locator("main").innerText()).not.toContain("Rossi");
    await close();
  });
});
