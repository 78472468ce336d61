/**
 * Traffic: what came, as counts by the hour. It says that "others were named" without a scan, and how much is refused.
 *
 * A handler counts in memory and writes along with what it writes anyway, so the counts may miss the last minute of a
 * function that was ended: they are for judgement, not for accounts.
 */
import { expiresAfter } from "./expiry.ts";
import { number } from "./head.ts";
import { tenantPartition, trafficKey, trafficPrefix } from "./keys.ts";
import type { Table, Update } from "./ports.ts";
import { queryAll } from "./query-all.ts";

export const trafficCounts = ["reads", "misses", "writes", "unchanged", "refused", "faults", "dropped"] as const;

/**
 * `misses`: searches by a name that found nobody, which count as `reads`, too. `writes`: accepted; `unchanged`: writes
 * that asked for what was so. `refused`: answered with an error of the client's. `faults`: errors of ours.
 * `dropped`: sightings that were not kept, above the cap of a minute or because the table did not take them.
 */
export type Traffic = { readonly [count in (typeof trafficCounts)[number]]: number };

export interface TrafficHour extends Traffic {
  /** Milliseconds since 1970, when the hour began. */
  readonly at: number;
}

export const noTraffic: Traffic = Object.fromEntries(trafficCounts.map((count) => [count, 0])) as unknown as Traffic;

export function trafficUpdate(counts: Partial<Traffic>, now: number, keepDays: number): Update {
  return {
    kind: "update",
    key: trafficKey(hourOf(now)),
    set: { expires: expiresAfter(now, keepDays) },
    add: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
  };
}

/** Of the hours since then, oldest first; hours without traffic have no entry. One query a month of hours. Errors: TableError. */
export async function readTraffic(table: Table, since: number): Promise<TrafficHour[]> {
  const hours: TrafficHour[] = [];
  const range = {
    table: "scim" as const,
    pk: tenantPartition,
    from: `${trafficPrefix}${hourOf(since)}`,
    to: `${trafficPrefix}~`,
  };
  for await (const { sk, attributes } of queryAll(table, range)) {
    const counts = trafficCounts.map((count) => [count, number(attributes, count) ?? 0]);
    hours.push({ ...(Object.fromEntries(counts) as Traffic), at: Date.parse(`${sk.slice(trafficPrefix.length)}:00Z`) });
  }
  return hours;
}

export function sumOf(hours: readonly Traffic[]): Traffic {
  const sums = trafficCounts.map((count) => [count, hours.reduce((sum, hour) => sum + hour[count], 0)]);
  return Object.fromEntries(sums) as Traffic;
}

function hourOf(at: number): string {
  return new Date(at).toISOString().slice(0, 13);
}
