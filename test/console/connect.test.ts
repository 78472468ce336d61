/** The guided first hour with an identity provider. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../lib/ops/clients.ts";
import { idpNames } from "../../lib/ops/idp/idp.ts";
import { tokens } from "../../lib/ops/tokens.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { countedReads } from "../provisioning/counted-reads.ts";
import { type Played, played } from "../ops/played.ts";
import { parkingTenantFile } from "../ops/store.ts";
import { openPages, type Pages } from "./pages.ts";

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

const tokenIn = (html: string) => /rc_([a-z0-9]+)_[A-Za-z0-9]+/.exec(html) ?? [];

describe("/connect", () => {
  test("offers each identity provider, and says that nothing was begun", async () => {
    const html = await pages.get("/connect");
    for (const idp of [...idpNames, "other"]) expect(html).toContain(`href="/connect/${idp}"`);
    expect(html).toContain("There is no token yet");
  });

  test("leads to the connections that were begun", async () => {
    await world.connect("okta");
    expect(await pages.get("/connect")).toMatch(/href="\/connect\/okta\?token=[a-z0-9]+">okta production/);
  });

  test.each([...idpNames, "other"])("%s: what to paste where, what to map, what is forgotten", async (idp) => {
    const html = await pages.get(`/connect/${idp}`);
    for (const part of ["http://127.0.0.1:8080/scim/v2", "1. Paste", "2. Map", "3. Switch on", "Usually forgotten"])
      expect(html).toContain(part);
    expect(html).toContain(`npx rollcall connect ${idp} --local`);
    expect(html).not.toContain("`");
  });

  test("with OAuth in the tenant file: the token URL, and the command that makes the client", async () => {
    const tenantFile = { ...parkingTenantFile, oauth: {} };
    const other = played(readTenantFile("parking", tenantFile));
    const own = await openPages(other.operations, tenantFile);
    const html = await own.get("/connect/entra");
    expect(html).toContain('data-copy="http://127.0.0.1:8080/oauth/token"');
    expect(html).toMatch(/Client Identifier, Client Secret[\s\S]*npx rollcall client create --label/);
    expect(await pages.get("/connect/entra")).not.toContain("OAuth");
    const { id } = await createClient(other.operations, { label: "Entra production", idp: "entra" });
    expect(await own.get(`/settings/tokens/${id}`)).toContain("Microsoft Entra ID, as an OAuth client");
    await own.close();
    other.close();
  });

  test("another name is told, with those there are", async () => {
    expect(await pages.get("/connect/nobody", 400)).toContain("entra");
  });

  test("says when nothing answers at the base URL", async () => {
    expect(await pages.get("/connect/entra")).toContain("Nothing answers at http://127.0.0.1:8080/scim/v2");
  });
});

describe("the token", () => {
  test("is shown once, by an answer that no browser keeps, and stands in no address and no log", async () => {
    const body = new URLSearchParams({ csrf: pages.csrf, label: "Okta production" });
    const headers = { cookie: pages.cookie };
    const { status, headers: answered } = await pages.raw("/connect/okta", { method: "POST", body, headers });
    const address = answered.get("location") ?? "";
    expect([status, address]).toEqual([303, expect.stringMatching(/^\/connect\/okta\?token=[a-z0-9]+$/)]);
    await pages.raw(address, { method: "HEAD", headers });
    const shown = await pages.raw(address, { headers });
    expect(shown.headers.get("cache-control")).toBe("no-store");
    const [text = "", id = ""] = tokenIn(await shown.text());
    expect(address).toContain(id);
    expect(await pages.get(address)).not.toContain(text);
    expect(JSON.stringify(pages.actions)).not.toContain(text);
    expect(pages.actions).toMatchObject([{ action: "token.create", subject: `token ${id}` }]);
    expect(await tokens(world.operations)).toMatchObject([{ id, idp: "okta", label: "Okta production" }]);
  });

  test("lets its identity provider in", async () => {
    const { html } = await pages.post("/connect/okta", { label: "Okta" });
    const [text = ""] = tokenIn(html);
    expect(await world.ask("GET", "/ServiceProviderConfig", undefined, text)).toMatchObject({ status: 200 });
  });

  test("without a label none is made, and the page says why", async () => {
    const { status, html } = await pages.post("/connect/okta", { label: " " });
    expect([status, html.includes("needs a label")]).toEqual([400, true]);
    expect(await tokens(world.operations)).toEqual([]);
  });

  test("that is not there, or ended, cannot be watched", async () => {
    expect(await pages.get("/connect/okta?token=nothere", 400)).toContain("There is no token");
  });
});

describe("what is seen", () => {
  async function begun(): Promise<string> {
    const [, id = ""] = tokenIn(await world.connect("entra"));
    return `/connect/entra?token=${id}`;
  }

  test("is ticked off as it comes", async () => {
    const path = await begun();
    expect((await pages.get(path)).match(/waiting/g)).toHaveLength(5);
    await world.ask("GET", '/Users?filter=userName eq "nobody"');
    const id = await world.post("ann@example.com", { emails: [{ value: "ann@example.com" }] });
    expect((await pages.get(path)).match(/✓ seen/g)).toHaveLength(2);
    await world.patch(id, { title: "Writer" });
    await world.ask("POST", "/Groups", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      displayName: "Sales",
    });
    await world.patch(id, { active: false });
    expect(await pages.get(path)).toContain("the connection works");
  });

  test("what is refused stands there with the text that the identity provider got, and what to press then", async () => {
    const path = await begun();
    await world.post("");
    expect(await pages.get(path)).toMatch(/<b>400<\/b>[\s\S]*userName[\s\S]*When that is mended/);
  });

  test("who is turned away stands there with the reason", async () => {
    const path = await begun();
    world.pass(1_000);
    await world.ask("GET", "/Users", undefined, "not-a-token");
    expect(await pages.get(path)).toContain("that is no token of ours");
  });

  test("comes live, part by part, and ends when all is seen", async () => {
    const path = await begun();
    const answer = await pages.raw(`/live${path}`, { headers: { cookie: pages.cookie } });
    const reader = answer.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(new TextDecoder().decode(value)).toMatch(/event: part[\s\S]*firsts/);
    await reader?.cancel();
  });

  test("four reads each look, however much is refused", async () => {
    const path = await begun();
    for (let n = 0; n < 30; n += 1) await world.post("");
    const { table, readsOf } = countedReads(world.operations.table);
    const counted = await openPages({ ...world.operations, table });
    const { calls, items } = await readsOf(async () => await counted.get(path));
    expect([calls, items <= 25]).toEqual([4, true]);
    await counted.close();
  });
});
