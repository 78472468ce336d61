/** `rollcall types`: from the tenant file alone, into a file or onto the screen. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestStore, testStore } from "../ops/store.ts";
import { commandOn, type Ran } from "./run.ts";

let store: TestStore;
let run: (words: string) => Promise<Ran>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store);
});
afterEach(() => store.close());

describe("rollcall types", () => {
  test.each(["--local", "--tenant parking"])(
    "prints the types of a tenant file and asks nothing of AWS: %s",
    async (target) => {
      const { code, out } = await run(`types ${target}`);
      expect(code).toBe(0);
      expect(out).toContain('export type UserLookup = "login";');
    },
  );

  test("writes a file, and writes it over when the mapping has changed", async () => {
    const file = join(store.folder, "types.ts");
    for (let time = 0; time < 2; time += 1) {
      expect(await run(`types --local --out ${file}`)).toMatchObject({ code: 0, out: "" });
    }
    expect(readFileSync(file, "utf8")).toBe((await run("types --local")).out);
  });

  test("never writes over a file that it has not made", async () => {
    const file = join(store.folder, "main.ts");
    writeFileSync(file, "export const mine = 1;\n");
    const { code, err } = await run(`types --local --out ${file}`);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("was not made by this command") });
    expect(readFileSync(file, "utf8")).toBe("export const mine = 1;\n");
  });

  test.each([
    ["types", "Name exactly one of --tenant <name>"],
    ["types --tenant globex", 'There is no tenant "globex"; the only tenant is parking.'],
    ["types --local --out /no/such/folder/types.ts", "there is no such folder"],
  ])("refuses %s with what to do", async (words, told) => {
    const { code, err } = await run(words);
    expect({ code, err: err.replaceAll(/\s+/g, " ") }).toEqual({ code: 2, err: expect.stringContaining(told) });
  });
});
