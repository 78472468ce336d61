/** The practice of docs/operating.md: whoever does what it says finds all seven causes, and mends what can be mended here. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Io } from "../lib/cli/io.ts";
import { main } from "../lib/cli/main.ts";
import { type Served, serve } from "../lib/local/serve.ts";
import { loadTenant } from "../lib/tenant-folder.ts";
import { silence } from "./local/served.ts";
import { temporaryFolder } from "./local/temporary-database.ts";

const root = join(import.meta.dirname, "..");
const [, practice = ""] =
  /^## Practise[^\n]*\n([\s\S]*?)^## /m.exec(readFileSync(join(root, "docs/operating.md"), "utf8")) ?? [];
const commands = [...practice.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .flatMap(([, block = ""]) => block.trimEnd().split("\n"))
  .filter((line) => line.startsWith("npx rollcall"));

const folder = temporaryFolder();
const tenantsDir = join(folder.path, "tenants");
const tenantFile = join(tenantsDir, "practice.json");

let served: Served;
async function start(): Promise<void> {
  const { tenant } = loadTenant(tenantsDir, "practice");
  served = await serve({ host: "127.0.0.1", port: 0, dataDir: folder.path, tenant, telemetry: silence });
}

beforeAll(async () => {
  cpSync(join(root, "tenants"), tenantsDir, { recursive: true });
  await start();
});
afterAll(async () => {
  await served.close();
  folder.remove();
});

/** Runs the command of the page that begins so, as it stands there. */
async function run(beginning: string): Promise<{ code: number; out: string; err: string }> {
  const command = commands.find((line) => line.startsWith(`npx rollcall ${beginning}`)) ?? "";
  const words = command
    .replace("<the token>", served.token)
    .replace(".rollcall/idp.csv", join(folder.path, "idp.csv"))
    .replace("tenants/practice.json", tenantFile)
    .match(/"[^"]*"|\S+/g)
    ?.slice(2)
    .map((word) => word.replaceAll('"', ""));
  const said = { out: "", err: "" };
  const io: Io = {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    colours: false,
    interruption: () => new AbortController().signal,
    settings: { dataDir: folder.path, tenant: "practice", tenantsDir, baseUrl: served.baseUrl },
  };
  const code = await main(words ?? [], io);
  return { code, ...said };
}

/** What is printed is wrapped; sentences are looked for without their line ends. */
const unwrapped = (text: string) => text.replaceAll(/\s+/g, " ");

test("the company is provisioned, and the telephone rings seven times", { timeout: 600_000 }, async () => {
  const { code, out } = await run("simulate");
  expect(code).toBe(0);
  expect(out).toMatch(/^5,000 users, 5 groups/m);
  expect(out.split("And now the telephone rings")[1]?.match(/^ {2}\S/gm)).toHaveLength(7);
});

test("doctor names what can be seen from here", async () => {
  const { code, out } = await run("doctor");
  expect(code).toBe(1);
  for (const seen of [/FAILED +parked +1 change parked/, /Entra staging.*expired/s, /"email" is required/])
    expect(unwrapped(out)).toMatch(seen);
});

test.each([
  ["ann.novak", "never-named", /not assigned/],
  ["ben.ito", "refused", /"email" is required/],
  ["carla.rossi", "attribute-missing", /department/],
  ["dan.weber", "still-active", /no deactivation was received/i],
  ["elif.kaya", "parked", /costCentre/],
  ["farid.petrov", "in-sync", /another one of this name.*deleted at the identity provider/i],
])("%s: %s", async (who, verdict, words) => {
  const { code, out } = await run(`explain ${who}`);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^${verdict} · `, "m"));
  expect(unwrapped(out)).toMatch(words);
});

test("coverage shows the department that stands elsewhere", async () => {
  const { out } = await run("mapping coverage");
  expect(unwrapped(out)).toContain("enterprise:1.0:department");
});

test("the comparison with the export finds who is disabled there and active here", async () => {
  const { out } = await run("orphans");
  expect(unwrapped(out)).toMatch(/another state.*dan\.weber@example\.com/i);
});

test("the table is mended, previewed, deployed and replayed: Elif is there", async () => {
  expect(await run("dlq ls")).toMatchObject({ code: 0, out: expect.stringContaining("mapping-value-unusable") });
  const before = readFileSync(tenantFile, "utf8");
  writeFileSync(tenantFile, before.replace('"Operations": "C-500"', '"Operations": "C-500", "Legal": "C-600"'));
  expect(unwrapped((await run("mapping preview")).out)).toMatch(/first entry/);
  await served.close();
  await start();
  expect(await run("dlq replay")).toMatchObject({ code: 0 });
  expect((await run("explain elif.kaya")).out).toMatch(/^in-sync · /m);
  expect((await run("dlq ls")).out).toContain("Nothing is parked");
});

test("connect makes a token for staging", async () => {
  const { code, out } = await run("connect");
  expect(code).toBe(0);
  expect(out).toMatch(/rc_[a-z0-9]+_[A-Za-z0-9]+/);
});
