/** One deployment among several: what it says goes into a log file of its own. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Failure } from "../../ops/fleet/run.ts";
import { type CdkProgram, cdkDeploy } from "../cdk.ts";
import { sentence } from "../sentence.ts";

export function logOf(folder: string, tenant: string): string {
  return join(folder, `${tenant}.log`);
}

/**
 * Deploys, and waits for the end. `folder` takes the log, and what CDK makes of the tenant until that is deployed: two at
 * once in the project's own cdk.out would overwrite each other.
 */
export async function deployTenant(cdk: CdkProgram, folder: string, tenant: string): Promise<Failure> {
  const made = join(folder, `${tenant}.cdk.out`);
  try {
    mkdirSync(folder, { recursive: true });
    const failure = await deployed(cdk, logOf(folder, tenant), tenant, made);
    if (failure === undefined) rmSync(made, { recursive: true, force: true });
    return failure;
  } catch (error) {
    return sentence(error);
  }
}

async function deployed(cdk: CdkProgram, log: string, tenant: string, made: string): Promise<Failure> {
  // Nobody could answer a question: whoever asked for several has seen the plan.
  const options = ["--output", made, "--require-approval", "never", "--progress", "events", "--no-notices"];
  const output = openSync(log, "w", 0o600);
  try {
    return await new Promise((resolve, reject) => {
      // In a group of its own: Ctrl-C at the terminal is for us, and what runs is to end well.
      cdkDeploy(cdk, tenant, options, { stdio: ["ignore", output, output], detached: true })
        .on("error", reject)
        .on("close", (code, signal) => {
          resolve(code === 0 ? undefined : signal === null ? `exit code ${code}` : `ended by ${signal}`);
        });
    });
  } finally {
    closeSync(output);
  }
}

/** The end of its log, as plain text; nothing of one that could not be begun. */
export function lastLines(path: string, count: number): string[] {
  if (!existsSync(path)) return [];
  const text = stripVTControlCharacters(readFileSync(path, "utf8"));
  return text
    .split(/\r?\n/)
    .map((one) => one.trimEnd())
    .filter((one) => one !== "")
    .slice(-count);
}
