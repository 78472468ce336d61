/** `npm run deploy -- <tenant> [options of cdk deploy]`: deploys the stack of one tenant. */
import { join } from "node:path";
import { cdkDeploy } from "../lib/cli/cdk.ts";
import { listTenants, thereAre } from "../lib/tenant-folder.ts";
import { cdk } from "./cdk.ts";

const tenants = listTenants(join(cdk.cwd, "tenants"));
const [tenant, ...options] = process.argv.slice(2);

if (tenant === undefined || !tenants.includes(tenant)) {
  const usage = `npm run deploy -- <tenant> [options of cdk deploy]; ${thereAre(tenants)}.`;
  console.error(tenant === undefined ? `Usage: ${usage}` : `There is no tenant "${tenant}". Usage: ${usage}`);
  process.exitCode = 2;
} else {
  cdkDeploy(cdk, tenant, options, { stdio: "inherit" }).on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
