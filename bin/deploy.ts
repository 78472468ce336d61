/** `npm run deploy -- <tenant> [options of cdk deploy]`: deploys the stack of one tenant. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { listTenants, thereAre } from "../lib/tenant-folder.ts";

const root = join(import.meta.dirname, "..");
const tenants = listTenants(join(root, "tenants"));
const [tenant, ...options] = process.argv.slice(2);

if (tenant === undefined || !tenants.includes(tenant)) {
  const usage = `npm run deploy -- <tenant> [options of cdk deploy]; ${thereAre(tenants)}.`;
  console.error(tenant === undefined ? `Usage: ${usage}` : `There is no tenant "${tenant}". Usage: ${usage}`);
  process.exitCode = 2;
} else {
  const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");
  const deployment = spawn(process.execPath, [cdk, "deploy", "-c", `tenant=${tenant}`, ...options], {
    cwd: root,
    stdio: "inherit",
  });
  deployment.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
