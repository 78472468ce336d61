/** The emulator and the template's linter come from PyPI, into a virtual environment of this project. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.ts";

const packages = ["ministack==1.5.33", "cfn-lint==1.51"];

/** The folder with `ministack` and `cfn-lint`, made when it is not there: needs python3 (3.10 or later) and, once, a package index. */
export async function pythonTools(root: string, signal: AbortSignal): Promise<string> {
  const folder = join(root, ".tools/python");
  const bin = join(folder, "bin");
  const options = { cwd: root, env: process.env, timeoutSeconds: 600, signal };
  if (!existsSync(join(bin, "python"))) await run("python3", ["-m", "venv", folder], options);
  const installed = await run(join(bin, "python"), ["-m", "pip", "freeze"], options);
  const missing = packages.filter((name) => !installed.includes(name));
  if (missing.length > 0) await run(join(bin, "python"), ["-m", "pip", "install", "--quiet", ...missing], options);
  return bin;
}
