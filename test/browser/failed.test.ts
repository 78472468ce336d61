/** Failed syncs in a browser: from the list to the summary of a replay that is stopped, and that goes on. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeFindings } from "./axe.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => await stage.close());

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A department of which the practice company's table knows no cost centre parks whoever is in it. */
async function park(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await stage.ask("POST", "/Users", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
      userName: `legal-${n}@example.com`,
      emails: [{ value: `legal-${n}@example.com`, type: "work" }],
      [enterprise]: { department: "Legal" },
    });
  }
}

/** The queue takes so many, and then one has to wait until it is let go. */
function queueThatWaits(most: number): { letGo: () => void } {
  const { changes } = stage.demo.operations.lanes;
  const send: typeof changes.send = changes.send.bind(changes);
  const gate = Promise.withResolvers<void>();
  let sent = 0;
  Object.assign(changes, {
    send: async (...words: Parameters<typeof changes.send>) => {
      sent += 1;
      if (sent > most) await gate.promise;
      await send(...words);
    },
  });
  return {
    letGo: () => {
      Object.assign(changes, { send });
      gate.resolve();
    },
  };
}

describe("a replay", () => {
  test("is stopped on its page, which tells what came of it by itself; begun again it goes on", async () => {
    await park(40);
    const { page, problems, close } = await stage.tab("/failed");
    const cause = page.getByRole("link", { name: "mapping-value-unusable" });
    while ((await cause.count()) === 0) await page.reload();
    await cause.click();
    const { letGo } = queueThatWaits(10);
    await page.getByRole("button", { name: "Replay all the same" }).click();
    await page.getByText(/^Sent to the worker: \d+ of \d+/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("It stops after what it has at hand.").waitFor();
    letGo();
    await page.getByText("Stopped before the end").waitFor();
    expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("link", { name: "Failed syncs" }).last().click();
    expect(await page.getByRole("link", { name: /^Replay: mapping-value-unusable/ }).count()).toBe(1);
    await page.getByRole("link", { name: "mapping-value-unusable", exact: true }).click();
    await page.getByRole("button", { name: "Replay all the same" }).click();
    await page.getByRole("heading", { name: "Failed again" }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});

describe("giving up", () => {
  test("asks for the reason, and is taken back, without script, too", async () => {
    const { page, close } = await stage.tab("/failed/mapping-value-unusable", { javaScriptEnabled: false });
    const give = page.getByRole("link", { name: "Give up …" }).first();
    while ((await give.count()) === 0) await page.reload();
    await give.click();
    await page.getByLabel(/^Why/).fill("a test account");
    await page.getByRole("button", { name: "Give up 1 change" }).click();
    const list = page.getByRole("link", { name: "See what is given up" });
    while ((await list.count()) === 0) await page.reload();
    await list.click();
    expect(await page.getByText("a test account").count()).toBe(1);
    await page.getByRole("cell").getByRole("button", { name: "Take up again" }).click();
    const again = page.getByRole("heading", { name: "Failed again" });
    while ((await again.count()) === 0) await page.reload();
    await close();
  });
});
