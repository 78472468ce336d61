/** A project of tenant files alone, deployed by a stand-in for CDK. */
import { join } from "node:path";
import type { Settings } from "../../lib/cli/io.ts";

/** `folder`: has `tenants`; takes the stacks, the journal and the logs. */
export function fleetSettings(folder: string): Settings {
  return {
    version: "0.2.0",
    dataDir: join(folder, "data"),
    tenant: "acme",
    tenantsDir: join(folder, "tenants"),
    cdk: { command: [process.execPath, join(import.meta.dirname, "fake-cdk.ts"), folder], cwd: folder },
  };
}
