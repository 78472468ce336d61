/** The pages about the mapping: what is in force, what is sent, and what another file would change. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../local/served.ts";
import { countedReads } from "../provisioning/counted-reads.ts";
import { parkingTenantFile, type TestStore, testStore } from "../ops/store.ts";
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

const withMail = (userName: string) => ({ userName, emails: [{ value: userName, type: "work" }] });

async function people(...names: string[]): Promise<string[]> {
  const ids = [];
  for (const name of names) ids.push(await store.createUser(withMail(name)));
  await store.work();
  return ids;
}

/** As it is when the run has ended. */
async function ended(path: string): Promise<string> {
  await eventually(async () => !(await pages.get(path)).includes("<progress"));
  return await pages.get(path);
}

const draft = (mapping: object | string, name = "next.json") => ({
  file: new File([typeof mapping === "string" ? mapping : JSON.stringify(mapping)], name),
});

describe("/mapping", () => {
  test("shows the mapping in force: what each attribute is made from, and what it must have", async () => {
    const html = await pages.get("/mapping");
    expect(html).toMatch(/<code>login<\/code>[\s\S]*userName[\s\S]*without it: parked[\s\S]*finds people by it/);
    expect(html).toContain("npx rollcall mapping coverage --local");
  });

  test("a type without a mapping of its own says what its entries are", async () => {
    expect(await pages.get("/mapping?type=Group")).toContain("Group has no mapping of its own");
  });

  test("a type that there is not is told, with those there are", async () => {
    expect(await pages.get("/mapping?type=Robot", 400)).toContain("there are User, Group");
  });

  test("reads the count and nothing else, however many people there are", async () => {
    const { table, readsOf } = countedReads(store.operations.table);
    const counted = await openPages({ ...store.operations, table });
    await people(...Array.from({ length: 40 }, (_, n) => `user-${n}@example.com`));
    const { calls, items } = await readsOf(async () => await counted.get("/mapping"));
    // The count stands in up to 256 parts.
    expect([calls <= 5, items <= 256]).toEqual([true, true]);
    await counted.close();
  });
});

describe("coverage", () => {
  test("is empty until somebody looks, and then says what is sent, what is mapped, and when that was read", async () => {
    await people("ann@example.com");
    expect(await pages.get("/mapping")).toMatch(/Nobody has looked yet[\s\S]*Read 1 user</);
    const run = await pages.post("/mapping/coverage", { type: "User" });
    expect(run.status).toBe(303);
    const html = await ended(run.path);
    expect(html).toContain("1 resource read");
    expect(html).toMatch(/title="userName"[\s\S]*?<td class="number">1<\/td>\s*<td class="number">1<\/td>[\s\S]*login/);
    const page = await pages.get("/mapping");
    expect(page).not.toContain("Nobody has looked yet");
    expect(page).toMatch(/title="userName"[\s\S]*<td class="number">1<\/td>/);
  });

  test("shows no whole value, and writes none into the action log", async () => {
    await people("ann@example.com");
    const { path } = await pages.post("/mapping/coverage", { type: "User" });
    expect(await ended(path)).not.toContain("ann@example.com");
    expect(pages.actions).toMatchObject([{ action: "mapping.coverage", subject: "User", outcome: "1 read" }]);
  });

  test("a run that is not there any more says so", async () => {
    expect(await pages.get("/mapping/runs/none", 404)).toContain("no such run");
  });
});

describe("preview", () => {
  const stricter = {
    attributes: { ...parkingTenantFile.mapping.attributes, title: { from: "title", required: true } },
  };

  test("a file says what would change and who would fail, by name and as links", async () => {
    const [id] = await people("ann@example.com");
    const run = await pages.post("/mapping/preview", draft(stricter));
    expect(run.status).toBe(303);
    const html = await ended(run.path);
    expect(html).toContain("Preview of next.json");
    expect(html).toMatch(/Would fail[\s\S]*<b>1<\/b>: Profile attribute &quot;title&quot; is required/);
    expect(html).toContain(`href="/people/${id}"`);
    expect(html).toContain("None of them fails today.");
  });

  test("values of now and then are masked until they are asked for; names are not", async () => {
    await people("ann@example.com");
    const upper = { attributes: { login: { from: "userName" }, email: { from: "emails.value", case: "upper" } } };
    const { path } = await pages.post("/mapping/preview", draft(upper));
    expect(await ended(path)).toMatch(/A•••@E•••\.COM/);
    expect(await pages.get(path)).not.toContain("ANN@EXAMPLE.COM");
    await pages.post("/values", { show: "yes", back: path });
    expect(await pages.get(path)).toContain("ANN@EXAMPLE.COM");
  });

  test("who is parked and would be mended is named, with the replay that does it", async () => {
    await store.createUser({ userName: "ben@example.com" });
    await store.work();
    const { path } = await pages.post("/mapping/preview", draft({ attributes: { login: { from: "userName" } } }));
    const html = await ended(path);
    expect(html).toMatch(/Parked today, and mended by it[\s\S]*ben@example\.com/);
    expect(html).toContain("npx rollcall dlq replay --local");
  });

  test("the file that is in force changes nothing, and says so", async () => {
    await people("ann@example.com");
    const { path } = await pages.post("/mapping/preview", draft(parkingTenantFile));
    expect(await ended(path)).toContain("nothing would have to be applied again");
  });

  test.each([
    ["no JSON", '{"attributes": {', /line 1, column 17 is not JSON/],
    [
      "a path that there is not",
      { attributes: { login: { from: "userNam" } } },
      /login\.from: &quot;userNam&quot; is not an attribute/,
    ],
    ["a key that there is not", { attributes: { login: { form: "userName" } } }, /login/],
    ["no mapping at all", { leavers: {} }, /there is no mapping in it/],
    ["an empty file", "", /No file was chosen/],
  ])("%s: the page says what is wrong and where, and compares nothing", async (_, mapping, words) => {
    const { status, html } = await pages.post("/mapping/preview", draft(mapping));
    expect(status).toBe(400);
    expect(html).toMatch(words);
    expect(pages.actions).toMatchObject([{ action: "mapping.preview", outcome: "not begun: the file cannot be used" }]);
  });

  test("what stands in the file, and what it is called, is text on the page, and the log has neither", async () => {
    const script = "<script>alert(1)</script>";
    const { html } = await pages.post(
      "/mapping/preview",
      draft({ attributes: { [script]: { from: script } } }, script),
    );
    expect(html).not.toContain(script);
    const { path } = await pages.post("/mapping/preview", draft(stricter, `${script}.json`));
    expect(await ended(path)).not.toContain(script);
    expect(JSON.stringify(pages.actions)).not.toContain("script");
  });
});
