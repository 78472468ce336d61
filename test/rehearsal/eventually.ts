/** What the worker does comes a moment after the answer. */
import { setTimeout as sleep } from "node:timers/promises";

const longestMs = 60_000;
const pauseMs = 300;

/** Tries `look` until it no longer throws. Errors: its last one, after a minute. */
export async function eventually<T>(signal: AbortSignal, look: () => Promise<T>): Promise<T> {
  const until = performance.now() + longestMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
