/** A server of the embedded mode on a free port, with data of its own, and a client for it. */
import { join } from "node:path";
import type { Telemetry } from "../../lib/handlers/telemetry.ts";
import { serve, type Served, type ServeOptions } from "../../lib/local/serve.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { loadTenant } from "../../lib/tenant-folder.ts";
import { temporaryFolder } from "./temporary-database.ts";

export const acme = loadTenant(join(import.meta.dirname, "../../tenants"), "acme").tenant;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

export interface TestServer extends Served {
  readonly dataDir: string;
  /** `path` below the base URL. */
  ask(method: string, path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

const ignored = (): void => {};
/** What tests provoke is not to fill the screen. */
export const silence: Telemetry = {
  logger: { info: ignored, warn: ignored, error: ignored },
  count: ignored,
  flush: ignored,
};

/** `close` removes the data too, unless a folder was given. */
export async function startServer(options: Partial<ServeOptions> = {}): Promise<TestServer> {
  const folder = options.dataDir === undefined ? temporaryFolder() : { path: options.dataDir, remove: ignored };
  const defaults = { host: "127.0.0.1", port: 0, tenant: acme, telemetry: silence };
  const served = await serve({ ...defaults, ...options, dataDir: folder.path });
  return {
    ...served,
    dataDir: folder.path,
    ask: async (method, path, body, headers) =>
      await ask(`${served.baseUrl}${path}`, method, served.token, body, headers),
    close: async () => {
      await served.close();
      folder.remove();
    },
  };
}

async function ask(
  url: string,
  method: string,
  token: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: JsonObject = text === "" ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: parsed };
}

/** Waits until `holds`. Errors: after 45 seconds, before the test is ended without a word. */
export async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 45_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("it did not come true within 45 seconds");
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
}

const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
export const groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";
const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export function user(userName: string, more: object = {}): object {
  return { schemas: [userSchema], userName, ...more };
}

export function patch(...Operations: object[]): object {
  return { schemas: [patchSchema], Operations };
}

export async function inTurns<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [n, item] of waiting) results[n] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

export function idOf({ body: { id } }: Answer): string {
  if (typeof id !== "string") throw new Error("the answer has no id");
  return id;
}
