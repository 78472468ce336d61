/**
 * The package `rollcall` with the entry point `rollcall/directory`, for the tenant's application: one JavaScript file and its
 * declarations. A package of its own, because Node takes no types away below node_modules, and because the program's own
 * dependencies are nothing to an application (docs/decisions/0018-the-reader-is-a-package-of-its-own.md).
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { build } from "esbuild";
import packageFile from "../package.json" with { type: "json" };
import { packageOf, projectRoot } from "./packages.ts";

/** The oldest Node that still gets fixes, and the AWS SDK with it. */
const oldestNode = "20";
const sdk = "@aws-sdk/client-dynamodb";

/** Writes it into a folder, in place of what is there. Errors: esbuild's and tsc's. */
export async function buildDirectoryPackage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bundled = await bundle(join(folder, "directory.js"));
  for (const [path, text] of declarations()) write(join(folder, "types", path), text);
  write(join(folder, "NOTICE.txt"), bundled.map(noticeOf).join("\n\n"));
  write(join(folder, "package.json"), `${JSON.stringify(packageJson(), undefined, 2)}\n`);
}

/** Major versions of the SDK are compatible within themselves, so the application's own is taken. */
function packageJson(): object {
  const major = packageFile.dependencies[sdk].split(".")[0];
  return {
    name: packageFile.name,
    version: packageFile.version,
    private: true,
    description: "Reads the directory of a Rollcall tenant: users, groups, members, and what changed.",
    license: packageFile.license,
    type: "module",
    exports: { "./directory": { types: "./types/directory/index.d.ts", default: "./directory.js" } },
    peerDependencies: { [sdk]: `^${major}.0.0` },
    engines: { node: `>=${oldestNode}` },
  };
}

/** The packages whose code is in it. */
async function bundle(outfile: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(projectRoot, "lib/directory/index.ts")],
    outfile,
    absWorkingDir: projectRoot,
    bundle: true,
    metafile: true,
    platform: "node",
    format: "esm",
    target: `node${oldestNode}`,
    external: [sdk],
    logLevel: "error",
  });
  const paths = Object.keys(metafile.inputs).filter((path) => path.includes("node_modules/"));
  return [...new Set(paths.map(packageOf))].toSorted();
}

function noticeOf(name: string): string {
  const folder = join(projectRoot, "node_modules", name);
  const { version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
    string,
    unknown
  >;
  const text = join(folder, "LICENSE");
  const by = typeof author === "string" ? ` by ${author}` : "";
  const head = `${name} ${String(version)}${by}, under ${String(license)}`;
  return existsSync(text) ? `${head}:\n\n${readFileSync(text, "utf8").trim()}\n` : `${head}.\n`;
}

// ---------------------------------------------------------------- declarations

/** By their path below types/: those that the entry point leads to. */
function declarations(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-directory-"));
  try {
    declare(folder);
    return reachable(folder, "directory/index.d.ts");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function declare(folder: string): void {
  const project = join(folder, "tsconfig.json");
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(projectRoot, "lib"),
    outDir: folder,
    typeRoots: [join(projectRoot, "node_modules/@types")],
  };
  const files = [join(projectRoot, "lib/directory/index.ts")];
  writeFileSync(
    project,
    JSON.stringify({ extends: join(projectRoot, "tsconfig.json"), compilerOptions, include: [], files }),
  );
  const tsc = join(projectRoot, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", project], { stdio: ["ignore", "inherit", "inherit"] });
}

const relativeImport = /(from "|import\(")(\.[^"]+)\.ts"/g;

/** Imports end with `.js`, which every version of TypeScript resolves. */
function reachable(folder: string, entry: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const waiting = [entry];
  for (const path of waiting) {
    if (found.has(path)) continue;
    const text = readFileSync(join(folder, path), "utf8");
    found.set(path, text.replaceAll(relativeImport, '$1$2.js"'));
    for (const [, , target = ""] of text.matchAll(relativeImport))
      waiting.push(posix.join(dirname(path), `${target}.d.ts`));
  }
  return found;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
