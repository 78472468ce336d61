import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLocal } from "../../../lib/cli/local-target.ts";
import type { Target } from "../../../lib/cli/target.ts";
import { type Served, serve } from "../../../lib/local/serve.ts";
import { dialects, type Simulation, simulate } from "../../../lib/ops/simulate/simulate.ts";
import { systemClock } from "../../../lib/system.ts";
import { loadTenant } from "../../../lib/tenant-folder.ts";

const loaded = loadTenant(join(import.meta.dirname, "../../../tenants"), "acme");
const { tenant } = loaded;
const folder = mkdtempSync(join(tmpdir(), "rollcall-simulate-"));

let served: Served;
let target: Target;
beforeAll(async () => {
  served = await serve({ host: "127.0.0.1", port: 0, dataDir: folder, tenant });
  target = openLocal({ dataDir: folder }, loaded);
});
afterAll(async () => {
  target.close();
  await served.close();
  rmSync(folder, { recursive: true });
});

const asked = (idp: Simulation["idp"], seed: number): Simulation => {
  const { baseUrl, token } = served;
  const sizes = { users: 40, groups: 6, seed, concurrency: 5 };
  return { idp, ...sizes, baseUrl, token, verify: true, directory: target.operations, clock: systemClock };
};

describe.each(Object.keys(dialects) as Simulation["idp"][])("a first cycle of %s", (idp) => {
  const seed = idp === "entra" ? 11 : 12;

  test("ends without a failure, and everything is as it was sent, through SCIM and in the Directory", async () => {
    const result = await simulate(asked(idp, seed));
    expect(result).toMatchObject({ users: 40, groups: 6, ok: true, summary: { failed: 0, failures: [] } });
    expect(result.readBack).toMatchObject({ users: 40, groups: 6, differences: 0 });
    expect(result.directory).toMatchObject({
      users: 40,
      groups: 6,
      differences: 0,
      pending: 0,
      members: result.memberships,
    });
  });

  test("played again, it finds those of the first time and creates nobody", async () => {
    const result = await simulate(asked(idp, seed));
    expect(result.ok).toBe(true);
    expect(result.summary.kinds.filter(({ kind }) => kind.startsWith("create"))).toEqual([]);
  });
});

describe("a simulation", () => {
  test("notices an entry that is not as it was sent", async () => {
    const spoiling = {
      ...target.operations.table,
      get: async (key: Parameters<typeof target.operations.table.get>[0]) => {
        const item = await target.operations.table.get(key);
        const isUser =
          item !== undefined && key.table === "directory" && key.pk.startsWith("User#") && key.sk === "Entry";
        return isUser ? { ...item, attributes: { ...item.attributes, profile: "{}", state: "removed" } } : item;
      },
    };
    const directory = { ...target.operations, table: spoiling };
    const result = await simulate({ ...asked("entra", 13), users: 2, groups: 0, directory });
    expect(result.ok).toBe(false);
    expect(result.directory?.examples.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("has another login"),
        expect.stringContaining("is removed in the directory"),
      ]),
    );
  });

  test("with a wrong token ends before it begins, with the server's words", async () => {
    const token = "rc_wrong_0123456789012345678901234567890123456789";
    await expect(simulate({ ...asked("entra", 1), token })).rejects.toThrow(/cannot be used: 401/);
  });

  test("against something that is no SCIM server says so", async () => {
    const fetch = async () => new Response("<html>", { status: 200 });
    await expect(simulate({ ...asked("okta", 1), fetch })).rejects.toThrow("its answer is not SCIM");
  });

  test("whose server goes away for good ends with a sentence, not request by request", async () => {
    let [asking, now] = [0, 0];
    const failing: typeof fetch = async (...request) => {
      asking += 1;
      if (asking > 10) throw new Error("connection refused");
      return await fetch(...request);
    };
    const clock = { now: () => now, sleep: async (ms: number) => void (now += ms) };
    const { directory: _, ...alone } = asked("entra", 15);
    await expect(simulate({ ...alone, fetch: failing, clock })).rejects.toThrow(/does not answer any more.*npm start/);
    expect(now).toBeLessThan(10 * 60_000);
  });

  test("that is stopped verifies nothing, and is not ok", async () => {
    const result = await simulate({ ...asked("entra", 14), signal: AbortSignal.abort() });
    expect(result).toMatchObject({ stopped: true, ok: false, users: 0 });
    expect(result).not.toHaveProperty("directory");
  });
});
