/**
 * Strict synth: the template of each tenant file, and of tenants that use what those do not, held against CDK's own rules,
 * cdk-nag (AwsSolutions) and cfn-lint. A warning counts like an error.
 *
 * A deployment runs CDK's own rules alone: a template that passed here is not to be stopped, at night, by the opinion of a
 * linter, nor to wait for one. Exceptions stand beside what they are about: those of nag in lib/cdk, at the construct; those
 * of cfn-lint in .cfnlintrc.
 */
import { version } from "../../bin/version.ts";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { TenantStack } from "../../lib/cdk/tenant-stack.ts";
import { stackName } from "../../lib/stack-outputs.ts";
import { listTenants, loadTenant } from "../../lib/tenant-folder.ts";
import { run } from "../rehearsal/command.ts";
import { pythonTools } from "../rehearsal/python-tools.ts";
import { tellSteps } from "../rehearsal/steps.ts";
import { variants } from "./variants.ts";

const root = join(import.meta.dirname, "../..");
const tenants = join(root, "tenants");

// `inmemory`: what a rule finds is in the error. A template is complete without the code, which test/bundle.test.ts looks at.
const { context: flags } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8"));
const strict = {
  ...flags,
  "@aws-cdk/core:validateAgainstDefaultRules": true,
  "@aws-cdk/core:strictCfnValidateErrors": true,
  "@aws-cdk/core:appMode": "inmemory",
  "aws:cdk:bundling-stacks": [],
};

if (Number.parseInt(process.versions.node, 10) < 24) {
  throw new Error(`The templates need Node 24, not ${process.version}: start it with "npm run synth".`);
}
if (process.env["CDK_VALIDATION"] === "false") {
  throw new Error("CDK_VALIDATION is false, which switches CDK's own rules off: unset it.");
}

const steps = tellSteps();
const interruption = new AbortController();
const { signal } = interruption;
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interruption.abort());
const folder = mkdtempSync(join(tmpdir(), "rollcall-synth-"));

try {
  const templates: string[] = [];
  for (const name of listTenants(tenants)) {
    await tried(`the template of ${name}`, () => templates.push(synthesise(tenants, name)));
  }
  for (const { name, change, without, ephemeral } of variants) {
    await tried(`the template of a tenant that is ${name.replaceAll("-", " ")}`, () => {
      templates.push(synthesise(variantFolder(name, change, without), name, ephemeral));
    });
  }
  const bin = await steps.step("cfn-lint is installed", () => pythonTools(root, signal));
  if (templates.length > 0)
    await tried(`cfn-lint finds no fault in ${templates.length} templates`, async () => {
      await run(join(bin, "cfn-lint"), ["--", ...templates], { cwd: root, env: process.env, signal });
    });
} finally {
  rmSync(folder, { recursive: true, force: true });
  console.log(steps.closingLine());
}
process.exit(steps.failed() ? 1 : 0);

/** The path of the template. Errors: one whose message is the report, when a rule finds something. */
function synthesise(tenantsFolder: string, name: string, ephemeral = false): string {
  const { tenant, settings, path, hash } = loadTenant(tenantsFolder, name);
  const outdir = join(folder, name);
  const app = new App({ outdir, context: strict });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  new TenantStack(app, { tenant: tenant.name, settings, tenantPath: path, tenantHash: hash, version, ephemeral });
  app.synth();
  return join(outdir, `${stackName(name)}.template.json`);
}

function variantFolder(name: string, change: object, without?: string): string {
  const own = join(folder, "tenants", name);
  mkdirSync(own, { recursive: true });
  const acme: object = JSON.parse(readFileSync(join(tenants, "acme.json"), "utf8"));
  writeFileSync(
    join(own, `${name}.json`),
    JSON.stringify({ ...acme, ...(without !== undefined && { [without]: undefined }), ...change }),
  );
  return own;
}

/** A step after which the others go on, also when it failed: it was told. */
async function tried(name: string, act: () => unknown): Promise<void> {
  await steps.step(name, act).catch(() => {});
}
