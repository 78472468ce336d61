/**
 * The rehearsal: the product as it is deployed, on an emulated AWS. It proves the template, the wiring and the shapes
 * of the events; nothing about rights, quotas and latency.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTenant } from "../../lib/tenant-folder.ts";
import { listenToBus } from "./application.ts";
import { run } from "./command.ts";
import { tellEvents } from "./events.ts";
import { tellFleet } from "./fleet.ts";
import { namesUnderLocalhostAreHere } from "./loopback.ts";
import { type Ministack, startMinistack } from "./ministack.ts";
import { pythonTools } from "./python-tools.ts";
import { addTenant, bootstrap, deploy, setStage, templates } from "./stage.ts";
import { tellSteps } from "./steps.ts";
import { tellStory } from "./story.ts";
import { tellAdoption, tellUpgrade } from "./upgrade.ts";

const root = join(import.meta.dirname, "../..");
const tenant = "rehearsal";
/** One whose stack is deleted by mistake. */
const kept = "kept";

if (Number.parseInt(process.versions.node, 10) < 24) {
  throw new Error(`The rehearsal needs Node 24, not ${process.version}: start it with "npm run rehearse".`);
}

namesUnderLocalhostAreHere();
const steps = tellSteps();
const { step } = steps;
// Asked to end, it still stops what it started.
const interruption = new AbortController();
const { signal } = interruption;
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interruption.abort());
// Outside the project, or the emulator's own scripts would be of our package, whose type is module.
const folder = mkdtempSync(join(tmpdir(), "rollcall-rehearsal-"));
let aws: Ministack | undefined;

try {
  const bin = await step("the emulator and the linter are installed", () => pythonTools(root, signal));
  const emulator = await step("ministack starts", () => startMinistack(bin, folder, signal));
  aws = emulator;
  const stage = setStage(root, folder, emulator.url, signal);
  const { region } = loadTenant(join(root, "tenants"), tenant).settings.environment;
  await step("cdk bootstrap", () => bootstrap(stage, tenant, region));
  const outputs = await step("cdk deploy", () => deploy(stage, tenant));
  await step("the linter of templates finds no fault", async () => {
    const args = ["--config-file", join(root, ".cfnlintrc"), "--", ...templates(stage)];
    await run(join(bin, "cfn-lint"), args, { cwd: folder, env: stage.env, signal });
  });
  const scene = { stage, tenant, region, outputs, signal };
  const listener = await step("an application listens to the bus", () => listenToBus(scene));
  await tellStory(scene, steps);
  await tellEvents(scene, listener, steps);
  await tellUpgrade(scene, steps);
  await tellFleet(stage, tenant, steps);
  addTenant(stage, kept, tenant);
  await tellAdoption({ stage, tenant: kept, region, signal }, steps);
} catch (error) {
  // Of a step that failed all is told; anything else is a fault of the rehearsal itself.
  if (!steps.failed()) steps.tell({ name: `the rehearsal: ${String(error)}`, outcome: "failed", ms: 0 });
} finally {
  if (steps.failed() && aws !== undefined) console.log(`The emulator's last words:\n${lastLines(aws.log, 40)}`);
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  console.log(steps.closingLine());
}
process.exit(steps.failed() ? 1 : 0);

function lastLines(path: string, count: number): string {
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}
