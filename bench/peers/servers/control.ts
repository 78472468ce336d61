/**
 * A server of this bench: SCIM on a free port of loopback, and beside it, below `/-/`, what is asked outside the measurements.
 * The Python server answers the same paths.
 */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Bare, Control, Settled } from "../control.ts";

export interface Served {
  readonly scim: RequestListener;
  readonly control: Control;
  /** Below the host, such as `/scim/v2`. */
  readonly basePath: string;
  readonly token: string;
}

/** Prints where it listens, as the only line that its parent reads, and serves until its standard input ends. */
export function serveBeside({ scim, control, basePath, token }: Served): void {
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/-/") !== true) {
      scim(request, response);
      return;
    }
    answer(control, request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error instanceof Error ? error.stack : error));
    });
  });
  server.keepAliveTimeout = 600_000;
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, basePath, token }));
  });
  process.stdin.on("end", () => process.exit(0)).resume();
}

async function answer(control: Control, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await textOf(request);
  const asked = text === "" ? {} : (JSON.parse(text) as Record<string, never>);
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(await done(control, request.url ?? "", asked)));
}

async function done(control: Control, path: string, asked: Readonly<Record<string, never>>): Promise<unknown> {
  switch (path) {
    case "/-/cpu": {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    }
    case "/-/fill":
      return await control.fill(asked["from"] ?? 0, asked["to"] ?? 0);
    case "/-/group":
      return await control.group(asked["size"] ?? 0);
    case "/-/members":
      return await control.members(asked["id"] ?? "");
    case "/-/settle":
      return (await control.settle?.()) ?? ({ applied: 0, cpuMs: 0 } satisfies Settled);
    case "/-/record":
      control.record?.();
      return null;
    case "/-/bare":
      return (await control.bare?.(asked["times"] ?? 1)) ?? (null satisfies Bare | null);
    default:
      throw new Error(`there is no ${path}`);
  }
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}
