/** A server of this bench as its parent sees it: a child process on a free port, whose CPU can be read, and which ends with us. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type Client, newClient } from "./client.ts";
import type { Bare, Settled } from "./control.ts";
import { bodyOfPerson } from "./people.ts";

export interface RunningServer {
  /** Of SCIM, such as `http://127.0.0.1:40000/scim/v2`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly client: Client;
  /** Since it was started. Units: milliseconds. */
  readonly cpuMs: () => Promise<number>;
  readonly fill: (from: number, to: number) => Promise<readonly string[]>;
  readonly group: (size: number) => Promise<string>;
  readonly members: (id: string) => Promise<number>;
  readonly settle: () => Promise<Settled>;
  /** Whether `record` and `bare` do anything. */
  readonly recordsCalls: boolean;
  readonly record: () => Promise<void>;
  readonly bare: (times: number) => Promise<Bare | null>;
  readonly stop: () => Promise<void>;
}

interface Start {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** It has no people.ts of its own. */
  readonly takesPeople?: boolean;
  readonly recordsCalls?: boolean;
}

const peopleAtOnce = 2_000;
const stopMsMost = 3_000;
const credentials = { AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench" };

/** Errors: Error with the end of what it printed, when it ends before it serves. */
export async function startServer({
  name,
  command,
  args,
  takesPeople = false,
  recordsCalls = false,
}: Start): Promise<RunningServer> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...credentials } });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told = (told + text).slice(-3_000);
  });
  const address = await Promise.race([firstAddress(child), once(child, "exit").then(() => undefined)]);
  if (address === undefined) throw new Error(`${name} ended before it served: ${told}`);
  child.stdout.resume();
  const { url, basePath, token } = address;
  const client = newClient(`${url}${basePath}`, token);
  const beside = newClient(`${url}/-`, token);
  const ask = async <T>(path: string, body: object = {}): Promise<T> => {
    const answer = await beside.ask("POST", path, body);
    if (answer.status !== 200) throw new Error(`${name}, ${path}: ${answer.text.slice(0, 2_000)} ${told}`);
    const given: T = JSON.parse(answer.text);
    return given;
  };
  return {
    baseUrl: `${url}${basePath}`,
    token,
    client,
    cpuMs: async () => await ask<number>("/cpu"),
    fill: async (from, to) => {
      const ids: string[] = [];
      for (let start = from; start < to; start += peopleAtOnce) {
        const end = Math.min(to, start + peopleAtOnce);
        const people = Array.from({ length: end - start }, (_, n) => bodyOfPerson(start + n));
        ids.push(...(await ask<string[]>("/fill", { from: start, to: end, ...(takesPeople && { people }) })));
      }
      return ids;
    },
    group: async (size) => await ask<string>("/group", { size }),
    members: async (id) => await ask<number>("/members", { id }),
    settle: async () => await ask<Settled>("/settle"),
    recordsCalls,
    record: async () => await ask("/record"),
    bare: async (times) => await ask<Bare | null>("/bare", { times }),
    stop: async () => {
      client.close();
      beside.close();
      await stop(child);
    },
  };
}

interface Address {
  readonly url: string;
  readonly basePath: string;
  readonly token: string;
}

/** Some print other things first. */
async function firstAddress(child: ChildProcess): Promise<Address> {
  if (child.stdout === null) throw new Error("no standard output");
  const lines = createInterface({ input: child.stdout });
  return await new Promise((resolve) => {
    lines.on("line", (line) => {
      if (!line.startsWith('{"url"')) return;
      lines.close();
      resolve(JSON.parse(line));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.stdin?.end();
  const impatience = setTimeout(() => child.kill("SIGKILL"), stopMsMost);
  await gone;
  clearTimeout(impatience);
}
