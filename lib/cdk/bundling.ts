/** How the functions' code becomes one file each: by esbuild on this machine, without Docker. */
import { join } from "node:path";
import { type BundlingOptions, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { tenantFileName } from "../config.ts";

export const projectRoot = join(import.meta.dirname, "../..");

/** Some packages of the SDK still call `require`. */
export const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** Modules that stand in for others in a bundle. */
export const aliases: Readonly<Record<string, string>> = {
  "@aws-sdk/credential-provider-node": join(projectRoot, "functions/credentials.ts"),
  "@aws-sdk/endpoint-cache": join(projectRoot, "functions/endpoint-cache.ts"),
};

/** The SDK is bundled: the runtime's own is older, and slower to load. The tenant file lies beside the code. */
export function bundling(tenantPath: string): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    mainFields: ["module", "main"],
    minify: true,
    sourceMap: false,
    target: "node24",
    externalModules: [],
    banner,
    esbuildArgs: Object.fromEntries(Object.entries(aliases).map(([name, path]) => [`--alias:${name}`, path])),
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_input, output) => [`cp "${tenantPath}" "${output}/${tenantFileName}"`],
    },
  };
}
