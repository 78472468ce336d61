/** Whose code really lands in the functions: what esbuild says that it put into each bundle. */
import { join } from "node:path";
import { build } from "esbuild";
import { aliases, banner, bundling } from "../lib/cdk/bundling.ts";
import { packageOf, projectRoot } from "./packages.ts";

export const functionNames = ["api", "worker", "sweeper", "publisher", "deliver", "feed", "oauth"] as const;
export type FunctionName = (typeof functionNames)[number];

/** Units: bytes of minified code. By package, then by function; a package that adds nothing to a bundle does not stand there. */
export type Deployed = ReadonlyMap<string, Readonly<Partial<Record<FunctionName, number>>>>;

/** Bundles the functions as lib/cdk does, and writes nothing. Errors: esbuild's, when a function cannot be bundled. */
export async function deployedPackages(): Promise<Deployed> {
  const deployed = new Map<string, Partial<Record<FunctionName, number>>>();
  for (const name of functionNames) {
    for (const [path, bytes] of await inputsOf(name)) {
      if (!path.includes("node_modules/") || bytes === 0) continue;
      const sizes = deployed.get(packageOf(path)) ?? {};
      deployed.set(packageOf(path), { ...sizes, [name]: (sizes[name] ?? 0) + bytes });
    }
  }
  return deployed;
}

async function inputsOf(name: FunctionName): Promise<[string, number][]> {
  const { mainFields = [], target = "" } = bundling("");
  const { metafile } = await build({
    entryPoints: [join(projectRoot, `functions/${name}.ts`)],
    outfile: "index.mjs",
    absWorkingDir: projectRoot,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: "node",
    format: "esm",
    target,
    mainFields: [...mainFields],
    banner: { js: banner },
    alias: { ...aliases },
    logLevel: "error",
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).map(([path, { bytesInOutput }]): [string, number] => [path, bytesInOutput]),
  );
}
