/** The CDK app: one stack, for the tenant in `-c tenant=`. `npm run deploy -- acme` and `npx cdk deploy -c tenant=acme`. */
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { TenantStack } from "../lib/cdk/tenant-stack.ts";
import { TenantFileError } from "../lib/provisioning/tenant-file.ts";
import { listTenants, loadTenant, thereAre, UnknownTenantError } from "../lib/tenant-folder.ts";
import { version } from "./version.ts";

const folder = join(import.meta.dirname, "../tenants");
const app = new App();

try {
  const { tenant, settings, path, hash } = loadTenant(folder, tenantName());
  new TenantStack(app, {
    tenant: tenant.name,
    settings,
    tenantPath: path,
    tenantHash: hash,
    version,
    ephemeral: app.node.tryGetContext("ephemeral") === "true",
  });
} catch (error) {
  if (!(error instanceof UnknownTenantError || error instanceof TenantFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function tenantName(): string {
  const name: unknown = app.node.tryGetContext("tenant");
  if (typeof name === "string" && name !== "") return name;
  throw new UnknownTenantError(`Which tenant? Name it with -c tenant=<name>: ${thereAre(listTenants(folder))}.`);
}
