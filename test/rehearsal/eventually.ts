/** What the worker does comes a moment after the answer. */
import { setTimeout as sleep } from "node:timers/promises";

const minuteMs = 60_000;
const pauseMs = 300;

/** Tries `look` until it no longer throws. Errors: its last one, after so many minutes. */
export async function eventually<T>(signal: AbortSignal, look: () => Promise<T>, minutes = 1): Promise<T> {
  const until = performance.now() + minutes * minuteMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
