/** Runs a command to its end. */
import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutSeconds?: number;
  /** Exit codes that are no failure; 0 when none are named. */
  readonly fine?: readonly number[];
  /** Ends the command. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the command wrote to its standard output.
 *
 * Errors: when it fails or takes too long, with the end of what it wrote.
 */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutSeconds = 300, fine = [0], signal }: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutSeconds * 1000,
      signal,
    });
    let [output, all] = ["", ""];
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      all += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => (all += data.toString()));
    child.on("error", reject);
    child.on("close", (code, endedBy) => {
      if (code !== null && fine.includes(code)) return resolve(output);
      const end = all.trimEnd().split("\n").slice(-30).join("\n");
      return reject(new Error(`${[command, ...args].join(" ")} ended with ${code ?? endedBy}:\n${end}`));
    });
  });
}
