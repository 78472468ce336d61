/** `npm run demo`: a newcomer sees the product work within a minute. */
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Io } from "../../lib/cli/io.ts";
import { main } from "../../lib/cli/main.ts";
import { openDatabase } from "../../lib/local/database.ts";
import { eventually } from "./served.ts";
import { type DemoProcess, demoProcess, startedDemo } from "./demo-process.ts";
import { temporaryFolder } from "./temporary-database.ts";

let demo: DemoProcess;
let doctor: string;
beforeAll(async () => {
  demo = await demoProcess();
  doctor = await rollcall("doctor", "--local");
});
afterAll(async () => void (await demo.end()));

/** On the demo's data, as in another terminal. */
async function rollcall(...words: string[]): Promise<string> {
  let out = "";
  const io: Io = {
    stdout: (text) => void (out += text),
    stderr: () => {},
    colours: false,
    interruption: () => new AbortController().signal,
    settings: { dataDir: demo.dataDir, tenant: "practice", tenantsDir: join(import.meta.dirname, "../../tenants") },
  };
  await main(words, io);
  return out.replaceAll(/\s+/g, " ");
}

test("a demo that is ended while it is being played leaves nothing behind", async () => {
  const folder = temporaryFolder();
  const child = startedDemo({ TMPDIR: folder.path });
  const ended = once(child, "close");
  await once(child.stdout, "data");
  expect(readdirSync(folder.path)).toHaveLength(1);
  child.kill("SIGINT");
  await ended;
  expect(readdirSync(folder.path)).toEqual([]);
  folder.remove();
});

describe("the demo", () => {
  test("prints a link to a console that is there, and nothing that looks like a problem", async () => {
    const { status } = await fetch(new URL("/people", demo.link));
    expect(status).toBe(401);
    const answer = await fetch(demo.link);
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([200, expect.stringContaining("HttpOnly")]);
    expect(demo.out).not.toMatch(/warn|error/i);
  });

  test("says whom the telephone rings about", () => {
    for (const who of ["ann.novak", "ben.ito", "carla.rossi", "dan.weber", "elif.kaya", "farid.petrov", "staging"])
      expect(demo.out).toContain(who);
  });

  test("doctor finds what was planted, and nothing else", () => {
    const found = [...doctor.matchAll(/(?:FAILED|warning) ([a-z ]+?) (?=[A-Z0-9])/g)].map(([, name]) => name?.trim());
    expect(found).toEqual(["parked", "let in", "refusals"]);
  });

  test("has a day behind it", () => {
    expect(doctor).toMatch(/the oldest for 2 h/);
    expect(doctor).toMatch(/about every 60 min/);
  });

  test("explain has the cause of a complaint", async () => {
    expect(await rollcall("explain", "--local", "elif.kaya@example.com")).toContain("parked ·");
  });

  test("goes on: a change comes in while one looks", async () => {
    const db = openDatabase({ folder: demo.dataDir, tenant: "practice" });
    const changes = () => Number(db.prepare("SELECT count(*) AS n FROM item WHERE pk LIKE 'Log#%'").get()?.["n"]);
    const before = changes();
    expect(before).toBeGreaterThan(100);
    await eventually(() => changes() > before);
    db.close();
  });

  test("ends by Ctrl-C, and leaves nothing behind", async () => {
    expect(await demo.end()).toBe(0);
    expect(existsSync(demo.dataDir)).toBe(false);
  });
});
