/** `npm start`: Rollcall on this machine alone. The environment in, a few lines for the person who started it out. */
import { join, resolve } from "node:path";
import { actionFile } from "../lib/console/action-file.ts";
import { systemActor } from "../lib/console/actor.ts";
import { openConsole, type OpenConsole } from "../lib/console/serve.ts";
import { serve, type Served } from "../lib/local/serve.ts";
import { type LoopbackWebhooks, loopbackWebhooks } from "../lib/outbound/loopback-post.ts";
import { loadTenant } from "../lib/tenant-folder.ts";
import { tokenId } from "../lib/token.ts";
import { version } from "./version.ts";

const root = join(import.meta.dirname, "..");

/** A variable that says what cannot be: exit code 2, all other reasons not to start are 1. */
class UsageError extends Error {}

try {
  refuseOptions(process.argv.slice(2));
  const settings = readEnvironment(process.env);
  const loaded = loadTenant(join(root, "tenants"), settings.tenant);
  const { tenant } = loaded;
  const { dataDir, consolePort } = settings;
  let page: OpenConsole | undefined;
  const served = await serve({
    ...settings,
    tenant,
    alsoOpen: async (opened) => {
      page = await openConsole({
        ...opened,
        loaded,
        version,
        ...(consolePort === undefined ? {} : { port: consolePort }),
        actor: systemActor(),
        ...actionFile(dataDir),
      });
    },
  });
  stopOnSignals(served, page);
  console.log(`Rollcall for the tenant ${tenant.name}`);
  console.log(`SCIM base URL  ${served.baseUrl}`);
  console.log(`Bearer token   ${served.token}`);
  if (served.feedUrl !== undefined) console.log(`Event feed     ${served.feedUrl}`);
  console.log(`Data           ${dataDir}`);
  console.log(`Console        ${page?.link}`);
  console.log(`ready ${served.baseUrl}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** `npm start -- --plant-faults` and the like: what is not read must not seem to be. */
function refuseOptions([first]: readonly string[]): void {
  if (first !== undefined)
    throw new UsageError(
      `npm start takes no options, and "${first}" is one: the variables in README.md say what it does.`,
    );
}

/** An empty variable is one that was not set. */
function readEnvironment(env: NodeJS.ProcessEnv) {
  const { PORT, HOST, CONSOLE_PORT, ROLLCALL_DATA, ROLLCALL_TENANT, ROLLCALL_TOKEN: token } = env;
  const { ROLLCALL_WEBHOOKS: webhooks } = env;
  if (token && tokenId(token) === undefined) {
    const form = "id: 3 to 32 of a-z and 0-9; secret: at least 32 letters and digits";
    throw new UsageError(`ROLLCALL_TOKEN does not have the form rc_<id>_<secret> (${form}).`);
  }
  return {
    host: HOST || "127.0.0.1",
    port: portOf("PORT", PORT || "8080"),
    consolePort: CONSOLE_PORT ? portOf("CONSOLE_PORT", CONSOLE_PORT) : undefined,
    dataDir: resolve(root, ROLLCALL_DATA || ".rollcall"),
    tenant: ROLLCALL_TENANT || "acme",
    ...(token ? { token } : {}),
    ...(webhooks ? { webhooks: webhooksOf(webhooks) } : {}),
  };
}

function webhooksOf(text: string): LoopbackWebhooks {
  try {
    return loopbackWebhooks("ROLLCALL_WEBHOOKS", text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function portOf(variable: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`${variable} is "${text}": a number from 0 to 65535 is expected.`);
}

/** A second signal ends it at once: what was accepted is in the file. */
function stopOnSignals(served: Served, page: OpenConsole | undefined): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    console.log("Stopping: what is under way is finished first. Once more ends it at once.");
    void stopAll(served, page);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

async function stopAll(served: Served, page: OpenConsole | undefined): Promise<void> {
  await page?.close();
  await served.close();
}
