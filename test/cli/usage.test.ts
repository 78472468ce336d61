import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

describe("a command that is not given as it must be is one sentence on stderr, and exit code 2", () => {
  test.each([
    ["token ls", "Name exactly one of --tenant <name> (a deployed stack) and --local (the embedded data)."],
    ["token ls --local --tenant acme", "Name exactly one of --tenant <name>"],
    ["token ls --tenant globex", 'There is no tenant "globex"; the only tenant is parking.'],
    ["token create --local", "Required option '--label <text>' not specified."],
    ["token create --local --label x --expires-days 0", "Expected a whole number from 1 to 3650."],
    ["token ls --loca", "Unknown option '--loca'"],
    ["tokens", "Unknown command 'tokens'"],
    ["brake --local", "Which? status, allow or reject: npx rollcall brake status …"],
    ["fleet --json", "Which? ls, doctor, deploy or upgrade: npx rollcall fleet ls …"],
    ["fleet deploy --at-once 0 --yes", "Expected a whole number from 1 to 20."],
    ["fleet deploy globex --yes", 'There is no tenant "globex"; the only tenant is parking.'],
    ["dlq --tenant acme", "Which? ls, show, replay or drop: npx rollcall dlq ls …"],
    ["mapping --local", "Which? coverage or preview"],
    ["token --json", "Which? create, ls or revoke"],
    ["dlq lst --local", "Unknown command 'lst'. Which? ls, show, replay or drop"],
    ["brake --local status", "The command comes before its options: npx rollcall brake status …"],
    ["import --local", "Name a file, or one of ls and undo: npx rollcall import people.csv …"],
    ["import nobody.csv --local", "There is no file nobody.csv."],
    ["import people.xlsx --local", "people.xlsx has none of the endings .csv, .json and .jsonl"],
    ["import undo --local", "Missing required argument 'id'."],
    ["export --local --json", "Standard output is JSON already: --json goes with --out"],
    ["show --local", "Missing required argument 'who'."],
    ["explain --local", "Missing required argument 'who'."],
    ["explain --local ada --expect asleep", "Allowed choices are inactive."],
    ["explain group --local", "Missing required argument 'name'."],
    ["dlq show --local --older-than 2x", "Expected a number with s, m, h or d, such as 2h."],
    ["mapping coverage --local --type Device", 'There is no resource type "Device"; there are User, Group.'],
    ["mapping coverage --local --after x", '"x" is no position'],
    ["dlq drop --local", 'Say why with --reason "…": it stays with the resource for whoever asks later.'],
    [["dlq", "drop", "--local", "--reason", "x".repeat(501)], "A reason has at most 500 characters."],
    ["dlq show --local --limit 0", "Expected a whole number from 1 to 100000."],
    ["simulate ping --users 1 --groups 1", "Allowed choices are entra, okta."],
    ["simulate entra --users 0 --groups 1", "Expected a whole number from 1 to 1000000."],
    ["simulate entra --users 1 --groups 1", "Which token? Name it with --token, or in ROLLCALL_TOKEN."],
    ["simulate entra --users 1 --groups 1 --token t --base-url ftp://x", '"ftp://x" is no base URL'],
  ])("%s", async (words, sentence) => {
    const { code, out, err } = await run(words);
    expect(err).toContain(sentence);
    expect([code, out]).toEqual([2, ""]);
    expect(err).not.toMatch(/^ +at /m);
  });

  test("a data folder without data is not made, but told", async () => {
    const { code, err } = await run("dlq ls --local", { dataDir: join(store.folder, "typo") });
    expect([code, err]).toEqual([2, expect.stringContaining('There is no embedded data of tenant "parking" in')]);
  });
});

describe("what does not work out is one sentence on stderr, and exit code 1", () => {
  test.each([
    [
      "show --local nobody",
      'Nothing is called "nobody": no userName, e-mail, externalId, group displayName or id is that.',
    ],
    ["token revoke --local nope", 'There is no token "nope"; `npx rollcall token ls` lists them.'],
    ["dlq show --local --user nobody", 'Nobody is called "nobody"'],
  ])("%s", async (words, sentence) => {
    const { code, out, err } = await run(words);
    expect(err).toContain(sentence);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect([code, out]).toEqual([1, ""]);
  });

  test("a tenant file with a typo says which key and what was expected", async () => {
    writeFileSync(join(store.folder, "tenants/parking.json"), '{"environment":{"region":"eu-central-1"},"maping":{}}');
    const { code, err } = await run("token ls --local");
    expect([code, err]).toEqual([1, expect.stringContaining("tenants/parking.json: ")]);
    expect(err).toContain("maping");
  });

  test("a data file that is no database", async () => {
    const dataDir = join(store.folder, "tenants");
    writeFileSync(
      join(dataDir, "parking.sqlite"),
      "no database at all, but long enough to be taken for one".repeat(100),
    );
    const { code, err } = await run("token ls --local", { dataDir });
    expect([code, err]).toEqual([1, expect.stringContaining("is not a sound SQLite database")]);
  });
});

describe("an error on stderr", () => {
  const nobody = `show --local ${"nobody.".repeat(20)}example.com`;

  test.each(["token ls", `${nobody} --no-such-option-${"x".repeat(80)}`, nobody])(
    "is wrapped at the width of the terminal: %s",
    async (words) => {
      for (const columns of [60, 80]) {
        const { err } = await run(words, { columns });
        expect(err.trim().split("\n").length).toBeGreaterThan(1);
        expect(err.split("\n").filter((text) => text.length > columns)).toEqual([]);
      }
    },
  );

  test("is one line where nobody looks, for whoever searches a log", async () => {
    expect((await run("token ls")).err.trim().split("\n")).toHaveLength(1);
  });
});

/** All that there are, found as a person finds them: in the help of the help. */
async function commandsBelow(words: string): Promise<string[]> {
  const { out } = await run(`${words} --help`.trim());
  const names = [...out.matchAll(/^(?:[A-Z][^\n]*:\n)((?: {2}.*\n)+)/gm)]
    .flatMap(([, block = ""]) => [...block.matchAll(/^ {2}([a-z][a-z-]*)/gm)])
    .flatMap(([, name = ""]) => (out.includes("[command]") ? [`${words} ${name}`.trim()] : []));
  const own = out.includes("Examples:") && words !== "" ? [words] : [];
  const below = await Promise.all(names.map(commandsBelow));
  return [...own, ...below.flat()];
}

describe("help", () => {
  test("rollcall --help fits a screen: groups of commands, a line for each", async () => {
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    for (const command of ["explain", "show", "dlq", "token", "simulate"])
      expect(out).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    for (const group of ["What is, and why:", "To mend it:", "To set up, and to practise:"])
      expect(out).toContain(group);
    // A command whose description takes more than a line has a `summary()`, too.
    const listed = out.slice(out.indexOf("What is"), out.indexOf("Examples:"));
    expect(listed.split("\n").filter((text) => /^ {3,}/.test(text))).toEqual([]);
    expect(out.split("\n").length).toBeLessThanOrEqual(40);
  });

  test("of every command has examples that begin with it, the options that all have, and fits 80 columns", async () => {
    const all = await commandsBelow("");
    expect(all).toEqual(expect.arrayContaining(["explain group", "dlq replay", "mapping preview", "token revoke"]));
    expect(all.length).toBeGreaterThanOrEqual(15);
    for (const words of all) {
      const { code, out } = await run(`${words} --help`);
      expect([words, code]).toEqual([words, 0]);
      expect(out).toContain(`Examples:\n  $ npx rollcall ${words}`);
      const whose = words.startsWith("fleet ") ? [] : ["--tenant <name>", "--local"];
      for (const option of [...whose, "--json"]) expect([words, out]).toEqual([words, expect.stringContaining(option)]);
      expect([words, out.split("\n").filter((text) => text.length > 80)]).toEqual([words, []]);
    }
  });

  test("is as wide as the terminal", async () => {
    const widest = async (columns: number) =>
      Math.max(...(await run("orphans --help", { columns })).out.split("\n").map((text) => text.length));
    expect(await widest(80)).toBeLessThanOrEqual(80);
    expect(await widest(120)).toBeGreaterThan(100);
  });

  test("an option that it does not have is a usage error of every command", async () => {
    for (const words of await commandsBelow("")) {
      const { code, out, err } = await run(`${words} --nonsense`);
      expect([words, code, out]).toEqual([words, 2, ""]);
      expect([words, err]).toEqual([words, expect.stringMatching(/^(Unknown|Required) option '.*\.\n$/)]);
    }
  });

  test("no command at all is a usage error with the help on stderr", async () => {
    const { code, out, err } = await run([]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("Usage: rollcall");
  });
});

describe("bin/rollcall.ts", () => {
  const bin = join(import.meta.dirname, "../../bin/rollcall.ts");
  const start = (words: string[], env: Record<string, string>) =>
    spawnSync(process.execPath, [bin, ...words], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "", ...env },
    });

  test("takes the data folder from ROLLCALL_DATA, and exits as main says", () => {
    const { status, stderr, stdout } = start(["token", "ls", "--local"], { ROLLCALL_DATA: store.folder });
    expect(stderr).toContain(`There is no embedded data of tenant "acme" in ${store.folder}`);
    expect([status, stdout]).toEqual([2, ""]);
  });

  test("a reader that has read enough ends it without a word", async () => {
    const child = spawn(process.execPath, [bin, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (data) => (said += String(data)));
    const [code] = await once(child, "close");
    expect([code, said]).toEqual([141, ""]);
  });

  test("--version prints that of package.json", () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
    expect(start(["--version"], {})).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  test("an empty variable is one that is not set", () => {
    const { status, stderr } = start(["simulate", "okta", "--users", "1", "--groups", "0"], { ROLLCALL_TOKEN: "" });
    expect([status, stderr]).toEqual([2, "Which token? Name it with --token, or in ROLLCALL_TOKEN.\n"]);
  });
});
