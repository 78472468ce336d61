/** A clock that runs several times as fast as the real one, the same in all processes: hours of retries pass in minutes. */
import { setTimeout as after } from "node:timers/promises";
import type { Clock } from "../../lib/provisioning/ports.ts";

/** At `realAt` it was `at`, both in milliseconds since 1970. */
export interface Pace {
  readonly realAt: number;
  readonly at: number;
  readonly speed: number;
}

export function quickClock({ realAt, at, speed }: Pace): Clock {
  return {
    now: () => Math.floor(at + (Date.now() - realAt) * speed),
    sleep: async (ms) => await after(ms / speed),
  };
}

/** The same pace, so much further on. */
export function ahead(pace: Pace, ms: number): Pace {
  const realAt = Date.now();
  return { ...pace, realAt, at: quickClock(pace).now() + ms };
}
