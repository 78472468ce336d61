/** Trying again: exponential pauses with full jitter, so that those who lost one race do not meet in the next. */
import type { Chance, Clock } from "./ports.ts";

export interface Backoff {
  /** The first pause is between 0 and so many milliseconds; each further one up to twice that, at most `mostMs`. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** It goes on until both so many attempts were made and so much time has passed. */
  readonly times: number;
  readonly forMs: number;
}

/** Yields the number of each attempt, from 0, after its pause. */
export async function* pausesOf(
  { clock, chance }: { clock: Clock; chance: Chance },
  { firstMs, mostMs, times, forMs }: Backoff,
): AsyncGenerator<number> {
  const deadline = clock.now() + forMs;
  for (let attempt = 0; attempt < times || clock.now() < deadline; attempt += 1) {
    if (attempt > 0) await clock.sleep(Math.floor(chance.random() * Math.min(mostMs, firstMs * 2 ** (attempt - 1))));
    yield attempt;
  }
}
