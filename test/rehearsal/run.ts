/**
 * The rehearsal: the product as it is deployed, on an emulated AWS. It proves the template, the wiring and the shapes
 * of the events; nothing about rights, quotas and latency.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorSchema } from "../../lib/scim/error.ts";
import { loadTenant } from "../../lib/tenant-folder.ts";
import { run } from "./command.ts";
import { namesUnderLocalhostAreHere } from "./loopback.ts";
import { type Ministack, startMinistack } from "./ministack.ts";
import { pythonTools } from "./python-tools.ts";
import { bootstrap, deploy, setStage, templates } from "./stage.ts";
import { tellSteps } from "./steps.ts";

const root = join(import.meta.dirname, "../..");
const tenant = "rehearsal";

if (Number.parseInt(process.versions.node, 10) < 24) {
  throw new Error(`The rehearsal needs Node 24, not ${process.version}: start it with "npm run rehearse".`);
}

namesUnderLocalhostAreHere();
const { step, closingLine } = tellSteps();
// Outside the project, or the emulator's own scripts would be of our package, whose type is module.
const folder = mkdtempSync(join(tmpdir(), "rollcall-rehearsal-"));
let aws: Ministack | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end(130));

try {
  const bin = await step("the emulator and the linter are installed", () => pythonTools(root));
  const emulator = await step("ministack starts", () => startMinistack(bin, folder));
  aws = emulator;
  const stage = setStage(root, folder, emulator.url);
  const { region } = loadTenant(join(root, "tenants"), tenant).settings.environment;
  await step("cdk bootstrap", () => bootstrap(stage, tenant, region));
  const { ScimBaseUrl } = await step("cdk deploy", () => deploy(stage, tenant));
  await step("the linter of templates finds no fault", async () => {
    // W3005: CDK names dependencies that are clear anyway.
    await run(join(bin, "cfn-lint"), ["--ignore-checks", "W3005", "--", ...templates(stage)], {
      cwd: folder,
      env: stage.env,
    });
  });
  await step("a request without a token is refused by the function, not by the gateway (R120)", async () => {
    const answer = await fetch(`${ScimBaseUrl}/Users?filter=userName%20eq%20%22ada%22`);
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer /);
    assert.match(answer.headers.get("content-type") ?? "", /^application\/scim\+json/);
    assert.partialDeepStrictEqual(await answer.json(), { schemas: [errorSchema], status: "401" });
  });
  await end(0);
} catch {
  if (aws !== undefined) console.log(`The emulator's last words:\n${lastLines(aws.log, 40)}`);
  await end(1);
}

async function end(code: number): Promise<void> {
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  console.log(closingLine());
  process.exit(code);
}

function lastLines(path: string, count: number): string {
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}
