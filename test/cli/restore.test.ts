/** "Backup and restore" of docs/operating.md, on embedded data: whoever runs what it shows has both tables of one moment again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mendedTenant, parkingTenantFile, type TestStore, testStore } from "../ops/store.ts";
import { commandOn, type Ran } from "./run.ts";

const [, section = ""] =
  /^## Backup and restore\n([\s\S]*?)^## /m.exec(
    readFileSync(join(import.meta.dirname, "../../docs/operating.md"), "utf8"),
  ) ?? [];
const shown = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .flatMap(([, block = ""]) => block.trimEnd().split("\n"))
  .filter((line) => line.startsWith("npx rollcall "));

let store: TestStore;
let run: (words: string) => Promise<Ran>;
let restoredTo: string;
beforeEach(async () => {
  store = testStore(mendedTenant);
  run = commandOn(store, { ...parkingTenantFile, mapping: mendedMapping });
  const [ada, bob] = [await store.createUser({ userName: "ada" }), await store.createUser({ userName: "bob" })];
  await store.createGroup("Blue", [ada, bob]);
  await store.work();
  restoredTo = new Date().toISOString();
  store.db.exec("CREATE TABLE backup AS SELECT * FROM item");
  // What comes now is not of the moment that is gone back to.
  store.tick();
  await store.patchUser(ada, { userName: "ada.1" });
  await store.deleteUser(bob);
  await store.work();
});
afterEach(() => store.close());

const mendedMapping = { policy: "park", attributes: { login: { from: "userName", required: true, lookup: true } } };

function restore(...tables: readonly string[]): void {
  for (const name of tables) {
    store.db.prepare("DELETE FROM item WHERE tbl = ?").run(name);
    store.db.prepare("INSERT INTO item SELECT * FROM backup WHERE tbl = ?").run(name);
  }
}

async function runAll(): Promise<Ran[]> {
  const stop = store.keepWorking();
  const ran: Ran[] = [];
  for (const line of shown) {
    const words = line.replace("npx rollcall ", "").replace("--tenant acme", "--local");
    ran.push(await run(words.replace("2026-11-24T12:00:00Z", restoredTo)));
  }
  await stop();
  return ran;
}

const unwrapped = (text: string) => text.replaceAll(/\s+/g, " ");
const restoreLine = ({ out }: Ran) => unwrapped(out).replace(/^.*(FAILED|ok) +restore /, "$1 ");

describe("the commands that a restore is mended with", () => {
  test("are five: doctor, what would be done, doing it, tokens, doctor", () => {
    expect(shown.map((line) => line.split(" ").slice(2, 3)[0])).toEqual([
      "doctor",
      "resync",
      "resync",
      "token",
      "doctor",
    ]);
  });

  test("bring a directory of an earlier moment up to what was accepted", async () => {
    restore("directory");
    const [before, plan, done, tokens, after] = await runAll();
    expect(before && restoreLine(before)).toMatch(/^FAILED Of those that were looked at, the directory lacks changes/);
    expect(plan).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^3 resources compared\n {2}3 {2}are to be applied once more/),
    });
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining("3 resources applied.") });
    expect(unwrapped(done?.out ?? "")).toContain(
      "Have everything sent again. At the identity provider: its full synchronisation.",
    );
    expect(tokens?.code).toBe(0);
    expect(after && restoreLine(after)).toMatch(/^ok /);
    expect((await run("show --local ada.1")).out).toContain('"login": "ada.1"');
  });

  test("find both tables of one moment well, and say what to press at the identity provider", async () => {
    restore("scim", "directory");
    const [before, , done, , after] = await runAll();
    expect(before && restoreLine(before)).toMatch(/^ok /);
    expect(done?.code).toBe(0);
    expect(after && restoreLine(after)).toMatch(/^ok /);
  });

  test("bring a Scim table of an earlier moment to where whoever left stays out", async () => {
    restore("scim");
    const [before, plan, done, , after] = await runAll();
    expect(before && restoreLine(before)).toMatch(/the directory has more than was accepted of 2 users/);
    expect(plan?.out).toContain("  1    of these had left by then");
    expect(done?.code).toBe(0);
    expect(after && restoreLine(after)).toMatch(/^ok /);
    expect((await run("explain --local bob")).out).toMatch(/^deleted · /m);
  });
});
