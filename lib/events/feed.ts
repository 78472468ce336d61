/**
 * The feed: all events of a tenant in one order, without a gap, for 30 days. A position is given in the transaction that puts
 * the event there, so whoever reads on from a position misses nothing.
 */
import { number, text } from "../provisioning/head.ts";
import { feedBucketEvents, feedHeadKey, feedPartition, feedSortKey } from "../provisioning/keys.ts";
import type { Item, Table } from "../provisioning/ports.ts";
import { queryAll } from "../provisioning/query-all.ts";
import { type DirectoryEvent, parseEvent } from "./event.ts";
import type { SinkPointer } from "./ports.ts";

export const feedDays = 30;
export const feedMs = feedDays * 86_400_000;

const youngMs = 60_000;

export interface FedEvent {
  readonly position: number;
  readonly event: DirectoryEvent;
  /** When it came into the feed, in milliseconds since 1970, to the second. */
  readonly fedAt: number;
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
  for await (const fed of fedEvents(table, { from: after + 1, to: after + limit, now })) {
    if (fed.position !== last + 1 && isYoung(fed, now)) return found;
    last = fed.position;
    found.push(fed);
  }
  return found;
}

/** The same one by one, both positions inclusive: what is not taken of them is read by the page of DynamoDB, and no further. */
export async function* fedEvents(
  table: Table,
  { from, to, now }: { readonly from: number; readonly to: number; readonly now: number },
): AsyncGenerator<FedEvent> {
  for (let at = from; at <= to;) {
    const bucketEnd = Math.min(lastOfBucket(bucketOf(at)), to);
    const range = {
      table: "events",
      pk: feedPartition(at),
      from: feedSortKey(at),
      to: feedSortKey(bucketEnd),
    } as const;
    for await (const item of queryAll(table, range)) {
      const fed = fedEvent(item);
      if (fed.fedAt > now - feedMs) yield fed;
    }
    at = bucketEnd + 1;
  }
}

/** It is so young that what stands before it may not be visible yet; before an older one it has had its time. */
export function isYoung({ fedAt }: FedEvent, now: number): boolean {
  return now - fedAt < youngMs;
}

/** Counted from 0. */
export function bucketOf(position: number): number {
  return Math.floor((position - 1) / feedBucketEvents);
}

export function lastOfBucket(bucket: number): number {
  return (bucket + 1) * feedBucketEvents;
}

export function fedEvent({ sk, attributes }: Item): FedEvent {
  const expires = number(attributes, "expires");
  const fedAt = expires === undefined ? Number.MAX_SAFE_INTEGER : expires * 1000 - feedMs;
  return { position: Number(sk), event: parseEvent(text(attributes, "event") ?? "{}"), fedAt };
}

/** The event that a pointer names; undefined where another one stands, or none. Errors: TableError. */
export async function readEventOf(
  table: Table,
  { position, eventId }: Pick<SinkPointer, "position" | "eventId">,
  now: number,
): Promise<DirectoryEvent | undefined> {
  const [found] = await readFeed(table, { after: position - 1, limit: 1, now });
  return found?.event.id === eventId ? found.event : undefined;
}
