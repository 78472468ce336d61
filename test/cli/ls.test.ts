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
