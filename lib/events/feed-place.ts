/** Places in the feed: between two events, where somebody goes on to read. */
import { feedKey, feedPartition } from "../provisioning/keys.ts";
import type { Table } from "../provisioning/ports.ts";
import { bucketOf, fedEvent, fedEvents, feedEnd, feedMs, lastOfBucket } from "./feed.ts";

export interface FeedPlace {
  /** Of the event before it; 0: of none. */
  readonly position: number;
  /** What comes after it came into the feed no earlier than this, in milliseconds since 1970. */
  readonly at: number;
  /** Of the event before it: a feed that has another one there was restored, or is another feed. Absent: not known. */
  readonly eventId?: string;
}

/** Before whatever comes next. Two reads. Errors: TableError. */
export async function placeAtEnd(table: Table, now: number): Promise<FeedPlace> {
  const position = await feedEnd(table);
  const last = position === 0 ? undefined : await table.get(feedKey(position));
  return { position, at: now, ...(last && { eventId: fedEvent(last).event.id }) };
}

/** Before the oldest event that is kept. Reads as `placeAt`. Errors: TableError. */
export async function placeAtStart(table: Table, now: number): Promise<FeedPlace> {
  return await placeAt(table, now - feedMs, now);
}

/**
 * Before the first event that came into the feed after a moment: it looks at the last event of some buckets, so that a feed of
 * thirty million events takes fifteen small reads and one of a bucket. Units: milliseconds since 1970. Errors: TableError.
 */
export async function placeAt(table: Table, moment: number, now: number): Promise<FeedPlace> {
  const end = await feedEnd(table);
  if (end === 0) return { position: 0, at: now };
  let [low, high] = [0, bucketOf(end)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await endsAfter(table, middle, moment)) high = middle;
    else low = middle + 1;
  }
  const from = lastOfBucket(low - 1) + 1;
  for await (const { position, fedAt } of fedEvents(table, { from, to: end, now }))
    if (fedAt > moment) return { position: position - 1, at: fedAt };
  return { position: end, at: now };
}

async function endsAfter(table: Table, bucket: number, moment: number): Promise<boolean> {
  const pk = feedPartition(lastOfBucket(bucket));
  const { items } = await table.query({ table: "events", pk, descending: true, limit: 1 });
  return items.some((item) => fedEvent(item).fedAt > moment);
}
