/** `npm run demo`, without npm: what it prints, until it is ended. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface DemoProcess {
  /** Opens the console, once. */
  readonly link: string;
  readonly dataDir: string;
  readonly out: string;
  /** As Ctrl-C does; the exit code. */
  end(): Promise<number | null>;
}

const root = join(import.meta.dirname, "../..");
const patienceMs = 60_000;

export function startedDemo(env: NodeJS.ProcessEnv = {}) {
  const args = ["--import", "./bin/require-node.mjs", "bin/demo.ts"];
  return spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
}

/** Errors: Error with what was printed when it does not come up. */
export async function demoProcess(): Promise<DemoProcess> {
  const child = startedDemo();
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const ended = once(child, "close").then(([code]: (number | null)[]) => code ?? null);
  const end = async () => {
    child.kill("SIGINT");
    return await ended;
  };
  const deadline = Date.now() + patienceMs;
  while (!out.includes("Ctrl-C ends")) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`the demo did not start (${await end()}): ${out}`);
    await pause(50);
  }
  const link = /^Console +(\S+)/m.exec(out)?.[1] ?? "";
  const dataDir = /ROLLCALL_DATA=(\S+)/.exec(out)?.[1] ?? "";
  if (!existsSync(dataDir)) throw new Error(`the demo does not say where its data is: ${out}`);
  return { link, dataDir, out, end };
}
