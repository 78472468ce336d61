/** AWS, emulated by ministack in a process of its own: one port for all services, Lambda functions as Node processes. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.ts";

export interface Ministack {
  readonly url: string;
  /** Where it writes what it does, the functions' output included. */
  readonly log: string;
  stop(): Promise<void>;
}

const readySeconds = 30;

/**
 * `folder` takes its log and its temporary files.
 *
 * Errors: when it is not ready in time, or `signal` aborts before; then it is stopped.
 */
export async function startMinistack(bin: string, folder: string, signal: AbortSignal): Promise<Ministack> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(folder, "ministack.log");
  const temporary = join(folder, "tmp");
  mkdirSync(temporary, { recursive: true });
  const output = openSync(log, "w");
  const child = spawn(join(bin, "ministack"), [], {
    cwd: folder,
    // The functions inherit it: nothing of this machine but where Node 24 is, which runs them.
    env: {
      PATH: [dirname(process.execPath), bin, "/usr/bin", "/bin"].join(delimiter),
      HOME: folder,
      TMPDIR: temporary,
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      LAMBDA_ACCOUNT_CONCURRENCY: "20",
      PYTHONUNBUFFERED: "1",
    },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  // Whatever ends us, an error that nobody caught included.
  process.once("exit", () => child.kill("SIGKILL"));
  const ended = new Promise<void>((resolve) => {
    child.on("close", () => resolve());
    child.on("error", () => resolve());
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(late);
  };
  const until = Date.now() + readySeconds * 1000;
  while (Date.now() < until && child.exitCode === null && !signal.aborted) {
    if (await isReady(url)) return { url, log, stop };
    await sleep(200);
  }
  await stop();
  signal.throwIfAborted();
  throw new Error(`ministack was not ready within ${readySeconds} s; see ${log}.`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_ministack/health`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}
