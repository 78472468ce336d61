/** What came, hour by hour, and of what was accepted what the directory does not have yet. */
import type { Waiting } from "../../provisioning/ports.ts";
import { noTraffic, type Traffic, type TrafficHour } from "../../provisioning/traffic.ts";

export interface Hour extends Traffic {
  /** Milliseconds since 1970, when the hour began. */
  readonly at: number;
  readonly accepted: number;
  /**
   * Of that: what is applied, superseded or given up; what waits for the worker; what is parked. Where more wait or are parked
   * than were read, fewer are applied.
   */
  readonly applied: number;
  readonly waiting: number;
  readonly parked: number;
}

const hour = 3_600_000;

/**
 * The last `count` hours, oldest first, those without traffic as well; the last one is not over.
 *
 * `writes` may lag behind by a minute (traffic.ts), and what waits is known at once, by the moment since which it does: it was
 * accepted, so `accepted` is never less. What an operator asked for to be applied once more is with it.
 */
export function hoursOf(
  traffic: readonly TrafficHour[],
  { due, parked }: { readonly due: readonly Waiting[]; readonly parked: readonly Waiting[] },
  { now, count }: { readonly now: number; readonly count: number },
): Hour[] {
  const counted = new Map(traffic.map((one) => [one.at, one]));
  const [dueIn, parkedIn] = [byHour(due), byHour(parked)];
  const last = Math.floor(now / hour) * hour;
  return Array.from({ length: count }, (_, n) => {
    const at = last - (count - 1 - n) * hour;
    const counts = counted.get(at) ?? noTraffic;
    const [waiting, isParked] = [dueIn.get(at) ?? 0, parkedIn.get(at) ?? 0];
    const accepted = Math.max(counts.writes, waiting + isParked);
    return { ...counts, at, accepted, applied: accepted - waiting - isParked, waiting, parked: isParked };
  });
}

function byHour(rows: readonly Waiting[]): ReadonlyMap<number, number> {
  const hours = new Map<number, number>();
  for (const { pendingSince } of rows) {
    const at = Math.floor(pendingSince / hour) * hour;
    hours.set(at, (hours.get(at) ?? 0) + 1);
  }
  return hours;
}
