/**
 * The feed: all events of a tenant in one order, without a gap, for 30 days. A position is given in the transaction that puts
 * the event there, so whoever reads on from a position misses nothing.
 */
import { number, text } from "../provisioning/head.ts";
import { feedBucketEvents, feedHeadKey, feedPartition, feedSortKey } from "../provisioning/keys.ts";
import type { Item, Table } from "../provisioning/ports.ts";
import { queryAll } from "../provisioning/query-all.ts";
import { type DirectoryEvent, parseEvent } from "./event.ts";

export const feedDays = 30;

const youngMs = 60_000;

export interface FedEvent {
  readonly position: number;
  readonly event: DirectoryEvent;
}

/** The position of the last event; 0 when there never was one. Errors: TableError. */
export async function feedEnd(table: Table): Promise<number> {
  const item = await table.get(feedHeadKey);
  return (item && number(item.attributes, "position")) ?? 0;
}

/**
 * The events after a position, oldest first: one to three queries, however long the feed is. Those that are over their 30 days
 * are left out, whether or not DynamoDB has removed them yet. It ends before a gap: a transaction becomes visible item by
 * item, and whoever goes on behind the gap would miss what was in it. Units: `now` in milliseconds since 1970. Errors: TableError.
 */
export async function readFeed(
  table: Table,
  { after, limit, now }: { readonly after: number; readonly limit: number; readonly now: number },
): Promise<FedEvent[]> {
  const found: FedEvent[] = [];
  let last = after;
  for (let at = after + 1; at <= after + limit;) {
    const bucketEnd = (Math.floor((at - 1) / feedBucketEvents) + 1) * feedBucketEvents;
    const to = Math.min(bucketEnd, after + limit);
    const range = { table: "events", pk: feedPartition(at), from: feedSortKey(at), to: feedSortKey(to) } as const;
    for await (const item of queryAll(table, range)) {
      if (isOver(item, now)) continue;
      if (Number(item.sk) !== last + 1 && isYoung(item, now)) return found;
      last = Number(item.sk);
      found.push(fedEvent(item));
    }
    at = to + 1;
  }
  return found;
}

function isOver({ attributes }: Item, now: number): boolean {
  return (number(attributes, "expires") ?? Number.POSITIVE_INFINITY) * 1000 <= now;
}

/** It is so young that what stands before it may not be visible yet; before an older one it has had its time. */
function isYoung({ attributes }: Item, now: number): boolean {
  const fedAt = ((number(attributes, "expires") ?? 0) - feedDays * 86_400) * 1000;
  return now - fedAt < youngMs;
}

function fedEvent({ sk, attributes }: Item): FedEvent {
  return { position: Number(sk), event: parseEvent(text(attributes, "event") ?? "{}") };
}
