/** The page of the activity: what it lists, by which address, and what moves while one looks. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countedReads } from "../provisioning/counted-reads.ts";
import { type Played, played } from "../ops/played.ts";
import { openPages, type Pages } from "./pages.ts";

let world: Played;
let pages: Pages;

beforeEach(async () => {
  world = played();
  pages = await openPages(world.operations);
  await world.connect("entra");
});

afterEach(async () => {
  await pages.close();
  world.close();
});

const join = async (userName: string) => await world.post(userName, { emails: [{ value: "a@example.com" }] });
const unescaped = (text: string) => text.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"');
/** The rows of the table, as text. */
const rowsOf = (html: string) =>
  html
    .split("<tr")
    .slice(2)
    .map((row) =>
      `<tr${row}`
        .replace(/<\/tbody>[\s\S]*/, "")
        .replaceAll(/<[^>]*>/g, " ")
        .replaceAll(/\s+/g, " ")
        .trim(),
    );
const streamOf = (html: string) => unescaped(/data-live="([^"]+)"/.exec(html)?.[1] ?? "");

/** What a stream sends at first: the contents of elements, by their ids. */
async function firstParts(path: string): Promise<Record<string, string>> {
  const answer = await pages.raw(path, { headers: { cookie: pages.cookie } });
  const sent: string[] = [];
  for await (const piece of answer.body ?? []) {
    sent.push(Buffer.from(piece).toString());
    if (/event: (beat|end)/.test(sent.join(""))) break;
  }
  const text = sent.join("");
  const parts = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, data = ""]) => JSON.parse(data));
  return Object.fromEntries(
    parts.map(({ id, html }) => [
      id,
      html
        .replaceAll(/<[^>]*>/g, " ")
        .replaceAll(/\s+/g, " ")
        .trim(),
    ]),
  );
}

describe("the list", () => {
  test("tells what happened to whom, with what of it and how far it has come, newest first", async () => {
    const ada = await join("ada@example.com");
    await world.work();
    await world.patch(ada, { title: "Countess" });
    await join("ada@example.com");
    const html = await pages.get("/activity");
    const [refused, changed, created] = rowsOf(html);
    expect(refused).toMatch(
      /refused ada@example\.com POST \/Users &quot;userName&quot; is already used by .* 409 entra production/,
    );
    expect(changed).toMatch(/changed ada@example\.com title pending entra production/);
    expect(created).toMatch(/created ada@example\.com 3 attributes applied entra production/);
    expect(html).toContain(`data-href="/people/${ada}"`);
  });

  test("of somebody who was refused and never came leads to why", async () => {
    await world.post("eve@example.com", { active: "perhaps" });
    expect(await pages.get("/activity")).toContain('data-href="/why?who=eve%40example.com"');
  });

  test("names what the identity provider was told, without values until they are asked for", async () => {
    await world.post("eve@example.com", { active: "tulip-mania" });
    expect(await pages.get("/activity")).not.toContain("tulip-mania");
    await pages.post("/values", { show: "yes" });
    expect(await pages.get("/activity")).toContain("tulip-mania");
  });

  test.each(["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])("shows %s as a text", async (name) => {
    await join(name);
    await join(name);
    for (const path of ["/activity", `/activity?who=${encodeURIComponent(name)}&kind=${encodeURIComponent(name)}`]) {
      const html = await pages.get(path);
      expect(rowsOf(html)).toHaveLength(2);
      expect(html).not.toMatch(/<script>alert|<img/);
    }
  });
});

describe("the address", () => {
  beforeEach(async () => {
    await join("ada@example.com");
    await world.work();
    await join("bob@example.com");
    await join("bob@example.com");
  });

  test.each([
    ["kind=refused,fault", 1, "activity --kind refused,fault"],
    ["kind=created&status=pending", 1, "activity --kind created --status pending"],
    ["who=BOB@example.com", 2, "activity --who BOB@example.com"],
    ["who=o'neil $x", 0, "activity --who 'o'\\''neil $x'"],
    ["kind=nonsense&status=late", 3, "activity"],
  ])("%s lists %s, and says how the command line asks the same", async (query, count, words) => {
    const html = await pages.get(`/activity?${query}`);
    expect(rowsOf(html)).toHaveLength(count);
    expect(unescaped(html)).toContain(`<code>npx rollcall ${words} --local</code>`);
  });

  test("keeps what is asked for in the form, for any kinds", async () => {
    const html = await pages.get("/activity?kind=created,members&who=ada%22x");
    expect(html).toMatch(/<option value="created,members" selected>created or members<\/option>/);
    expect(html).toContain('value="ada&quot;x"');
  });

  test("goes on to what was before, and back", async () => {
    for (let n = 0; n < 60; n += 1) await join(`user${n}@example.com`);
    const first = await pages.get("/activity?kind=created");
    const next = unescaped(/rel="next" href="([^"]+)"/.exec(first)?.[1] ?? "");
    const second = await pages.get(next);
    expect([rowsOf(first).length, rowsOf(second).length]).toEqual([50, 12]);
    expect(second).toContain('href="/activity?kind=created">From the beginning');
    expect(new Set([...rowsOf(first), ...rowsOf(second)]).size).toBe(62);
  });

  test("of no place is told in a sentence", async () => {
    expect(await pages.get("/activity?after=x", 400)).toContain("is no place in the activity");
  });
});

describe("where nothing is", () => {
  test.each([
    ["/activity", "Nothing has come yet", "/connect"],
    ["/activity?kind=deleted", "Nothing of that came", "/activity"],
    ["/activity?who=eve", "Nothing of that came", "/why?who=eve"],
    ["/activity?after=1", "That was all", "/activity"],
  ])("%s says what to do", async (path, title, href) => {
    const html = await pages.get(path);
    expect(html).toContain(title);
    expect(html).toContain(`href="${href}"`);
  });

  test("after a thousand rows without any it says how far back it looked", async () => {
    await join("ada@example.com");
    const row = world.db.prepare("SELECT * FROM item WHERE pk LIKE 'Log#%'").get() ?? {};
    const put = world.db.prepare(
      "INSERT INTO item (tbl, pk, sk, attributes, wait_key, wait_at) VALUES ('scim', ?, ?, ?, ?, ?)",
    );
    for (let n = 2; n < 1_200; n += 1)
      put.run(
        String(row["pk"]),
        String(n).padStart(10, "0"),
        String(row["attributes"]),
        String(row["wait_key"]),
        Number(row["wait_at"]),
      );
    const html = await pages.get("/activity?kind=deleted");
    expect(html).toContain("None of it in a thousand rows, back to");
    expect(html).toContain('rel="next"');
  });
});

describe("while one looks", () => {
  test("what comes is announced, and nothing moves until it is asked for", async () => {
    await join("ada@example.com");
    const stream = streamOf(await pages.get("/activity?kind=created"));
    expect((await firstParts(stream))["activity-newer"]).toBe("Nothing newer.");
    world.pass(1_000);
    await join("bob@example.com");
    await join("bob@example.com");
    const parts = await firstParts(stream);
    expect(parts["activity-newer"]).toBe("1 newer row: show");
    expect(parts).not.toHaveProperty("activity-list");
  });

  test("a row that was pending says that it is applied", async () => {
    const ada = await join("ada@example.com");
    const html = await pages.get("/activity?status=pending");
    expect((await firstParts(streamOf(html)))[`status-${ada}-1`]).toBe("pending");
    await world.work();
    expect((await firstParts(streamOf(html)))[`status-${ada}-1`]).toBe("applied");
  });

  test("who follows sees the list itself change", async () => {
    await join("ada@example.com");
    const html = await pages.get("/activity?follow=yes");
    expect(html).toContain("Stop following");
    await join("bob@example.com");
    expect((await firstParts(streamOf(html)))["activity-list"]).toContain("created bob@example.com");
  });

  test("an earlier page in which all is applied listens to nothing; one with something under way ends when it is applied", async () => {
    for (let n = 0; n < 52; n += 1) await join(`user${n}@example.com`);
    const next = unescaped(/rel="next" href="([^"]+)"/.exec(await pages.get("/activity"))?.[1] ?? "");
    const stream = streamOf(await pages.get(next));
    expect(Object.keys(await firstParts(stream))).toHaveLength(3);
    await world.work();
    expect(await pages.get(next)).not.toContain("data-live");
    const answer = await pages.raw(stream, { headers: { cookie: pages.cookie } });
    expect(await answer.text()).toContain("event: end");
  });
});

test("a look at what is newer reads no rows when there are none", async () => {
  await join("ada@example.com");
  const { table, readsOf } = countedReads(world.operations.table);
  const counted = await openPages({ ...world.operations, table });
  const html = await counted.get("/activity");
  await world.work();
  const reads = await readsOf(async () => {
    const answer = await counted.raw(streamOf(html), { headers: { cookie: counted.cookie } });
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
  });
  // Four keys and the refusals; the head of the one that was pending, and the row that is not newer.
  expect(reads.calls).toBeLessThanOrEqual(6);
  expect(reads.items).toBeLessThanOrEqual(2);
  await counted.close();
});
