/** The CDK CLI of this project, on the Node that runs us. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { CdkProgram } from "../lib/cli/cdk.ts";

export const cdk: CdkProgram = {
  command: [process.execPath, createRequire(import.meta.url).resolve("aws-cdk/bin/cdk")],
  cwd: join(import.meta.dirname, ".."),
};
