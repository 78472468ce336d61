/**
 * Where the rehearsal plays: a copy of what is deployed, so that it may mend its tenant file, and the commands an
 * operator would type there, against the emulator.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { StackOutputs } from "../../lib/stack-outputs.ts";
import type { AdoptedTables } from "../../lib/cdk/tables.ts";
import { run } from "./command.ts";

export interface Stage {
  /** The copy of the project. */
  readonly project: string;
  readonly awsUrl: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The CDK CLI as it comes from npm. */
  cdk(...args: string[]): Promise<string>;
  /** The operator's command with `--json`: what it printed. */
  rollcall(...args: string[]): Promise<unknown>;
}

const deployed = ["bin", "lib", "functions", "tenants", "cdk.json", "package.json", "package-lock.json"];
const account = "000000000000";
/** The emulator takes any. */
export const credentials = { accessKeyId: "test", secretAccessKey: "test" };

export function setStage(root: string, folder: string, awsUrl: string, signal: AbortSignal): Stage {
  const project = join(folder, "project");
  mkdirSync(project, { recursive: true });
  for (const name of deployed) cpSync(join(root, name), join(project, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "junction");
  const env = {
    PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
    HOME: folder,
    TMPDIR: join(folder, "tmp"),
    CI: "true",
    AWS_ENDPOINT_URL: awsUrl,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    CDK_DISABLE_CLI_TELEMETRY: "1",
  };
  const cdk = join(root, "node_modules/aws-cdk/bin/cdk");
  const options = { cwd: project, env, signal };
  const node = (...args: string[]) => run(process.execPath, args, options);
  return {
    project,
    awsUrl,
    env,
    cdk: (...args) => node(cdk, "--no-notices", ...args),
    // 1: what was asked for was done, and something was found wanting.
    rollcall: async (...args) =>
      JSON.parse(await run(process.execPath, ["bin/rollcall.ts", ...args, "--json"], { ...options, fine: [0, 1] })),
  };
}

/** What everybody does once for an account and a region. */
export async function bootstrap(stage: Stage, tenant: string, region: string): Promise<void> {
  await stage.cdk("bootstrap", `aws://${account}/${region}`, "-c", `tenant=${tenant}`);
}

/** `ephemeral`: the stack's data go with it; the emulator goes with all of them. */
export async function deploy(stage: Stage, tenant: string, { ephemeral = true } = {}): Promise<StackOutputs> {
  const outputs = join(stage.project, "outputs.json");
  rmSync(outputs, { force: true });
  const context = ["-c", `tenant=${tenant}`, "-c", `ephemeral=${ephemeral}`];
  await stage.cdk("deploy", ...context, "--require-approval", "never", "--outputs-file", outputs);
  const stacks: Record<string, StackOutputs> = JSON.parse(readFileSync(outputs, "utf8"));
  const own = stacks[`rollcall-${tenant}`];
  if (own === undefined) throw new Error(`The deployment told no outputs of rollcall-${tenant}.`);
  return own;
}

/** The templates that were deployed. */
export function templates(stage: Stage): string[] {
  const folder = join(stage.project, "cdk.out");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".template.json"))
    .map((name) => join(folder, name));
}

/** No profile attribute needs a value any more: what an operator would change in the file, with an editor. */
export function requireNothing(stage: Stage, tenant: string): void {
  const path = join(stage.project, "tenants", `${tenant}.json`);
  const text = readFileSync(path, "utf8");
  const mended = text.replaceAll('"required": true', '"required": false');
  if (mended === text) throw new Error(`${path} requires nothing: there is nothing to rehearse.`);
  writeFileSync(path, mended);
}

/** Another tenant file, whose mapping is the same. */
export function keepLogsLonger(stage: Stage, tenant: string, logRetentionDays = 3): void {
  change(stage, tenant, (file) => ({ ...file, logRetentionDays }));
}

export function adopt(stage: Stage, tenant: string, tables: AdoptedTables): void {
  change(stage, tenant, (file) => ({ ...file, adopt: tables }));
}

/** A tenant of the stage alone, configured as another one. */
export function addTenant(stage: Stage, tenant: string, like: string): void {
  cpSync(join(stage.project, `tenants/${like}.json`), join(stage.project, `tenants/${tenant}.json`));
}

function change(stage: Stage, tenant: string, how: (file: object) => object): void {
  const path = join(stage.project, "tenants", `${tenant}.json`);
  const file: object = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify(how(file), undefined, 2));
}
