/**
 * `npm run demo`: Rollcall at work within seconds. A small company is played into data of its own, in a temporary folder, so that
 * neither the data of `npm start` nor another demo is in its way; Ctrl-C ends it and removes the folder.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actionFile } from "../lib/console/action-file.ts";
import { systemActor } from "../lib/console/actor.ts";
import { openConsole } from "../lib/console/serve.ts";
import { startDemo } from "../lib/local/demo.ts";
import { loadTenant } from "../lib/tenant-folder.ts";
import { version } from "./version.ts";

const root = join(import.meta.dirname, "..");
const seed = 1;
const dataDir = mkdtempSync(join(tmpdir(), "rollcall-demo-"));
const removeData = (): void => rmSync(dataDir, { recursive: true, force: true });
/** Absent: it is still being played, and nobody waits for an answer. */
let close: (() => Promise<void>) | undefined;

stopOnSignals();
try {
  console.log("Playing the last day of a company of sixty …");
  const loaded = loadTenant(join(root, "tenants"), "practice");
  const demo = await startDemo({ dataDir, tenant: loaded.tenant, seed });
  const page = await openConsole({
    operations: demo.operations,
    loaded,
    baseUrl: demo.baseUrl,
    version,
    actor: systemActor(),
    ...actionFile(dataDir),
  });
  demo.goOn();
  close = async () => {
    await page.close();
    await demo.close();
  };
  console.log(`
Console   ${page.link}

Its identity provider goes on: Activity shows who joins, moves and leaves. And seven things are wrong. The telephone rings:
${demo.faults.map(({ complaint, who }) => `  ${complaint}${who === undefined ? "" : ` (${who})`}`).join("\n")}

Search for them in the console, or ask on the command line, in another terminal:
  export ROLLCALL_DATA=${dataDir} ROLLCALL_TENANT=practice
  npx rollcall doctor --local
  npx rollcall explain --local ben.ito@example.com

docs/operating.md solves all seven. Ctrl-C ends the demo and removes its data.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  end();
}

/** At once, whatever is under way. */
function end(): void {
  removeData();
  process.exit(1);
}

/** A second signal ends it at once. */
function stopOnSignals(): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping || close === undefined) return end();
    stopping = true;
    void close().finally(removeData);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}
