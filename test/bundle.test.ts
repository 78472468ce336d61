/** The bundles as they are deployed: small, whole, and with the tenant file beside the code. */
import { isBuiltin } from "node:module";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TenantStack } from "../lib/cdk/tenant-stack.ts";
import { loadTenant } from "../lib/tenant-folder.ts";

const root = join(import.meta.dirname, "..");
/** It has events and OAuth. */
const { settings, path, hash } = loadTenant(join(root, "tenants"), "rehearsal");

/** Of `index.mjs`. Units: bytes. */
const most: Readonly<Record<string, number>> = {
  api: 460_000,
  worker: 450_000,
  sweeper: 450_000,
  publisher: 400_000,
  deliver: 420_000,
  feed: 350_000,
  oauth: 380_000,
};

let folder: string;
const bundles: Record<string, string> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-bundles-"));
  const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8"));
  const app = new App({ context, outdir: folder });
  new TenantStack(app, { tenant: "rehearsal", settings, tenantPath: path, tenantHash: hash, version: "1.0.0" });
  const { template } = app.synth().getStackByName("rollcall-rehearsal");
  for (const [id, resource] of Object.entries<any>(template.Resources)) {
    const name = /^(?:Functions|Events)?(Api|Worker|Sweeper|Publisher|Deliver|Feed|OAuth)[0-9A-F]{8}$/
      .exec(id)?.[1]
      ?.toLowerCase();
    const hash = String(resource.Properties?.Code?.S3Key).replace(".zip", "");
    if (name !== undefined) bundles[name] = join(folder, `asset.${hash}`);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(Object.entries(most))("the bundle of the %s function", (name, bytes) => {
  test(`is at most ${bytes / 1000} kB, the SDK included: what is loaded at a cold start`, () => {
    expect(statSync(code(name)).size).toBeLessThanOrEqual(bytes);
  });

  test("brings everything it imports but Node's own modules", () => {
    const imports = [...readFileSync(code(name), "utf8").matchAll(/(?:^|;)import\b[^"';]*?["']([^"']+)["']/g)];
    const foreign = imports.flatMap(([, from = ""]) => (isBuiltin(from) ? [] : [from]));
    expect(imports.length).toBeGreaterThan(0);
    expect(foreign).toEqual([]);
  });

  test("has the tenant file beside it", () => {
    expect(readFileSync(join(bundles[name] ?? "", "tenant.json"), "utf8")).toBe(readFileSync(path, "utf8"));
  });
});

test("what verifies signatures of OAuth clients is loaded by the oauth function alone", () => {
  const withJose = Object.keys(most).filter((name) => readFileSync(code(name), "utf8").includes("ERR_JWT_EXPIRED"));
  expect(withJose).toEqual(["oauth"]);
});

function code(name: string): string {
  return join(bundles[name] ?? "", "index.mjs");
}
