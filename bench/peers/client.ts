/** The one client of all servers: HTTP over loopback, its connections kept where the server keeps them. */
import { Agent, request } from "node:http";
import type { JsonObject } from "../../lib/scim/json.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Empty when there was no JSON object. */
  readonly body: JsonObject;
}

export interface Client {
  ask(method: string, path: string, body?: object): Promise<Answer>;
  /** Sends it and goes away before the answer comes. */
  askAndLeave(method: string, path: string, body: object): Promise<void>;
  close(): void;
}

const mediaType = "application/scim+json";
const timeoutMs = 300_000;

export function newClient(baseUrl: string, token: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const send = (method: string, path: string, text: string | undefined) => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: mediaType,
      ...(text !== undefined && { "content-type": mediaType, "content-length": Buffer.byteLength(text) }),
    };
    const sent = request(`${baseUrl}${path}`, { method, agent, headers, timeout: timeoutMs });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeoutMs} ms: ${method} ${path}`)));
    sent.end(text);
    return sent;
  };
  return {
    ask: async (method, path, body) =>
      await new Promise((resolve, reject) => {
        const sent = send(method, path, body === undefined ? undefined : JSON.stringify(body));
        sent.on("error", reject);
        sent.on("response", (response) => {
          const parts: Buffer[] = [];
          response.on("error", reject);
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("end", () => {
            const text = Buffer.concat(parts).toString();
            resolve({ status: response.statusCode ?? 0, text, body: objectOf(text) });
          });
        });
      }),
    askAndLeave: async (method, path, body) =>
      await new Promise((resolve) => {
        const sent = send(method, path, JSON.stringify(body));
        sent.on("error", () => resolve());
        // It has left this process; whether it arrives is up to the two kernels, and on loopback it does.
        sent.on("finish", () => setImmediate(() => sent.destroy(new Error("left"))));
      }),
    close: () => agent.destroy(),
  };
}

function objectOf(text: string): JsonObject {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as JsonObject) : {};
  } catch {
    return {};
  }
}
