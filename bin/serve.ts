/** `npm start`: Rollcall on this machine alone. The environment in, a few lines for the person who started it out. */
import { join, resolve } from "node:path";
import { StartError } from "../lib/local/listen.ts";
import { serve, type Served } from "../lib/local/serve.ts";
import { loadTenant } from "../lib/tenant-folder.ts";
import { tokenId } from "../lib/token.ts";

const root = join(import.meta.dirname, "..");
const nodeMajor = 24;

/** A variable that says what cannot be: exit code 2, all other reasons not to start are 1. */
class UsageError extends Error {}

try {
  checkNode();
  const settings = readEnvironment(process.env);
  const { tenant } = loadTenant(join(root, "tenants"), settings.tenant);
  const served = await serve({ ...settings, tenant });
  stopOnSignals(served);
  console.log(`Rollcall for the tenant ${tenant.name}`);
  console.log(`SCIM base URL  ${served.baseUrl}`);
  console.log(`Bearer token   ${served.token}`);
  console.log(`Data           ${settings.dataDir}`);
  console.log(`ready ${served.baseUrl}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

function checkNode(): void {
  if (Number.parseInt(process.versions.node, 10) >= nodeMajor) return;
  const cure = "run `npm ci`, which installs it, and start with `npm start`";
  throw new StartError(`Rollcall needs Node ${nodeMajor} and this is Node ${process.versions.node}: ${cure}.`);
}

function readEnvironment(env: NodeJS.ProcessEnv) {
  const {
    PORT = "8080",
    HOST = "127.0.0.1",
    ROLLCALL_DATA = ".rollcall",
    ROLLCALL_TENANT = "acme",
    ROLLCALL_TOKEN,
  } = env;
  const port = Number(PORT);
  if (!/^\d{1,5}$/.test(PORT) || port > 65_535)
    throw new UsageError(`PORT is "${PORT}": a number from 0 to 65535 is expected.`);
  if (HOST === "") throw new UsageError("HOST is empty: an address is expected, such as 127.0.0.1.");
  if (ROLLCALL_DATA === "") throw new UsageError("ROLLCALL_DATA is empty: a folder is expected.");
  if (ROLLCALL_TOKEN !== undefined && tokenId(ROLLCALL_TOKEN) === undefined) {
    const form = "id: 3 to 32 of a-z and 0-9; secret: at least 32 letters and digits";
    throw new UsageError(`ROLLCALL_TOKEN does not have the form rc_<id>_<secret> (${form}).`);
  }
  const token = ROLLCALL_TOKEN === undefined ? {} : { token: ROLLCALL_TOKEN };
  return { host: HOST, port, dataDir: resolve(root, ROLLCALL_DATA), tenant: ROLLCALL_TENANT, ...token };
}

/** A second signal ends it at once: what was accepted is in the file. */
function stopOnSignals(served: Served): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    void served.close();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}
