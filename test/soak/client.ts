/** Requests whose answers may be lost: then it is asked what became of them, as an identity provider's next cycle does. */
import { setTimeout as after } from "node:timers/promises";
import type { JsonObject } from "../../lib/scim/json.ts";
import type { Known } from "./known.ts";

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface Client {
  /** Undefined: no answer, or one that does not tell what happened. */
  ask(method: string, path: string, body?: object): Promise<Answer | undefined>;
  /** Asks until there is an answer. Errors: after a minute. */
  read(path: string): Promise<Answer>;
}

const patienceMs = 60_000;

export function soakClient(baseUrl: string, token: string, known: Known): Client {
  const ask: Client["ask"] = async (method, path, body) => {
    known.counts.requests += 1;
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status >= 500 || response.status === 429) {
        known.counts.unanswered += 1;
        if (response.status === 500) known.fail(`${method} ${path}: 500 ${text}`);
        return undefined;
      }
      return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as JsonObject) };
    } catch {
      // The process died, or is not there yet.
      known.counts.unanswered += 1;
      return undefined;
    }
  };
  return {
    ask,
    read: async (path) => {
      const end = performance.now() + patienceMs;
      for (;;) {
        const answer = await ask("GET", path);
        if (answer !== undefined) {
          known.counts.reads += 1;
          return answer;
        }
        if (performance.now() > end) throw new Error(`GET ${path} had no answer for a minute`);
        await after(50);
      }
    },
  };
}
