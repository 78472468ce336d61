import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newToken } from "../../lib/token.ts";
import { eventually } from "./served.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary-database.ts";

const root = join(import.meta.dirname, "../..");

interface Run {
  readonly process: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

/** `npm start`, without npm. */
function start(env: Readonly<Record<string, string>>, options: readonly string[] = []): Run {
  const args = ["--import", "./bin/require-node.mjs", "bin/serve.ts", ...options];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, "close").then(([code]: (number | null)[]) => code ?? null);
  return { process: child, out: () => out, err: () => err, ended };
}

async function ready(run: Run): Promise<void> {
  await eventually(() => run.out().includes("\nready ") || run.process.exitCode !== null);
  if (run.process.exitCode !== null) throw new Error(run.err());
}

let folder: TemporaryFolder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

describe("npm start", () => {
  test("prints base URL, token, data folder and at last `ready <base URL>`, and stops on SIGTERM", async () => {
    const run = start({ PORT: "0", ROLLCALL_DATA: join(folder.path, "new", "data") });
    await ready(run);
    const lines = run.out().trimEnd().split("\n");
    const [, baseUrl] = /^ready (http:\/\/127\.0\.0\.1:\d+\/scim\/v2)$/.exec(lines.at(-1) ?? "") ?? [];
    const [token] = /rc_[a-z0-9]+_\w+/.exec(run.out()) ?? [];
    expect(lines).toEqual(expect.arrayContaining([expect.stringContaining(join(folder.path, "new", "data"))]));
    const answer = await fetch(`${baseUrl}/Users`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    run.process.kill("SIGTERM");
    expect([await run.ended, run.err()]).toEqual([0, ""]);
  });

  test("prints the link of the console, which has a port of its own on 127.0.0.1", async () => {
    const run = start({ PORT: "0", CONSOLE_PORT: "0", ROLLCALL_DATA: folder.path });
    await ready(run);
    const [, link = ""] = /^Console +(\S+)$/m.exec(run.out()) ?? [];
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\?key=/);
    expect((await fetch(link)).status).toBe(200);
    run.process.kill("SIGTERM");
    expect([await run.ended, run.err()]).toEqual([0, ""]);
  });

  test("a port of the console that is taken: exit code 1 in one sentence, and the token of whoever has it goes on", async () => {
    const other = start({ PORT: "0", CONSOLE_PORT: "0", ROLLCALL_DATA: folder.path });
    await ready(other);
    const [, port = ""] = /:(\d+)\/open/.exec(other.out()) ?? [];
    const run = start({ PORT: "0", CONSOLE_PORT: port, ROLLCALL_DATA: join(folder.path, "another") });
    expect([await run.ended, run.out()]).toEqual([1, ""]);
    expect(run.err()).toBe(
      `Port ${port} of 127.0.0.1 is in use: stop the program that has it, or choose another port with CONSOLE_PORT or --port.\n`,
    );
    const [[token], [, baseUrl]] = [/rc_[a-z0-9]+_\w+/.exec(other.out()) ?? [], /ready (.*)/.exec(other.out()) ?? []];
    expect((await fetch(`${baseUrl}/Users`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    other.process.kill("SIGTERM");
    await other.ended;
  });

  test("takes the token in ROLLCALL_TOKEN", async () => {
    const { text } = newToken("fixed");
    const run = start({ PORT: "0", ROLLCALL_DATA: folder.path, ROLLCALL_TOKEN: text });
    await ready(run);
    const [, baseUrl] = /ready (.*)/.exec(run.out()) ?? [];
    expect((await fetch(`${baseUrl}/Users`, { headers: { authorization: `Bearer ${text}` } })).status).toBe(200);
    run.process.kill("SIGINT");
    expect(await run.ended).toBe(0);
  });

  test.each([
    [2, { PORT: "http" }, 'PORT is "http": a number from 0 to 65535 is expected.'],
    [2, { PORT: "70000" }, 'PORT is "70000": a number from 0 to 65535 is expected.'],
    [2, { CONSOLE_PORT: "http" }, 'CONSOLE_PORT is "http": a number from 0 to 65535 is expected.'],
    [2, { ROLLCALL_TOKEN: "secret" }, "ROLLCALL_TOKEN does not have the form rc_<id>_<secret>"],
    [1, { ROLLCALL_TENANT: "nobody" }, 'There is no tenant "nobody"; '],
    [1, { ROLLCALL_DATA: join(import.meta.dirname, "start.test.ts") }, "The data folder "],
  ])("exit code %i in one sentence: %j", async (code, env, sentence) => {
    const run = start({ PORT: "0", ROLLCALL_DATA: folder.path, ...env });
    expect([await run.ended, run.out()]).toEqual([code, ""]);
    expect(run.err()).toMatch(/^[^\n]+\n$/);
    expect(run.err()).toContain(sentence);
  });

  test("an option, of which it has none: exit code 2 in one sentence", async () => {
    const run = start({ PORT: "0", ROLLCALL_DATA: folder.path }, ["--plant-faults"]);
    expect([await run.ended, run.out()]).toEqual([2, ""]);
    expect(run.err()).toMatch(/^npm start takes no options, and "--plant-faults" is one: [^\n]+\n$/);
  });

  test("a port in use: exit code 1 in one sentence", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const run = start({ PORT: String(port), ROLLCALL_DATA: folder.path });
    expect([await run.ended, run.err()]).toEqual([1, expect.stringContaining(`Port ${port} of 127.0.0.1 is in use`)]);
    other.close();
  });

  test("data that is no database: exit code 1 in one sentence", async () => {
    writeFileSync(
      join(folder.path, "rehearsal.sqlite"),
      "this is not a database, but a text that is long enough to be one\n".repeat(100),
    );
    const run = start({ PORT: "0", ROLLCALL_DATA: folder.path, ROLLCALL_TENANT: "rehearsal" });
    expect([await run.ended, run.err()]).toEqual([
      1,
      expect.stringMatching(/^.*rehearsal\.sqlite is not a sound SQLite database.*\n$/),
    ]);
  });
});
