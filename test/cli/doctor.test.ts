import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Played, played } from "../ops/played.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let world: Played;
let run: (words: string | readonly string[], as?: World) => Promise<Ran>;
beforeEach(() => {
  world = played();
  run = commandOn(world);
});
afterEach(() => world.close());

describe("doctor", () => {
  test("all is well: exit code 0", async () => {
    await world.connect("okta");
    await world.post("ada", { emails: [{ value: "ada@example.com" }] });
    await world.work();
    await world.sweep();
    const { code, out } = await run("doctor --local");
    expect(out).toMatch(/^parking, 20\S+ \S+ UTC: all is well\n\nok {7}contact {9}Okta called/);
    expect(code).toBe(0);
  });

  test("a failure: exit code 1, first on the page, with since when, what to do and a command for it", async () => {
    await world.connect("okta");
    await world.post("ada");
    await world.work();
    const { code, out } = await run("doctor --local");
    expect(code).toBe(1);
    expect(out).toMatch(/UTC: 1 failure, 1 warning\n\nFAILED {3}parked {10}1 change parked, .* Since\s+20/s);
    expect(out).toMatch(/· 1 mapping-required-missing\n +→ See why,.*\n[^\n]+\n +npx rollcall dlq ls --local\n/);
  });

  test("fits 80 columns, whatever a label holds, and is the same page in colours", async () => {
    const label = `\u001B[2J${"a very long label ".repeat(5)}`;
    await run(["token", "create", "--local", "--label", label, "--expires-days", "3"]);
    const plain = await run("doctor --local");
    expect(plain.out.split("\n").filter((text) => text.length > 80)).toEqual([]);
    expect(/[^\n\P{Cc}]/u.test(plain.out)).toBe(false);
    const coloured = await run("doctor --local", { colours: true });
    const firstWords = (text: string) => text.split("\n").map((one) => one.slice(0, 25));
    expect(firstWords(stripVTControlCharacters(coloured.out)).slice(1)).toEqual(firstWords(plain.out).slice(1));
    expect(coloured.out).not.toBe(stripVTControlCharacters(coloured.out));
  });

  test("--json is the same as data, with ISO times", async () => {
    const { code, out } = await run("doctor --local --json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      tenant: "parking",
      at: expect.stringMatching(/Z$/),
      failures: 1,
      checks: expect.arrayContaining([expect.objectContaining({ name: "contact", state: "failure" })]),
    });
  });
});
