/** What is measured beside us, installed when it is first asked for, in a folder that git ignores. */
import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installOnce } from "../load-module.ts";

const folder = join(import.meta.dirname, "packages");

/** The interpreter that has scim2-server. Errors: Error in one sentence when Python or pip fails. */
export function installPeers(): string {
  installOnce(folder);
  const environment = join(folder, ".venv");
  const python = join(environment, "bin", "python");
  const finished = join(environment, "finished");
  if (existsSync(finished)) return python;
  console.log(`installing scim2-server into ${environment}`);
  rmSync(environment, { recursive: true, force: true });
  try {
    execFileSync("python3", ["-m", "venv", environment], { stdio: ["ignore", "ignore", "inherit"] });
    const requirements = join(folder, "requirements.txt");
    execFileSync(python, ["-m", "pip", "install", "--quiet", "--require-virtualenv", "--requirement", requirements], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  } catch (error) {
    throw new Error("scim2-server needs Python 3.11 or later with venv and pip", { cause: error });
  }
  writeFileSync(finished, "");
  return python;
}
