import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestStore, testStore } from "../ops/store.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let store: TestStore;
let run: (words: string | readonly string[], world?: World) => Promise<Ran>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store);
});
afterEach(() => store.close());

const ada = { userName: "ada@example.com", emails: [{ value: "ada@example.com" }] };

describe("ls", () => {
  test("is a table of users with their state, and how many there are in each", async () => {
    const id = await store.createUser(ada);
    await store.createUser({ userName: "bob@example.com" });
    await store.work();
    const { code, out } = await run("ls users --local", { columns: 120 });
    expect(code).toBe(0);
    expect(out).toMatch(/^name +id +state +sync +changed\n/);
    expect(out).toMatch(new RegExp(`ada@example\\.com +${id} +active +applied +\\d+ s ago`));
    expect(out).toContain("2 users in all, 1 parked.");
  });

  test("--state parked says why, and leaves the others out", async () => {
    await store.createUser(ada);
    await store.createUser({ userName: "bob@example.com" });
    await store.work();
    const { out } = await run("ls users --local --state parked", { columns: 200 });
    expect(out).toMatch(/bob@example\.com .* parked for \d+ s, mapping-required-missing/);
    expect(out).not.toContain("ada@example.com");
  });

  test("a page ends with the command for the next one", async () => {
    for (const name of ["a", "b", "c"]) await store.createUser({ ...ada, userName: name });
    const { out } = await run("ls users --local --most 2 --state waiting");
    const [next] = /npx rollcall (ls users .*)$/m.exec(out)?.slice(1) ?? [];
    expect(next).toMatch(/^ls users --state waiting --most 2 --after \S+ --local$/);
    const rest = await run(next ?? "");
    expect(rest.out.match(/pending for/g)).toHaveLength(1);
    expect(rest.out).not.toContain("--after");
  });

  test("--json is data with ISO times", async () => {
    const id = await store.createUser(ada);
    const page = JSON.parse((await run("ls users --local --json")).out);
    expect(page).toMatchObject({
      type: "User",
      state: "all",
      counts: { total: 1, waiting: { count: 1, isMore: false }, parked: { count: 0, isMore: false } },
      rows: [{ id, status: "pending", since: expect.stringMatching(/Z$/), lastModified: expect.stringMatching(/Z$/) }],
    });
  });

  test("nobody is told as nobody, and what cannot be listed with what can", async () => {
    expect((await run("ls groups --local")).out).toBe("None here.\n0 groups in all.\n");
    expect(await run("ls robots --local")).toMatchObject({
      code: 1,
      err: 'There is no "robots" to list; there are users, groups.\n',
    });
  });
});

describe("ls members", () => {
  test("says where the group stands, who is there, and who is to come or to leave", async () => {
    const [there, leaves, comes] = [
      await store.createUser({ ...ada, userName: "there" }),
      await store.createUser({ ...ada, userName: "leaves" }),
      await store.createUser({ ...ada, userName: "comes" }),
    ];
    const group = await store.createGroup("Sales", [there, leaves]);
    await store.work();
    await store.patchGroup(group, [
      { op: "remove", path: `members[value eq "${leaves}"]` },
      { op: "add", path: "members", value: [{ value: comes }] },
    ]);
    const { out } = await run("ls members --local Sales", { columns: 120 });
    expect(out).toMatch(/sync +pending for \d+ s: version 2, the directory has version 1\n/);
    expect(out).toContain("1 to come, 1 to leave");
    expect(out).toMatch(new RegExp(`there +${there} +User +active +is there`));
    expect(out).toMatch(/leaves .* to leave/);
    expect(out).toMatch(/comes .* to come/);
  });

  test("goes on from page to page, with the same options", async () => {
    const ids: string[] = [];
    for (const name of ["a", "b", "c"]) ids.push(await store.createUser({ ...ada, userName: name }));
    await store.createGroup("Sales", ids);
    await store.work();
    const { out } = await run("ls members --local Sales --most 2");
    const [next = ""] = /npx rollcall (ls members .*)$/m.exec(out)?.slice(1) ?? [];
    const page = JSON.parse((await run(`${next} --json`)).out);
    expect(page).toMatchObject({ group: { name: "Sales", status: "applied" }, members: [{ standing: "member" }] });
    expect(page).not.toHaveProperty("next");
  });

  test.each([["nobody"], ["ada@example.com"]])("%s is no group", async (word) => {
    await store.createUser(ada);
    expect(await run(`ls members --local ${word}`)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`No group is called "${word}"`),
    });
  });

  test.each([
    ["--state parked", 2, "The members of a group are listed all: leave --state out.\n"],
    [
      "--after a~",
      1,
      '"a~" is no place in this list: it goes on behind the one that the page before names as its next.\n',
    ],
  ])("%s is refused in a sentence", async (words, code, err) => {
    await store.createGroup("Sales", []);
    expect(await run(`ls members --local Sales ${words}`)).toMatchObject({ code, out: "", err });
  });
});
