/** Packages that are installed for a bench alone, so that the type checker and the rest of the project do without them. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** `folder`: the one with the package.json and the lock file. */
export function installOnce(folder: string): void {
  if (existsSync(join(folder, "node_modules"))) return;
  console.log(`installing what is measured against into ${folder}/node_modules`);
  // npm says itself why it could not.
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** By a computed path, because the type checker runs where they are not installed. */
export async function loadModule<T>(folder: string, name: string): Promise<T> {
  const file = createRequire(join(folder, "node_modules", "-.js")).resolve(name);
  const loaded: T = await import(pathToFileURL(file).href);
  return loaded;
}
