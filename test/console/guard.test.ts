/** Who may look and who may act: loopback alone, by a link that opens once, with the token of a form. */
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConsoleApp } from "../../lib/console/context.ts";
import { addSessionGuard } from "../../lib/console/guard.ts";
import { createSessions, sessionMs } from "../../lib/console/sessions.ts";
import { type TestStore, testStore } from "../ops/store.ts";
import { openPages, origin, type Pages } from "./pages.ts";

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

const somewhere = "/no-such-page";

describe("the Host header", () => {
  test.each(["evil.example", "127.0.0.1.evil.example:8090", "127.0.0.1:8091", "127.0.0.1", "rollcall.local:8090", ""])(
    "%j is not the console, whatever cookie comes along (DNS rebinding)",
    async (host) => {
      const { status } = await pages.raw(somewhere, { headers: { host, cookie: pages.cookie } });
      expect(status).toBe(421);
    },
  );

  test.each(["127.0.0.1:8090", "localhost:8090", "[::1]:8090"])("%s is", async (host) => {
    const { status } = await pages.raw(somewhere, { headers: { host, cookie: pages.cookie } });
    expect(status).toBe(404);
  });
});

describe("the link", () => {
  test("opens once: a second browser is told how to get a link of its own", async () => {
    const again = await pages.raw(pages.link);
    expect(again.status).toBe(401);
    expect(again.headers.get("set-cookie")).toBeNull();
    expect(await again.text()).toContain("npx rollcall console --local");
  });

  test("a wrong key opens nothing, and does not use the link up", () => {
    const sessions = createSessions({ now: () => 0 });
    expect(sessions.open("x".repeat(43))).toBeUndefined();
    expect(sessions.open("")).toBeUndefined();
    expect(sessions.open(sessions.linkKey)).toBeDefined();
  });

  test("link and session end after a working day", () => {
    const clock = { ms: 0 };
    const sessions = createSessions({ now: () => clock.ms });
    const other = createSessions({ now: () => clock.ms });
    const cookie = sessions.open(sessions.linkKey);
    clock.ms = sessionMs + 1;
    expect(sessions.find(cookie)).toBeUndefined();
    expect(other.open(other.linkKey)).toBeUndefined();
  });

  test("is not used up by a program that looks at it before it is opened", async () => {
    const sessions = createSessions({ now: () => 0 });
    const app: ConsoleApp = new Hono();
    addSessionGuard(app, { sessions, port: () => 8090, command: "" });
    const link = `/open?key=${sessions.linkKey}`;
    expect((await app.request(link, { method: "HEAD" })).headers.has("set-cookie")).toBe(false);
    expect((await app.request(link)).headers.has("set-cookie")).toBe(true);
  });

  test("gives a cookie that no script and no other site can use", async () => {
    const sessions = createSessions({ now: () => 0 });
    const app: ConsoleApp = new Hono();
    addSessionGuard(app, { sessions, port: () => 8090, command: "" });
    const { headers } = await app.request(`/open?key=${sessions.linkKey}`);
    const [cookie, ...attributes] = headers.get("set-cookie")?.split("; ") ?? [];
    expect(cookie).toMatch(/^rollcall-console-8090=[\w-]{43}$/);
    expect(attributes).toEqual(expect.arrayContaining(["HttpOnly", "SameSite=Strict"]));
  });
});

describe("the session", () => {
  test.each(["/", "/people", "/settings", "/search?q=ada"])("%s is shown to nobody without it", async (path) => {
    const answer = await pages.raw(path);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain("parking");
  });

  test("a link that a colleague sent in a chat asks once more from here, so that the strict cookie comes along", async () => {
    const answer = await pages.raw("/people?x=1", { headers: { "sec-fetch-site": "cross-site" } });
    expect(await answer.text()).toContain('content="0;url=/people?x=1"');
  });
});

describe("a link from elsewhere", () => {
  test.each(["//evil.example/x", "/\\evil.example"])("leads to no other site: %s", async (path) => {
    const answer = await pages.raw(path, { headers: { "sec-fetch-site": "cross-site" } });
    expect(await answer.text()).toContain('content="0;url=/"');
  });
});

describe("a form", () => {
  const headers = () => ({ cookie: pages.cookie, origin });

  test("larger than any of the console is not read to its end", async () => {
    let read = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        read += 1_048_576;
        controller.enqueue(new Uint8Array(1_048_576));
      },
    });
    const init: RequestInit = { method: "POST", body: endless, duplex: "half", headers: headers() };
    expect((await pages.raw("/mapping/preview", init)).status).toBe(413);
    expect(read).toBeLessThan(10_000_000);
  });

  test("that cannot be read does nothing, and says so", async () => {
    const broken = { ...headers(), "content-type": "multipart/form-data; boundary=y" };
    expect((await pages.raw("/values", { method: "POST", body: "x", headers: broken })).status).toBe(403);
  });
});

describe("an action", () => {
  const form = (fields: Record<string, string>): RequestInit => ({ method: "POST", body: new URLSearchParams(fields) });
  const from = (more: Record<string, string> = {}) => ({ headers: { cookie: pages.cookie, origin, ...more } });

  test.each([
    ["no token", () => ({})],
    ["another session's token", () => ({ csrf: "x".repeat(43) })],
  ])("with %s does nothing", async (_, fields) => {
    const answer = await pages.raw("/values", { ...form({ show: "yes", ...fields() }), ...from() });
    expect(answer.status).toBe(403);
    expect(pages.actions).toEqual([]);
  });

  test("from another site does nothing, even with the token", async () => {
    const answer = await pages.raw("/values", {
      ...form({ csrf: pages.csrf }),
      ...from({ origin: "https://evil.example" }),
    });
    expect(answer.status).toBe(403);
  });

  test("is written to the action log, with who did it", async () => {
    await pages.post("/values", { show: "yes", back: somewhere }).catch(() => {});
    expect(pages.actions).toEqual([
      {
        at: "1970-01-01T00:00:00.000Z",
        who: "ada@test",
        tenant: "parking",
        action: "values",
        outcome: "shown in this session",
      },
    ]);
  });

  test.each(["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"])(
    "goes back to no other site: %s",
    async (back) => {
      const { headers } = await pages.raw("/values", { ...form({ csrf: pages.csrf, back }), ...from() });
      expect(headers.get("location")).toBe("/");
    },
  );
});

describe("every answer", () => {
  test.each([somewhere, "/open?key=x"])("%s may load nothing from elsewhere, and be framed by nobody", async (path) => {
    const { headers } = await pages.raw(path, { headers: { cookie: pages.cookie } });
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
  });

  test.each([somewhere, "/open?key=x", "/", "/live/overview"])("%s stays in no copy with the browser", async (path) => {
    const { headers } = await pages.raw(path, { headers: { cookie: pages.cookie } });
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("shows what was asked for as text: there is no way to put a tag into a page", async () => {
    const html = await pages.get(`/no-such-page?q=${encodeURIComponent('"><script>alert(1)</script>')}`, 404);
    expect(html).not.toContain("<script>alert");
  });
});
