/** The processes of the soak: each that dies is started again. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { PartOptions, PartSays } from "./part.ts";

export interface Fleet {
  /** `http://127.0.0.1:<port>/scim/v2`, whichever process serves it just now. */
  readonly baseUrl: string;
  readonly counts: () => { readonly deaths: number; readonly faults: number };
  /** How a process ended that was not to. */
  readonly problems: readonly string[];
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL("./part.ts", import.meta.url));
const workers = 2;

export async function startFleet(options: Omit<PartOptions, "role" | "port">): Promise<Fleet> {
  const children = new Set<ChildProcess>();
  const problems: string[] = [];
  const counts = { deaths: 0, faults: 0 };
  let [stopping, port, started] = [false, 0, 0];
  // Until the api has said where it listens; other words of a part come before that on a slow machine.
  const served = Promise.withResolvers<void>();
  const start = (role: PartOptions["role"]): void => {
    started += 1;
    const part: PartOptions = {
      ...options,
      role,
      port: role === "api" ? port : 0,
      seed: options.seed * 1000 + started,
    };
    const child = fork(script, [JSON.stringify(part)]);
    children.add(child);
    child.on("message", (says: PartSays) => {
      counts.faults += says.faults;
      if (says.port === undefined) return;
      port = says.port;
      served.resolve();
    });
    child.once("exit", (code, signal) => {
      children.delete(child);
      if (stopping) return;
      counts.deaths += 1;
      if (signal !== "SIGKILL") problems.push(`a process of the ${role} ended with ${String(code ?? signal)}`);
      // One that cannot start would be started for ever.
      if (problems.length < 10) start(role);
      else served.reject(new Error(`the soak cannot start: ${problems[0]}`));
    });
  };
  const stop = async (): Promise<void> => {
    stopping = true;
    const ends = [...children].map(async (child) => await once(child, "exit"));
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(ends);
  };
  start("api");
  for (let n = 0; n < workers; n += 1) start("worker");
  try {
    await served.promise;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    baseUrl: `http://127.0.0.1:${port}/scim/v2`,
    counts: () => ({ ...counts }),
    problems,
    stop,
  };
}
