import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { brakeTenantFile, type TestStore, testStore } from "../ops/store.ts";
import { commandOn, type Ran, type World } from "./run.ts";

const tenant = readTenantFile("parking", brakeTenantFile);

let store: TestStore;
let run: (words: string | readonly string[], world?: World) => Promise<Ran>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store, brakeTenantFile);
});
afterEach(() => store.close());

/** Five leave where three may. */
async function mass(names: readonly string[] = ["a", "b", "c", "d", "e"]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push(await store.createUser({ userName: `${name}@example.com` }));
  await store.work(tenant);
  for (const id of ids) await store.patchUser(id, { active: false });
  await store.work(tenant);
  return ids;
}

async function stillActive(ids: readonly string[]): Promise<number> {
  await store.work(tenant);
  let count = 0;
  for (const id of ids) if ((await readEntry(store.operations.table, "User", id))?.state === "active") count += 1;
  return count;
}

describe("brake status", () => {
  test("on a quiet day says that it is off, and when it would trip", async () => {
    const { code, out } = await run("brake status --local");
    expect(code).toBe(0);
    expect(out).toMatch(/state +off\n/);
    expect(out).toMatch(/may leave +3; tenant file: 3, or 20 % of 0 users once ten have left/);
    expect(out).not.toContain("$");
  });

  test("says since when it is on, why, whom it holds, and the three ways out, within 80 columns", async () => {
    await mass();
    const { out } = await run("brake status --local");
    expect(out).toMatch(/state +on: whoever leaves is held until you decide/);
    expect(out).toMatch(/tripped +\d+ s ago \(.* UTC\): 4 left within 60 min, 3 may\n/);
    expect(out).toMatch(/held +2 people: d@example.com, e@example.com/);
    expect(out).toContain("  $ npx rollcall brake allow --local\n");
    expect(out).toContain("  $ npx rollcall brake allow --user <who> --local\n");
    expect(out).toContain("  $ npx rollcall brake reject --local\n");
    expect(out.split("\n").filter((text) => text.length > 80)).toEqual([]);
  });

  test("--json has the same as data", async () => {
    await mass();
    expect(JSON.parse((await run("brake status --local --json")).out)).toMatchObject({
      state: "held",
      action: "hold",
      left: 3,
      trip: { at: expect.stringMatching(/Z$/), count: 4, threshold: 3 },
      held: { count: 2, first: ["d@example.com", "e@example.com"] },
    });
  });

  test("holds no escape sequence that an identity provider sent", async () => {
    await mass(["a", "b", "c", "\u001B[2Jd"]);
    for (const words of ["brake status --local", "brake allow --local --dry-run"]) {
      expect(/[^\n\P{Cc}]/u.test((await run(words)).out)).toBe(false);
    }
  });
});

describe("brake allow", () => {
  test("shows whom, asks, and does nothing after a no", async () => {
    const ids = await mass();
    const { code, out, err } = await run("brake allow --local", { answer: false });
    expect(out).toBe(
      "May leave: 2 people: d@example.com, e@example.com; and whoever leaves within the\nnext 60 min.\n",
    );
    expect([code, err]).toEqual([0, "Go on?\nNothing was changed.\n"]);
    expect(await stillActive(ids)).toBe(2);
    expect((await run("brake status --local --json")).out).toContain('"state": "held"');
  });

  test("after a yes lets them go", async () => {
    const ids = await mass();
    const { code, out } = await run("brake allow --local", { answer: true });
    expect([code, await stillActive(ids)]).toEqual([0, 0]);
    expect(out).toMatch(/2 leavers sent to the worker\. Everybody may leave until .* UTC\./);
    expect((await run("brake status --local")).out).toMatch(/last decision +allow, \d+ s ago; everybody may leave/);
  });

  test("stopped by Ctrl-C it says how to go on, and goes on", async () => {
    const ids = await mass();
    const { code, err } = await run("brake allow --local --yes", { interrupted: true });
    expect([code, err.endsWith("Run it again to go on.\n")]).toEqual([1, true]);
    expect((await run("brake status --local")).out).toContain("some are still held: run your decision again");
    await run("brake allow --local --yes");
    expect(await stillActive(ids)).toBe(0);
  });

  test("of one person leaves the others held", async () => {
    const ids = await mass();
    expect((await run("brake allow --local --user d@example.com --yes")).code).toBe(0);
    expect(await stillActive(ids)).toBe(1);
    const { code, err } = await run("brake allow --local --user a@example.com --yes");
    expect([code, err]).toEqual([1, 'The brake does not keep "a@example.com" from leaving.\n']);
  });

  test("a script that forgot --yes is told so; --dry-run asks nobody", async () => {
    const ids = await mass();
    const { code, err } = await run("brake allow --local");
    expect([code, err]).toEqual([2, "Nobody is there to be asked: add --yes to go on without a question.\n"]);
    expect((await run("brake allow --local --dry-run --json")).out).toBe(
      '{\n  "planned": {\n    "people": 2\n  }\n}\n',
    );
    expect(await stillActive(ids)).toBe(2);
  });

  test("takes one of --user and --rejected", async () => {
    const { code, err } = await run("brake allow --local --user a --rejected");
    expect([code, err]).toEqual([2, "Name one of --user <who> and --rejected: each says by itself who may leave.\n"]);
  });
});

describe("brake reject", () => {
  test("keeps them, and the list of what failed is empty", async () => {
    const ids = await mass();
    const { code, out } = await run("brake reject --local --yes");
    expect([code, out]).toEqual([
      0,
      "Stay active in the directory, until the identity provider says more: 2 people:\nd@example.com, e@example.com. The brake is off then, and counts anew.\n2 leavers kept as they were. Now mend it at the identity provider.\n",
    ]);
    expect(await stillActive(ids)).toBe(2);
    expect((await run("dlq ls --local")).out).toContain("Nothing is parked");
    expect((await run("brake status --local")).out).toMatch(/kept +2 people: .*, by a reject/);
  });

  test("can be taken back", async () => {
    const ids = await mass();
    await run("brake reject --local --yes");
    expect((await run("brake allow --local --rejected --yes")).out).toContain("2 leavers sent to the worker.\n");
    expect(await stillActive(ids)).toBe(0);
    expect((await run("brake allow --local --rejected")).out).toBe("Nobody is kept by an earlier reject.\n");
  });

  test("with nothing to decide says so, and asks nobody", async () => {
    expect(await run("brake reject --local")).toEqual({
      code: 0,
      out: "The brake is off, and nobody is held.\n",
      err: "",
    });
  });
});
