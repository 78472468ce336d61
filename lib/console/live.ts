/**
 * The live parts of a page: a stream of server-sent events, each with an element's id and its new content. Only what is different
 * is sent. Without script the page stays as it was loaded.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { streamSSE } from "hono/streaming";
import type { ConsoleRequest } from "./context.ts";
import { notice } from "./components.ts";
import { type Html, nothing } from "./html.ts";
import { problemOf } from "./problem.ts";

export interface LiveParts {
  /** By the id of the element whose content it is. */
  readonly parts: Readonly<Record<string, Html>>;
  /** Nothing more will come. */
  readonly isLast?: boolean;
}

/** Where the page says why its live parts stand still. */
export const liveProblemId = "live-problem";

/**
 * Looks every `everyMs` for as long as somebody listens, and may. What cannot be read once is told, and looked for again next time.
 * `look` asks for the view each time: values may be masked meanwhile, in another tab.
 */
export function live(c: ConsoleRequest, everyMs: number, look: () => Promise<LiveParts>): Response {
  const session = c.get("session");
  const answer = streamSSE(c, async (stream) => {
    const sent = new Map<string, string>();
    while (!stream.aborted && !session.isOver()) {
      const { parts, isLast = false } = await lookOrSay(look);
      for (const [id, part] of Object.entries(parts)) {
        const content = String(await part);
        if (sent.get(id) === content) continue;
        sent.set(id, content);
        await stream.writeSSE({ event: "part", data: JSON.stringify({ id, html: content }) });
      }
      if (isLast) return await stream.writeSSE({ event: "end", data: "" });
      // Also tells the browser that we are there.
      await stream.writeSSE({ event: "beat", data: "" });
      // Nobody waits for it when the console is closed.
      await sleep(everyMs, undefined, { ref: false });
    }
  });
  // Hono's own would let a browser keep what was sent.
  answer.headers.set("cache-control", "no-store");
  return answer;
}

async function lookOrSay(look: () => Promise<LiveParts>): Promise<LiveParts> {
  try {
    const { parts, ...rest } = await look();
    return { parts: { ...parts, [liveProblemId]: nothing }, ...rest };
  } catch (error) {
    return { parts: { [liveProblemId]: notice("warn", problemOf(error).sentence) } };
  }
}
