/** Webhooks that are tried out: sent to a program on this machine in place of the address in the tenant file. */
import { Agent, request } from "node:http";
import type { Post } from "../events/ports.ts";
import { send } from "./send.ts";

/** By the name of the webhook. */
export type LoopbackWebhooks = Readonly<Record<string, string>>;

/**
 * Reads `app=http://127.0.0.1:9000/events`, several with a comma in between.
 *
 * Errors: Error with one sentence for whoever has set the variable.
 */
export function loopbackWebhooks(variable: string, text: string): LoopbackWebhooks {
  const pairs = text.split(",").map((pair) => {
    const [, name, url] = /^\s*([a-z][a-z0-9-]{0,23})=(\S+)\s*$/.exec(pair) ?? [];
    if (name === undefined || url === undefined || !isLoopback(url)) {
      throw new Error(
        `${variable} has "${pair.trim()}": expected the name of a webhook, = and an address of this machine, such as app=http://127.0.0.1:9000/events (127.0.0.1 or [::1], no name).`,
      );
    }
    return [name, url] as const;
  });
  return Object.fromEntries(pairs);
}

export function loopbackPost({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}): Post {
  const agent = new Agent({ keepAlive: true });
  return async (url, message) => {
    if (!isLoopback(url)) throw new Error("the loopback post was given another address");
    return await send({ request, agent, timeoutMs }, url, message);
  };
}

/** By number: what a name leads to is looked up elsewhere. */
function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && (hostname === "127.0.0.1" || hostname === "[::1]");
}
