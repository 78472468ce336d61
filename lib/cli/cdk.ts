/** `cdk deploy` of a tenant's stack, in a process of its own. */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

/** The CDK CLI, and where it is run. */
export interface CdkProgram {
  /** The program, and the words before its own. */
  readonly command: readonly [string, ...string[]];
  /** The folder of cdk.json. */
  readonly cwd: string;
}

/** `options`: those of `cdk deploy`. */
export function cdkDeploy(
  { command: [program, ...words], cwd }: CdkProgram,
  tenant: string,
  options: readonly string[],
  { stdio, detached = false }: Pick<SpawnOptions, "stdio" | "detached">,
): ChildProcess {
  const args = [...words, "deploy", "-c", `tenant=${tenant}`, ...options];
  return spawn(program, args, { cwd, detached, ...(stdio === undefined ? {} : { stdio }) });
}
