import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Played, played } from "../ops/played.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let world: Played;
let run: (words: string | readonly string[], as?: World) => Promise<Ran>;
beforeEach(async () => {
  world = played();
  run = commandOn(world);
  await world.connect("okta");
});
afterEach(() => world.close());

const users = async (count: number) => {
  for (let n = 0; n < count; n += 1) await world.post(`u${n}`, { emails: [{ value: "u@example.com" }] });
};
const file = (content: string | Uint8Array) => {
  const path = join(world.folder, "export.csv");
  writeFileSync(path, content);
  return path;
};

describe("orphans", () => {
  test("counts first, then the first twenty of each list; --all prints them all", async () => {
    await users(22);
    const { code, out } = await run("orphans --local");
    expect(code).toBe(0);
    expect(out).toMatch(/^parking: 22 active users, 0 inactive\n\n {7}0 {2}active, and no change/);
    expect(out).toContain("      22  active, and in no group\n");
    expect(out).toContain("… and 2 more, which --all and --json show");
    expect((await run("orphans --local --all")).out.match(/^u\d+ /gm)).toHaveLength(22);
    expect(JSON.parse((await run("orphans --local --json")).out).groupless).toHaveLength(22);
  });

  test("an export of UTF-16, as PowerShell writes it; the doctor tells the result", async () => {
    await users(2);
    expect((await run("doctor --local")).out).toMatch(/- +orphans +Nobody has looked yet/);
    const text = "\uFEFFuserPrincipalName;accountEnabled\r\nu0;True\r\nghost;True\r\n";
    const path = file(Buffer.from(text, "utf16le"));
    const { code, out } = await run(["orphans", "--local", "--assignments", path]);
    expect(code).toBe(0);
    expect(out).toContain("export.csv: 2 people; columns userPrincipalName, accountEnabled");
    expect(out).toMatch(/Missing here\nrow {2}who {4}external id\n3 {4}ghost\n/);
    expect(out).toMatch(/Not assigned there\nuserName .*\nu1 /);
    expect((await run("doctor --local")).out).toMatch(/warning +orphans +0 not named .*: 1\s+missing here, 1\s+extra/s);
  });

  test("a file of a part of the company is warned of, before the lists of who is in no group", async () => {
    await users(3);
    const { out } = await run(["orphans", "--local", "--assignments", file("login\nu0\nU0\n")]);
    expect(out).toContain("export.csv: 1 person, 1 further row about the same; columns login\n");
    expect(out.replaceAll("\n", " ")).toContain("WARNING: 2 of 3 active users here are not in the file");
    expect(out.indexOf("Not assigned there")).toBeLessThan(out.indexOf("In no group"));
    expect((await run("doctor --local")).out).toMatch(/- +orphans +Nobody has looked yet/);
  });

  test.each([
    ["a header alone", "login\n", "has no row behind its header"],
    ["a spreadsheet", new Uint8Array([80, 75, 3, 4, 0, 255, 254]), "the file is no text; expected a CSV"],
  ])("%s is refused in a sentence", async (_name, content, sentence) => {
    const { code, out, err } = await run(["orphans", "--local", "--assignments", file(content)]);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining(sentence)]);
    expect(err.trim().split(". ")).toHaveLength(1);
    expect(err).not.toContain("PK");
  });

  test("a broken row is a usage error that names row and column, and nothing was read by then", async () => {
    const path = file("login,status\nu0,ACTIVE\nu1,perhaps\n");
    expect(await run(["orphans", "--local", "--assignments", path])).toEqual({
      code: 2,
      out: "",
      err: `${path}: row 3, column "status" has "perhaps"; expected true or false, active or inactive, enabled or disabled, or a status of Okta's.\n`,
    });
  });

  test.each([
    ["--assignments none.csv", "There is no file none.csv.\n"],
    ["--after x", '"x" is no position; --after takes what a stopped run printed.\n'],
    ["--days 0", "Expected a whole number from 1 to 3650."],
  ])("%s is refused in a sentence", async (words, sentence) => {
    const { code, err } = await run(`orphans --local ${words}`);
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)]);
  });

  test("stopped, it says how to go on, and fails", async () => {
    await users(3);
    const { code, err } = await run("orphans --local", { interrupted: true });
    expect(code).toBe(1);
    expect(err).toContain("Stopped before the end");
  });

  test("fits 80 columns", async () => {
    await world.post("a.very.long.name.".repeat(8), {
      emails: [{ value: "u@example.com" }],
      externalId: "x".repeat(60),
    });
    const path = file(`login,id\n${"another.long.name.".repeat(8)},${"y".repeat(60)}\n`);
    const { out } = await run(["orphans", "--local", "--assignments", path]);
    expect(out.split("\n").filter((text) => text.length > 80)).toEqual([]);
  });
});
