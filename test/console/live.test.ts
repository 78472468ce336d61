/** Live parts: for as long as somebody may look, and as masked as the page would be now. */
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConsoleApp } from "../../lib/console/context.ts";
import { html } from "../../lib/console/html.ts";
import { live } from "../../lib/console/live.ts";
import { createSessions, sessionMs } from "../../lib/console/sessions.ts";
import { type TestStore, testStore } from "../ops/store.ts";
import { openPages, type Pages } from "./pages.ts";

let store: TestStore;
let pages: Pages;

beforeEach(async () => {
  store = testStore();
  pages = await openPages(store.operations);
});

afterEach(async () => {
  await pages.close();
  store.close();
});

describe("live parts", () => {
  test("end with the session, although the stream began within it", async () => {
    const clock = { ms: 0 };
    const sessions = createSessions({ now: () => clock.ms });
    const session = sessions.find(sessions.open(sessions.linkKey));
    const app: ConsoleApp = new Hono();
    app.get("/live", (c) => {
      if (session !== undefined) c.set("session", session);
      return live(c, 1, async () => {
        clock.ms += sessionMs / 3;
        return { parts: { clock: html`${clock.ms}` } };
      });
    });
    const all = await (await app.request("/live")).text();
    expect(all.match(/"id":"clock"/g)).toHaveLength(4);
    expect(all).not.toContain("event: end");
  });

  test("are masked again when values are masked in another tab", async () => {
    const id = await store.createUser({ userName: "ada@example.com", title: "Countess" });
    await store.work();
    await pages.post("/values", { show: "yes", back: "/connect" });
    const shown = await pages.get(`/people/${id}`);
    expect(shown).toContain("Countess");
    const address = /data-live="([^"]+)"/.exec(shown)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const { body } = await pages.raw(address, { headers: { cookie: pages.cookie } });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    await pages.post("/values", { show: "no", back: "/connect" });
    let text = "";
    while (!text.includes('"id":"person-state"')) text += (await reader?.read())?.value ?? "";
    await reader?.cancel();
    expect(text).toContain('"id":"person-attributes"');
    expect(text).not.toContain("Countess");
  });
});
