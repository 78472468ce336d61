/** A group's page: why it is as it is, where it stands, who is in it, to come or to leave, however large it is. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUsers } from "../../bench/seeding/users.ts";
import { headKey, memberKey } from "../../lib/provisioning/keys.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { parkingTenant, type TestStore, testStore } from "../ops/store.ts";
import { countedReads } from "../provisioning/counted-reads.ts";
import { openPages, type Pages } from "./pages.ts";

/** A name gives a role, in the tenant file. */
const tenantFile = {
  environment: { region: "eu-central-1" },
  mapping: {
    attributes: {
      login: { from: "userName", required: true, lookup: true },
      roles: { fromGroups: { Sales: ["seller", "viewer"], "Support *": "helper" } },
    },
  },
};

let store: TestStore;
let pages: Pages;

beforeEach(async () => {
  store = testStore(readTenantFile("parking", tenantFile));
  pages = await openPages(store.operations, tenantFile);
});

afterEach(async () => {
  await pages.close();
  store.close();
});

const create = async (userName: string) => await store.createUser({ userName });
const add = (...ids: string[]) => ({ op: "add", path: "members", value: ids.map((value) => ({ value })) });
const remove = (id: string) => ({ op: "remove", path: `members[value eq "${id}"]` });
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const rowText = (html: string, id: string) => {
  const row = html.split("<tr").find((one) => one.includes(`data-href="/people/${id}"`)) ?? "";
  return textOf(`<tr${row}`);
};
const rowsOf = (html: string) =>
  [...html.matchAll(/data-href="\/(?:people|groups)\/([^"]+)"/g)].map(([, id = ""]) => id);
const nextOf = (html: string) => /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&");

async function everyMember(id: string, between = async () => {}): Promise<string[]> {
  const seen: string[] = [];
  for (let path: string | undefined = `/groups/${id}`; path !== undefined; await between()) {
    const html: string = await pages.get(path);
    seen.push(...rowsOf(html));
    path = nextOf(html);
  }
  return seen;
}

describe("a group's page", () => {
  test("says why it is so, where it stands, who is in it, and the same on the command line", async () => {
    const ada = await create("ada@example.com");
    const id = await store.createGroup("Sales", [ada]);
    await store.work();
    const html = await pages.get(`/groups/${id}`);
    const text = textOf(html);
    expect(text).toContain("In sync");
    expect(text).toContain("Members in the directory 1 ");
    expect(text).toContain("Gives roles seller , viewer");
    expect(html).toContain(`npx rollcall explain group ${id} --local`);
    expect(html).toContain(`npx rollcall ls members ${id} --local`);
    expect(html).toContain(`data-live="/live/groups/${id}?seen=`);
    expect(rowText(html, ada)).toMatch(/ada@example\.com active there/);
  });

  test("marks who is to come and who is to leave, and counts them", async () => {
    const [stays, leaves, comes] = [await create("stays"), await create("leaves"), await create("comes")];
    const id = await store.createGroup("Sales", [stays, leaves]);
    await store.work();
    await store.patchGroup(id, [remove(leaves), add(comes)]);
    const html = await pages.get(`/groups/${id}`);
    expect(textOf(html)).toContain("1 to come, 1 to leave");
    expect(textOf(html)).toContain("2 accepted, 1 applied");
    expect(rowText(html, stays)).toContain("there");
    expect(rowText(html, leaves)).toContain("to leave");
    expect(rowText(html, comes)).toContain("to come");
  });

  test("whom the worker has done already is there, and there once", async () => {
    const [done, comes] = [await create("done"), await create("comes")];
    const id = await store.createGroup("Sales");
    await store.work();
    await store.patchGroup(id, [add(done, comes)]);
    await store.operations.table.write({ kind: "put", key: memberKey(id, done), attributes: { type: "User" } });
    const html = await pages.get(`/groups/${id}`);
    expect(rowsOf(html).toSorted()).toEqual([done, comes].toSorted());
    expect(rowText(html, done)).toContain("there");
    expect(rowText(html, comes)).toContain("to come");
  });

  test("a replace of all says so, and marks all others as leaving", async () => {
    const [stays, leaves] = [await create("stays"), await create("leaves")];
    const id = await store.createGroup("Sales", [stays, leaves]);
    await store.work();
    await store.patchGroup(id, [{ op: "replace", path: "members", value: [{ value: stays }] }]);
    const html = await pages.get(`/groups/${id}`);
    expect(textOf(html)).toContain("1 to come, all others leave");
    expect(rowText(html, stays)).toContain("there");
    expect(rowText(html, leaves)).toContain("to leave");
  });

  test("a group in the group leads to its own page, and one who is deleted is a deleted one", async () => {
    const [ada, inner] = [await create("ada"), await store.createGroup("Inner")];
    const id = await store.createGroup("Sales", [ada, inner]);
    await store.work();
    const html = await pages.get(`/groups/${id}`);
    expect(html).toContain(`data-href="/groups/${inner}"`);
    expect(rowsOf(html)).toHaveLength(2);
  });

  test.each([
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["مجلس الإدارة", "مجلس الإدارة"],
    ["x".repeat(200), "x".repeat(200)],
  ])("%s is a name like any other", async (name, shown) => {
    const id = await store.createGroup(name, [await create(name)]);
    await store.work();
    const html = await pages.get(`/groups/${id}`);
    expect(html).toContain(`<h1>${shown}</h1>`);
    expect(html).toContain(`<bdi class="name" title="${shown}">${shown}</bdi>`);
    expect(html).not.toContain("<script>alert");
  });
});

describe("what is not there", () => {
  test("an id that never was is told, with where to look", async () => {
    const html = await pages.get("/groups/00000000-0000-4000-8000-000000000000", 404);
    expect(html).toContain("No group has the id");
    expect(html).toContain('href="/why?who=00000000-0000-4000-8000-000000000000"');
  });

  test("the id of a person leads to the person", async () => {
    const id = await create("ada");
    const { headers } = await pages.raw(`/groups/${id}`, { headers: { cookie: pages.cookie } });
    expect(headers.get("location")).toBe(`/people/${id}`);
  });

  test("a deleted group says that it is, and who is still in it", async () => {
    const ada = await create("ada");
    const id = await store.createGroup("Sales", [ada]);
    await store.work();
    await store.deleteGroup(id);
    const pending = textOf(await pages.get(`/groups/${id}`));
    expect(pending).toContain(`Deleted group ${id}`);
    expect(pending).toContain("Pending all leave");
    await store.work();
    const html = await pages.get(`/groups/${id}`);
    expect(html).toContain("deleted");
    expect(rowsOf(html)).toEqual([]);
  });
});

describe("a walk that is under way", () => {
  test("of a change that replaces all is told by where it is among the ids", async () => {
    const id = await store.createGroup("Sales", [await create("a"), await create("b")]);
    await store.work();
    await store.patchGroup(id, [{ op: "replace", path: "members", value: [] }]);
    const walk = { to: 2, cursor: "c0000000-0000-4000-8000-000000000000" };
    await store.operations.table.write({ kind: "update", key: headKey("Group", id), set: walk });
    expect(textOf(await pages.get(`/groups/${id}`))).toContain("about 75 % of the members are done");
  });

  test.each([
    [{ to: 2, cursor: "80000000-0000-4000-8000-000000000000" }, "of 3 named members"],
    [{ to: 2, nameCursor: "40000000-0000-4000-8000-000000000000" }, "about 25 % of the members know the new name"],
  ])("%j is shown as far as it is", async (walk, says) => {
    const ids = [await create("a"), await create("b"), await create("c")];
    const id = await store.createGroup("Sales", []);
    await store.work();
    await store.patchGroup(id, [add(...ids)]);
    await store.operations.table.write({ kind: "update", key: headKey("Group", id), set: walk });
    const html = await pages.get(`/groups/${id}`);
    expect(textOf(html)).toContain(says);
    expect(html).toContain("<progress");
  });

  test("is told live, and the page says when it is over", async () => {
    const id = await store.createGroup("Sales", [await create("a")]);
    const abort = new AbortController();
    const answer = await pages.raw(`/live/groups/${id}`, { headers: { cookie: pages.cookie }, signal: abort.signal });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let first = "";
    while (!first.includes('"id":"group-standing"')) first += (await reader?.read())?.value ?? "";
    expect(first).toContain("pending");
    await store.work();
    let later = "";
    while (!/"id":"group-standing".*applied/.test(later)) later += (await reader?.read())?.value ?? "";
    expect(later).toContain("In sync");
    abort.abort();
    await reader?.cancel();
  });
});

describe("the buttons of a group", () => {
  test("apply it again: the worker answers, the page tells, and the action log has who did it", async () => {
    const id = await store.createGroup("Sales", [await create("ada")]);
    await store.work();
    const opened = await openPages(store.whileWorking(), tenantFile);
    expect(await opened.get(`/groups/${id}`)).toContain(`action="/groups/${id}/again"`);
    const { path } = await opened.post(`/groups/${id}/again`);
    expect(path).toMatch(new RegExp(`^/groups/${id}\\?job=`));
    await expect.poll(async () => await opened.get(path)).toContain("It was applied again");
    expect(opened.actions).toMatchObject([{ action: "resync", subject: `Group/${id}`, outcome: "1 applied" }]);
    await opened.close();
  });

  test("replay it while it is parked", async () => {
    const id = await store.createGroup("Sales", [await create("ada")]);
    store.parkHead("Group", id);
    const opened = await openPages(store.whileWorking(), tenantFile);
    expect(await opened.get(`/groups/${id}`)).toContain(`action="/groups/${id}/replay"`);
    const { path } = await opened.post(`/groups/${id}/replay`);
    await expect.poll(async () => await opened.get(path)).toContain("It was replayed, and is applied.");
    await opened.close();
  });
});

describe("a group of 5,000 members", () => {
  let large: TestStore;
  let ids: string[];
  beforeAll(async () => {
    large = testStore(parkingTenant);
    await seedUsers({ db: large.db, tenant: parkingTenant, users: 5_000 });
    ids = large.db
      .prepare("SELECT sk FROM item WHERE tbl = 'scim' AND pk LIKE 'User#_' ORDER BY sk")
      .all()
      .map((row) => String(row["sk"]));
  });
  afterAll(() => large.close());

  test("is read page by page, each in the reads of a small one, to come as well as there", async () => {
    const { table, readsOf } = countedReads(large.operations.table);
    const opened = await openPages({ ...large.operations, table });
    const small = await large.createGroup("Small", ids.slice(0, 3));
    const group = await large.createGroup("Everybody", ids);
    const callsOf = async (id: string) => (await readsOf(async () => await opened.get(`/groups/${id}`))).calls;
    expect(await callsOf(group)).toBeLessThanOrEqual((await callsOf(small)) + 2);
    expect(rowsOf(await opened.get(`/groups/${group}`))).toEqual(ids.slice(0, 50));
    await large.work();
    expect(await callsOf(group)).toBeLessThanOrEqual((await callsOf(small)) + 2);
    const html = await opened.get(`/groups/${group}`);
    expect(textOf(html)).toContain("Members in the directory 5,000");
    expect(rowsOf(html)).toEqual(ids.slice(0, 50));
    const middle = await opened.get(`/groups/${group}?after=${ids[2_499]}`);
    expect(rowsOf(middle)).toEqual(ids.slice(2_500, 2_550));
    await opened.close();
  });

  test("beyond ten thousand its members are not counted one by one", async () => {
    const { table, readsOf } = countedReads(large.operations.table);
    const opened = await openPages({ ...large.operations, table });
    const group = await large.createGroup("Crowd");
    await large.work();
    const insert = large.db.prepare("INSERT INTO item (tbl, pk, sk, attributes) VALUES ('directory', ?, ?, ?)");
    large.db.exec("BEGIN");
    for (let n = 0; n < 30_000; n += 1)
      insert.run(`Group#${group}`, `Member#${n.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`, "{}");
    large.db.exec("COMMIT");
    const reads = await readsOf(async () => {
      expect(textOf(await opened.get(`/groups/${group}`))).toContain("Members in the directory 10,000+");
    });
    expect(reads.items).toBeLessThanOrEqual(10_001 + 200);
    await opened.close();
  });
});

test("all members are seen once, while others come and go", async () => {
  const known: string[] = [];
  for (let n = 0; n < 130; n += 1) known.push(await create(`u${n}`));
  const late = await Promise.all([1, 2, 3, 4, 5].map(async (n) => await create(`late${n}`)));
  const id = await store.createGroup("Sales", known.slice(0, 100));
  await store.work();
  await store.patchGroup(id, [add(...known.slice(100))]);
  let came = 0;
  const seen = await everyMember(id, async () => {
    const [one] = late.slice(came, came + 1);
    came += 1;
    if (one !== undefined) await store.patchGroup(id, [add(one)]);
    if (came === 2) await store.work();
  });
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(known));
  expect(seen).toEqual(seen.toSorted());
});
