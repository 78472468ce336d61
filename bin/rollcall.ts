#!/usr/bin/env node
/** The operator's command. The only place where it reads the environment. */
import { join, resolve } from "node:path";

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  // Before anything of ours is imported: Node 22 reads this file, but has not all that the rest needs.
  console.error(
    `rollcall needs Node 24 or later and runs on ${process.version}: \`npx rollcall\` in the project takes the right one.`,
  );
  process.exit(1);
}

const { main } = await import("../lib/cli/main.ts");
const { terminalIo } = await import("../lib/cli/terminal.ts");
const { version } = await import("./version.ts");
const { cdk } = await import("./cdk.ts");

const root = join(import.meta.dirname, "..");
const { ROLLCALL_DATA: data, ROLLCALL_TENANT: tenant, ROLLCALL_TOKEN: token, NO_COLOR: noColour } = process.env;
const { HOST: host, PORT: port, ROLLCALL_WEBHOOKS: webhooks } = process.env;
const settings = {
  version,
  dataDir: resolve(root, isSet(data) ? data : ".rollcall"),
  tenant: isSet(tenant) ? tenant : "acme",
  tenantsDir: join(root, "tenants"),
  baseUrl: `http://${isSet(host) ? host : "127.0.0.1"}:${isSet(port) ? port : "8080"}/scim/v2`,
  ...(isSet(token) ? { token } : {}),
  ...(isSet(webhooks) ? { webhooks } : {}),
  cdk,
};

process.exitCode = await main(process.argv.slice(2), terminalIo(process, settings, { plain: isSet(noColour) }));

/** An empty variable is one that was not set. */
function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
