import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Io } from "../../lib/cli/io.ts";
import { main } from "../../lib/cli/main.ts";
import { type Served, serve } from "../../lib/local/serve.ts";
import { loadTenant } from "../../lib/tenant-folder.ts";

const tenantsDir = join(import.meta.dirname, "../../tenants");
const dataDir = mkdtempSync(join(tmpdir(), "rollcall-cli-"));

let served: Served;
beforeAll(async () => {
  const { tenant } = loadTenant(tenantsDir, "acme");
  served = await serve({ host: "127.0.0.1", port: 0, dataDir, tenant });
});
afterAll(async () => {
  await served.close();
  rmSync(dataDir, { recursive: true });
});

async function run(...words: string[]): Promise<{ code: number; out: string }> {
  let out = "";
  const io: Io = {
    stdout: (text) => {
      out += text;
    },
    stderr: () => {},
    colours: false,
    interruption: () => new AbortController().signal,
    settings: { dataDir, tenant: "acme", tenantsDir, token: served.token },
  };
  return { code: await main([...words, "--base-url", served.baseUrl], io), out };
}

test("a simulation beside a running npm start ends with a table, and with what was compared", async () => {
  const { code, out } = await run("simulate", "entra", "--users", "10", "--groups", "2", "--local");
  expect(code).toBe(0);
  expect(out).toMatch(/^kind +requests +failed +again +p50 ms +p95 ms +p99 ms\n/);
  expect(out).toMatch(/\d+ requests in [\d.]+ s, [\d.]+ a second: no failure\./);
  expect(out).toContain("10 users, 2 groups,");
  expect(out).toContain("Read back through SCIM: equal to what was sent.");
  expect(out).toContain("Directory: equal to what was sent.");
  expect(out.split("\n").filter((text) => text.length > 80)).toEqual([]);
});

test("--json is the whole result", async () => {
  const { code, out } = await run(
    "simulate",
    "okta",
    "--users",
    "3",
    "--groups",
    "1",
    "--seed",
    "5",
    "--verify",
    "--json",
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    idp: "okta",
    users: 3,
    ok: true,
    summary: { failed: 0 },
    readBack: { differences: 0 },
  });
});
