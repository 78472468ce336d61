/** The buttons of a person's page: what they do, what they say came of it, and what stands in the action log. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { seedUsers } from "../../bench/seeding/users.ts";
import { seedNumber, seedUserName } from "../../bench/seeding/people.ts";
import { findResources } from "../../lib/ops/find-resource.ts";
import { giveUp } from "../../lib/provisioning/given-up.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { acme } from "../local/served.ts";
import { countedReads } from "../provisioning/counted-reads.ts";
import { mendedTenant, type TestStore, testStore } from "../ops/store.ts";
import { openPages, type Pages } from "./pages.ts";

let store: TestStore;
let pages: Pages;
beforeEach(async () => {
  store = testStore();
  pages = await openPages({ ...store.whileWorking(mendedTenant), tenant: mendedTenant });
});
afterEach(async () => {
  await pages.close();
  store.close();
});

const ada = { userName: "ada@example.com", title: "Countess", emails: [{ value: "a.lovelace@example.com" }] };
const noticeOf = (html: string): string =>
  (/<div class="part" id="person-notice">([^]*?)<div class="part" id="person-who">/.exec(html)?.[1] ?? "")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();

/** Presses a button, and looks until it is over. */
async function press(id: string, button: string): Promise<string> {
  const { path } = await pages.post(`/people/${id}/${button}`);
  expect(path).toMatch(new RegExp(`^/people/${id}\\?job=[\\w-]{36}$`));
  for (;;) {
    const notice = noticeOf(await pages.get(path));
    if (!notice.startsWith("Asked for")) return notice;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function parked(): Promise<string> {
  const id = await store.createUser({ userName: "eve@example.com" });
  await store.work();
  return id;
}

describe("replay", () => {
  test("sends what is parked to the worker, and says when it is applied", async () => {
    const id = await parked();
    const html = await pages.get(`/people/${id}`);
    expect(html).toContain("can carry it");
    const drop = /href="(\/failed\/[^"]*)"/.exec(html)?.[1] ?? "";
    expect(await pages.get(drop)).toContain("Give up");
    expect(await press(id, "replay")).toBe("It was replayed, and is applied.");
    expect((await readHead(store.operations.table, "User", id))?.applied).toBe(1);
    expect(pages.actions).toMatchObject([
      { who: "ada@test", action: "replay", subject: `User/${id}`, outcome: "1 sent, 1 applied" },
    ]);
  });

  test("of what the mapping would refuse again sends nothing, and says why", async () => {
    await pages.close();
    pages = await openPages(store.whileWorking());
    const id = await parked();
    expect(await pages.get(`/people/${id}`)).toContain("would refuse it again");
    expect(await press(id, "replay")).toMatch(/^It would fail again, so it was not sent: .*email/);
    expect(pages.actions).toMatchObject([{ action: "replay", outcome: "nothing was done" }]);
  });

  test("takes up again what was given up", async () => {
    const id = await parked();
    const head = await readHead(store.operations.table, "User", id);
    expect(head && (await giveUp(store.operations, head, "a test"))).toBe(true);
    expect(await pages.get(`/people/${id}`)).toContain(">Take up again<");
    expect(await press(id, "replay")).toBe("It was replayed, and is applied.");
  });

  test("of what is not parked any more does nothing", async () => {
    const id = await store.createUser(ada);
    await store.work();
    expect(await press(id, "replay")).toBe("Nothing of it is parked any more: nothing was sent.");
  });
});

describe("apply again", () => {
  test("says what it would change, does it, and says so", async () => {
    const id = await store.createUser(ada);
    await store.work();
    expect(await pages.get(`/people/${id}`)).toContain("It would change 1 attribute: email.");
    expect(await press(id, "again")).toBe("It was applied again, with the mapping of today.");
    expect(await pages.get(`/people/${id}`)).toContain("It would be the same as now.");
    expect(pages.actions).toMatchObject([{ action: "resync", subject: `User/${id}`, outcome: "1 applied" }]);
  });

  test("of what the mapping cannot carry changes nothing", async () => {
    const id = await parked();
    await store.work(mendedTenant);
    await press(id, "replay");
    await pages.close();
    pages = await openPages(store.whileWorking());
    expect(await pages.get(`/people/${id}`)).toContain("It would fail, and stay as it is");
    expect(await press(id, "again")).toMatch(/^It would fail: .* The entry stays as it is\.$/);
  });

  test("of somebody who is parked or waits leads elsewhere", async () => {
    expect(await press(await parked(), "again")).toBe("It is parked: replay it once the cause is gone.");
    expect(await press(await store.createUser(ada), "again")).toMatch(/^A change is pending/);
  });

  test.each(["again", "replay", "bundle"])("%s of an id that nothing has does nothing", async (button) => {
    const { status } = await pages.post(`/people/00000000-0000-4000-8000-000000000000/${button}`);
    expect([status, pages.actions]).toEqual([404, []]);
  });
});

describe("the support bundle", () => {
  test("is a file with values masked; unmasked only after a page that asks, and both are in the action log", async () => {
    const id = await store.createUser(ada);
    await store.work();
    const masked = await pages.post(`/people/${id}/bundle`);
    expect(masked.html).toMatch(/^# Rollcall support bundle/);
    expect(masked.html).not.toMatch(/Countess|lovelace/);
    const form = { headers: { cookie: pages.cookie }, method: "POST" };
    const { headers } = await pages.raw(`/people/${id}/bundle`, {
      ...form,
      body: new URLSearchParams({ csrf: pages.csrf }),
    });
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="rollcall-support-parking-[\d-]+\.md"$/);
    const question = await pages.get(`/people/${id}/bundle`);
    expect(question).toContain("personal data");
    expect(question).toContain('name="values" value="shown"');
    expect((await pages.post(`/people/${id}/bundle`, { values: "shown" })).html).toContain("Countess");
    expect(pages.actions.map(({ outcome }) => outcome)).toEqual(["masked", "masked", "with values as they are"]);
    expect(JSON.stringify(pages.actions)).not.toContain("ada@example.com");
  });
});

describe("the live parts", () => {
  test("are sent when something has changed, and not before", async () => {
    const id = await store.createUser(ada);
    const html = await pages.get(`/people/${id}`);
    const address = /data-live="([^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const { body } = await pages.raw(address, { headers: { cookie: pages.cookie } });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (what: string): Promise<string> => {
      while (!text.includes(what)) text += (await reader?.read())?.value ?? "";
      return text;
    };
    expect(await until("event: beat")).not.toContain("person-why");
    await store.work();
    const changed = await until('"id":"person-state"');
    expect(changed).toMatch(/"id":"person-state","html":"[^]*active[^]*applied/);
    await reader?.cancel();
  });
});

describe("reads", () => {
  test("are as many among three thousand users as among thirty", { timeout: 60_000 }, async () => {
    const counted = await Promise.all(
      [30, 3_000].map(async (users) => {
        const many = testStore(acme);
        await seedUsers({ db: many.db, tenant: acme, users, applied: true });
        const { table, readsOf } = countedReads(many.operations.table);
        const operations = { ...many.operations, table };
        const [found] = await findResources(many.operations, seedUserName(seedNumber(7)));
        const looked = await openPages(operations);
        const reads = await readsOf(async () => await looked.get(`/people/${found?.head.id}`));
        const nobody = await readsOf(async () => await looked.get("/why?who=nobody%40example.com"));
        await looked.close();
        many.close();
        return { reads, nobody };
      }),
    );
    expect(counted[1]).toEqual(counted[0]);
    expect(counted[0]?.reads.items).toBeLessThan(50);
  });
});
