/** Tokens are made and ended here, and what is decided for the tenant is told in words. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createToken, tokens } from "../../lib/ops/tokens.ts";
import { countedReads } from "../provisioning/counted-reads.ts";
import { type Played, played } from "../ops/played.ts";
import { parkingTenantFile } from "../ops/store.ts";
import { openPages, origin, type Pages } from "./pages.ts";

let world: Played;
let pages: Pages;
beforeEach(async () => {
  world = played();
  pages = await openPages(world.operations);
});
afterEach(async () => {
  await pages.close();
  world.close();
});

const flat = (html: string): string => html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
const tokenIn = (html: string): string | undefined => /rc_[a-z0-9]+_[A-Za-z0-9]{32,}/.exec(html)?.[0];
const asked = { label: "Entra production", idp: "entra", days: "90" };

describe("a token that is made", () => {
  test("is shown once on its own page, with where it goes, and is good from then on", async () => {
    const { path, html, status } = await pages.post("/settings/tokens", asked);
    expect(status).toBe(303);
    const token = tokenIn(html);
    expect(html).toContain(`data-copy="${token}"`);
    expect(flat(html)).toMatch(/Copy it now.*Secret Token the token above Tenant URL http:/);
    expect((await world.ask("GET", "/Users", undefined, token)).status).toBe(200);
    const again = await pages.get(path);
    expect(tokenIn(again)).toBeUndefined();
    expect(flat(again)).toContain("Entra production");
  });

  test("stands in no address, in no line of the action log, and loading its page again makes no second one", async () => {
    const { path, html } = await pages.post("/settings/tokens", asked);
    await pages.get(path);
    await pages.get(path);
    const [made, ...others] = await tokens(world.operations);
    expect(others).toEqual([]);
    expect(made).toMatchObject({ label: "Entra production", idp: "entra" });
    expect(path).toBe(`/settings/tokens/${made?.id}`);
    const secret = tokenIn(html)?.split("_")[2] ?? "none";
    expect(JSON.stringify([path, pages.actions])).not.toContain(secret);
    expect(pages.actions).toMatchObject([
      { action: "token.create", subject: `token ${made?.id}`, outcome: "made for entra, for 90 days" },
    ]);
    expect(JSON.stringify(pages.actions)).not.toContain("Entra production");
  });

  test("stays in no copy with the browser, and a HEAD request does not use it up", async () => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...asked, csrf: pages.csrf })) body.set(name, value);
    const headers = { cookie: pages.cookie, origin };
    const answer = await pages.raw("/settings/tokens", { method: "POST", body, headers });
    const path = answer.headers.get("location") ?? "";
    await pages.raw(path, { method: "HEAD", headers });
    const shown = await pages.raw(path, { headers });
    expect(shown.headers.get("cache-control")).toBe("no-store");
    expect(tokenIn(await shown.text())).toBeDefined();
  });

  test("is shown to the session that made it alone", async () => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...asked, csrf: pages.csrf })) body.set(name, value);
    const headers = { cookie: pages.cookie, origin };
    const answer = await pages.raw("/settings/tokens", { method: "POST", body, headers });
    const other = await openPages(world.operations);
    expect(tokenIn(await other.get(answer.headers.get("location") ?? ""))).toBeUndefined();
    await other.close();
  });

  test("may have no end, and be of an identity provider that nobody knows", async () => {
    await pages.post("/settings/tokens", { label: "trial", idp: "", days: "" });
    const [made] = await tokens(world.operations);
    expect(made).not.toHaveProperty("idp");
    expect(made).not.toHaveProperty("expiresAt");
  });

  test.each([
    [{ ...asked, label: " " }, "A token needs a label"],
    [{ ...asked, days: "0" }, "1 to 3650 whole days"],
    [{ ...asked, days: "1.5" }, "1 to 3650 whole days"],
    [{ ...asked, days: "1e9" }, "1 to 3650 whole days"],
    [{ ...asked, days: "soon" }, "1 to 3650 whole days"],
  ])("%j is refused in a sentence, and none is made", async (fields, sentence) => {
    const { html, status } = await pages.post("/settings/tokens", fields);
    expect(status).toBe(400);
    expect(flat(html)).toContain(sentence);
    expect(await tokens(world.operations)).toEqual([]);
    expect(pages.actions).toMatchObject([{ action: "token.create", outcome: "failed: OperationError" }]);
  });
});

describe("revoking", () => {
  const idOf = async (label: string) => (await tokens(world.operations)).find((one) => one.label === label)?.id ?? "";

  test("asks first: what happens, and that nobody else of that identity provider calls", async () => {
    const token = await world.connect("entra");
    await world.ask("GET", "/Users", undefined, token);
    const id = await idOf("entra production");
    const html = await pages.get(`/settings/tokens/${id}/revoke`);
    expect(flat(html)).toMatch(/gets a 401.*Last used now It was used .* ago, and no other token/);
    expect(html).toContain(`npx rollcall token revoke ${id} --local`);
    expect((await world.ask("GET", "/Users", undefined, token)).status).toBe(200);
  });

  test("says so when another one was used since, or when it was never used", async () => {
    const old = await world.connect("entra");
    await world.ask("GET", "/Users", undefined, old);
    const id = await idOf("entra production");
    world.pass(120_000);
    const { token } = await createToken(world.operations, { label: "next", idp: "entra" });
    const unused = await pages.get(`/settings/tokens/${await idOf("next")}/revoke`);
    expect(flat(unused)).toContain("It was never used: nobody will miss it.");
    await world.ask("GET", "/Users", undefined, token);
    expect(flat(await pages.get(`/settings/tokens/${id}/revoke`))).toContain("was used after it: next");
  });

  test("ends it at once, is written to the action log, and says so on its page", async () => {
    const token = await world.connect("okta");
    const id = await idOf("okta production");
    const { path, html, status } = await pages.post(`/settings/tokens/${id}/revoke`);
    expect({ path, status }).toEqual({ path: `/settings/tokens/${id}`, status: 303 });
    expect(flat(html)).toContain("Revoked");
    expect((await world.ask("GET", "/Users", undefined, token)).status).toBe(401);
    expect(pages.actions).toMatchObject([{ action: "token.revoke", subject: `token ${id}`, outcome: "revoked" }]);
    // The page that asks has nothing to ask any more.
    const { headers } = await pages.raw(`/settings/tokens/${id}/revoke`, { headers: { cookie: pages.cookie } });
    expect(headers.get("location")).toBe(`/settings/tokens/${id}`);
  });

  test("twice is refused in a sentence, and the log says that the second was not carried out", async () => {
    await world.connect("okta");
    const id = await idOf("okta production");
    await pages.post(`/settings/tokens/${id}/revoke`);
    expect((await pages.post(`/settings/tokens/${id}/revoke`)).status).toBe(400);
    expect(pages.actions.map(({ outcome }) => outcome)).toEqual(["revoked", "failed: OperationError"]);
  });

  test.each(["/settings/tokens/nobody", "/settings/tokens/nobody/revoke"])("%s is not there", async (path) => {
    expect(flat(await pages.get(path, 404))).toContain("There is no token of this id");
  });
});

describe("the page", () => {
  test("lists tokens with state, use and end; a label is text, whatever it holds", async () => {
    const label = `<script>مجلس</script> ${"long ".repeat(12)}`;
    await createToken(world.operations, { label, expiresInDays: 1 });
    world.pass(2 * 86_400_000);
    await world.connect("okta");
    // The session of the first day has ended.
    const later = await openPages(world.operations);
    const html = await later.get("/settings");
    await later.close();
    expect(html).not.toContain("<script>م");
    expect(flat(html)).toMatch(/okta production.*Valid.*Expired/);
    expect(html).toContain("npx rollcall token ls --local");
  });

  test("says of a token that reads events for whom it is, and that nobody notes when it was used", async () => {
    const tenant = { ...world.operations.tenant, events: { values: false, sinks: [] } };
    const { id } = await createToken({ ...world.operations, tenant }, { label: "payroll", use: "events" });
    for (const path of ["/settings", `/settings/tokens/${id}`, `/settings/tokens/${id}/revoke`]) {
      const html = flat(await pages.get(path));
      expect(html).toContain("an application, for events");
      expect(html).toContain("not noted");
    }
    expect(flat(await pages.get(`/settings/tokens/${id}/revoke`))).toContain(
      "an application may be reading with it now",
    );
  });

  test("says what to do when there is no token", async () => {
    expect(flat(await pages.get("/settings"))).toContain("There is no token yet Make one below");
  });

  test("tells the tenant file's decisions in words, with their keys", async () => {
    const file = {
      ...parkingTenantFile,
      allowFrom: ["203.0.113.0/24"],
      lifecycle: { rehire: "reactivate", onDelete: { entry: "retain", days: 60 } },
      leavers: { limitMinutes: 7, brake: { action: "hold" } },
      alarms: { email: ["on-call@example.com"] },
    };
    await pages.close();
    pages = await openPages(world.operations, file);
    const html = await pages.get("/settings");
    for (const words of [
      "accepted and parked, until it is mended mapping.policy",
      "the old user comes back, when externalId is the same lifecycle.rehire",
      "stays for 60 days lifecycle.onDelete",
      "within 7 min; later is a breach leavers.limitMinutes",
      "then it holds whoever leaves until somebody decides",
      "from 203.0.113.0/24",
      "/nowhere/parking.json",
      "/nowhere/console-actions.jsonl",
      "0.0.0-test",
      "ada@test",
    ])
      expect(flat(html)).toContain(words);
    expect(html).not.toContain("on-call@example.com");
  });

  test.each([
    ["000000000000", "the same", false],
    ["ffffffffffff", "another one", true],
    [undefined, "the stack does not say", false],
  ])("a stack with hash %s runs %s", async (deployedHash, words, warns) => {
    const told = { fileHash: "000000000000", alarms: async () => [], tables: async () => [] };
    const deployment = deployedHash === undefined ? told : { ...told, deployedHash };
    const deployed = await openPages({ ...world.operations, deployment });
    const text = flat(await deployed.get("/settings"));
    expect(text).toContain(words);
    expect(text.includes("npm run deploy -- parking")).toBe(warns);
    await deployed.close();
  });

  test("reads the tokens, and nothing else", async () => {
    const { table, readsOf } = countedReads(world.operations.table);
    const counted = await openPages({ ...world.operations, table });
    for (let n = 0; n < 3; n++) await createToken(world.operations, { label: `token ${n}` });
    expect(await readsOf(async () => await counted.get("/settings"))).toEqual({ calls: 1, items: 3 });
    await counted.close();
  });
});
