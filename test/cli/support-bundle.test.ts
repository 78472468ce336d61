import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Played, played } from "../ops/played.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let world: Played;
let run: (words: string | readonly string[], as?: World) => Promise<Ran>;
let out: string;
const before = process.cwd();
beforeEach(async () => {
  world = played();
  run = commandOn(world);
  out = join(world.folder, "ticket.md");
  await world.connect("okta");
  await world.post("ada@example.com", { emails: [{ value: "ada@example.com" }] });
  await world.work();
  process.chdir(world.folder);
});
afterEach(() => {
  process.chdir(before);
  world.close();
});

describe("support-bundle", () => {
  test("writes a masked page for its owner's eyes into a file that names nobody", async () => {
    const { code, out: said } = await run("support-bundle --local ada@example.com");
    expect(code).toBe(0);
    const [name = ""] = said.split("\n");
    expect(name).toMatch(/^rollcall-support-parking-\d{4}-\d\d-\d\d-\d{6}\.md$/);
    const page = readFileSync(name, "utf8");
    expect(page).toContain("# Rollcall support bundle");
    expect(page).not.toContain("ada@example.com");
    expect(statSync(name).mode & 0o077).toBe(0);
    expect(said).toContain("Add from Okta: Reports → System Log");
  });

  test("--unmasked asks first: a no writes nothing, a yes the values", async () => {
    const words = `support-bundle --local ada@example.com --unmasked --out ${out}`;
    const refused = await run(words, { answer: false });
    expect([refused.code, refused.err, existsSync(out)]).toEqual([
      0,
      expect.stringContaining('about "ada@example.com" as they are?\nNothing was written.'),
      false,
    ]);
    expect((await run(words, { answer: true })).out).toContain("NOT masked");
    expect(readFileSync(out, "utf8")).toContain("ada@example.com");
  });

  test("--unmasked where nobody can be asked is a usage error, unless --yes", async () => {
    const words = `support-bundle --local ada@example.com --unmasked --out ${out}`;
    expect(await run(words)).toMatchObject({ code: 2, err: expect.stringContaining("add --yes") });
    expect((await run(`${words} --yes`)).code).toBe(0);
  });

  test("a file that is there is not written over", async () => {
    await run(`support-bundle --local ada@example.com --out ${out}`);
    expect(await run(`support-bundle --local bob --out ${out}`)).toMatchObject({
      code: 2,
      err: `${out} is there already: name another with --out.\n`,
    });
  });

  test("--json is the same as data on standard output, or in a file", async () => {
    const { out: said } = await run("support-bundle --local ada@example.com --json");
    const data = JSON.parse(said);
    expect(data).toMatchObject({
      masked: true,
      at: expect.stringMatching(/Z$/),
      subject: { word: "a•••@e•••.com" },
      verdict: { code: expect.any(String) },
      configuration: { mapping: { policy: "park" } },
    });
    await run(`support-bundle --local ada@example.com --json --out ${out}`);
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ masked: true });
  });

  test("--out - is standard output", async () => {
    const { out: said } = await run("support-bundle --local ada@example.com --out -");
    expect(said).toMatch(/^# Rollcall support bundle\n/);
  });

  test("a folder that is not there is told in a sentence", async () => {
    expect(await run("support-bundle --local ada@example.com --out none/x.md")).toMatchObject({
      code: 2,
      err: "none/x.md cannot be written: there is no such folder.\n",
    });
  });
});
