/** The first page: what an evaluator sees first, and an operator at night. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createToken } from "../../lib/ops/tokens.ts";
import { seedUsers } from "../../bench/seeding/users.ts";
import { acme } from "../local/served.ts";
import { countedReads, type Reads } from "../provisioning/counted-reads.ts";
import { type Played, played } from "../ops/played.ts";
import { testStore } from "../ops/store.ts";
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

const mail = { emails: [{ value: "ada@example.com" }] };
const flat = (html: string): string => html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");

describe("a fresh tenant", () => {
  test("is told what to do first, and shown no empty axes", async () => {
    const html = await pages.get("/");
    expect(html).toContain('href="/connect"');
    expect(html).toContain("npx rollcall connect entra --local");
    expect(html).toContain("npx rollcall simulate entra");
    expect(html).not.toContain('role="img"');
  });

  test("where somebody calls and is not let in, that comes before the first steps, and none of them denies the call", async () => {
    await world.connect("entra", { expiresInDays: 1 });
    world.pass(48 * 3_600_000);
    await world.ask("GET", "/Users");
    await pages.close();
    pages = await openPages(world.operations);
    const html = flat(await pages.get("/"));
    expect(html).toMatch(/which has expired, was turned away.*Nobody was let in yet/);
    expect(html).not.toContain("Nobody has called yet");
  });

  test("learns that the first requests came, without the page turning into another", async () => {
    await world.connect("okta");
    await world.post("ada", mail);
    const stream = await pages.raw("/live/fresh", { headers: { cookie: pages.cookie } });
    expect(await stream.text()).toMatch(/event: part\ndata: .*"id":"begun".*show the overview/);
  });
});

describe("the overview", () => {
  test("when all is well says so, with the numbers and no finding", async () => {
    await world.connect("okta");
    await world.post("ada", mail);
    await world.work();
    await world.sweep();
    const html = await pages.get("/");
    expect(flat(html)).toContain("All is well");
    expect(html).not.toContain("What to look at");
    expect(flat(html)).toMatch(/Users 1 Groups 0 Accepted in 24 h 1/);
  });

  test("what failed comes first: since when, what to do, the command, and the page where it is mended", async () => {
    await world.connect("okta");
    await world.post("ada");
    await world.work();
    const html = await pages.get("/");
    expect(flat(html)).toMatch(/2 things to look at 1 failure, 1 warning/);
    const [, finding = ""] = /<ul class="findings">(.*?)<\/details>/s.exec(html) ?? [];
    expect(flat(finding)).toMatch(/Failed Parked since .* 1 change parked.*What to do: See why/);
    expect(finding).toContain(" open");
    expect(finding).toContain('href="/failed"');
    expect(finding).toContain("npx rollcall dlq ls --local");
    expect(html.indexOf("findings")).toBeLessThan(html.indexOf('role="img"'));
  });

  test("what could not be asked is no well: it is counted, and says what is missing", async () => {
    await world.connect("okta");
    await world.post("ada", mail);
    await world.work();
    await world.sweep();
    const alarms = async () => Promise.reject(new Error("not authorized"));
    const deployment = { fileHash: "000000000000", deployedHash: "000000000000", alarms, tables: async () => [] };
    const deployed = await openPages({ ...world.operations, deployment });
    const text = flat(await deployed.get("/"));
    expect(text).toMatch(/1 thing to look at 1 not known/);
    expect(text).toContain("cloudwatch:DescribeAlarms");
    await deployed.close();
  });

  test("each picture has a name, a sentence, and its numbers in a table that can be unfolded", async () => {
    await world.connect("entra");
    const id = await world.post("ada", mail);
    await world.post("parked");
    await world.work();
    await world.patch(id, { active: false });
    await world.work();
    await world.post("waits", { emails: [{ value: "bob@example.com" }] });
    const html = await pages.get("/");
    for (const [, svg = ""] of html.matchAll(/<svg([^>]*role="img"[^>]*)>/g))
      for (const attribute of ["aria-labelledby", "aria-describedby"])
        expect(html).toContain(`id="${new RegExp(`${attribute}="([^"]+)"`).exec(svg)?.[1]}"`);
    for (const part of ["traffic-numbers", "leavers-numbers", "pending-numbers"])
      expect(html).toMatch(new RegExp(`<details>\\s*<summary>The numbers</summary>\\s*<div id="${part}">`));
    expect(html).toContain('href="/failed/mapping-required-missing"');
  });

  test("each of its links leads to a page", async () => {
    await world.connect("entra", { expiresInDays: 3 });
    await world.post("ada");
    await world.work();
    world.pass(61_000);
    await world.ask("POST", "/Users", { schemas: [] });
    const html = await pages.get("/");
    const links = new Set([...html.matchAll(/href="(\/(?!assets|\/)[^"#]*)/g)].map(([, href = ""]) => href));
    expect([...links]).toEqual(expect.arrayContaining(["/activity?kind=refused", "/failed/mapping-required-missing"]));
    for (const link of links) await pages.get(link.replaceAll("&amp;", "&"));
  });

  test("how far back stands in the address", async () => {
    await world.connect("entra");
    await world.post("ada", mail);
    expect(await pages.get("/")).toContain("last 24 hours");
    const week = await pages.get("/?range=7d");
    expect(week).toContain("last 7 days");
    expect(week).toContain('data-live="/live/overview?range=7d"');
    expect(await pages.get("/?range=%3Cscript%3E")).toContain("last 24 hours");
  });

  test("times stand in the zone that the page names, and a label is text whatever it holds", async () => {
    const label = '<script>alert("مجلس")</script>';
    await createToken(world.operations, { label });
    await world.connect("entra");
    await world.post("ada", mail);
    const html = await pages.get("/");
    expect(html).not.toContain("<script>alert");
    expect(html).toContain("<bdi");
    expect(html).toMatch(/as of 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  });

  test("is live: every part that the page has comes by the stream", async () => {
    await world.connect("entra");
    await world.post("ada", mail);
    const html = await pages.get("/");
    const stream = await pages.raw("/live/overview", { headers: { cookie: pages.cookie } });
    const reader = stream.body?.getReader();
    let text = "";
    while (!text.includes("event: beat")) text += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    const ids = [...text.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(expect.arrayContaining(["headline", "findings", "figures", "traffic", "heartbeat", "leavers"]));
    expect(ids.filter((id) => id !== "live-problem" && !html.includes(`id="${id}"`))).toEqual([]);
  });

  test("where more wait than are read, the picture says that it draws too many as applied", async () => {
    const store = testStore(acme);
    await seedUsers({ db: store.db, tenant: acme, users: 6_000, applied: false });
    const crowded = await openPages(store.operations);
    expect(await crowded.get("/")).toContain("so fewer are applied than is drawn");
    await crowded.close();
    store.close();
    expect(await pages.get("/")).not.toContain("than is drawn");
  });

  test("reads no more with thousands than with sixty", async () => {
    const reads: Reads[] = [];
    for (const users of [60, 3_000]) {
      const store = testStore(acme);
      await seedUsers({ db: store.db, tenant: acme, users });
      const { table, readsOf } = countedReads(store.operations.table);
      const large = await openPages({ ...store.operations, table });
      reads.push(await readsOf(async () => await large.get("/")));
      await large.close();
      store.close();
    }
    expect(reads[1]?.calls).toBeLessThanOrEqual(reads[0]?.calls ?? 0);
    // A sample for the mapping, its entries, and the counts.
    expect(reads[1]?.items).toBeLessThanOrEqual(16 * 8 * 2 + 256 + 50);
  });
});
