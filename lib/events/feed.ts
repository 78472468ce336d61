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
 * are left out, whether or not DynamoDB has removed them yet. Units: `now` in milliseconds since 1970. Errors: TableError.
 */
export async function readFeed(
  table: Table,
  { after, limit, now }: { readonly after: number; readonly limit: number; readonly now: number },
): Promise<FedEvent[]> {
  const found: FedEvent[] = [];
  for (let at = after + 1; at <= after + limit;) {
    const bucketEnd = (Math.floor((at - 1) / feedBucketEvents) + 1) * feedBucketEvents;
    const to = Math.min(bucketEnd, after + limit);
    const range = { table: "events", pk: feedPartition(at), from: feedSortKey(at), to: feedSortKey(to) } as const;
    for await (const item of queryAll(table, range)) if (!isOver(item, now)) found.push(fedEvent(item));
    at = to + 1;
  }
  return found;
}

function isOver({ attributes }: Item, now: number): boolean {
  return (number(attributes, "expires") ?? Number.POSITIVE_INFINITY) * 1000 <= now;
}

function fedEvent({ sk, attributes }: Item): FedEvent {
  return { position: Number(sk), event: parseEvent(text(attributes, "event") ?? "{}") };
}
