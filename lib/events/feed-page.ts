/**
 * A page of the feed after a place: at constant cost, however long the feed is.
 *
 * Positions are given in one transaction with their events, so one that is missing below the end is not visible yet (a query
 * may see a transaction item by item), or over its 30 days, or lost. A page ends before it while it may become visible; that
 * is over when an event behind it is a minute old. Then it is told as lost, and never passed over in silence.
 */
import type { Clock, Table } from "../provisioning/ports.ts";
import { eventText } from "./event.ts";
import { type FedEvent, feedEnd, fedEvents, feedMs, isYoung } from "./feed.ts";
import type { FeedPlace } from "./feed-place.ts";

export interface FeedPage {
  /** Oldest first. */
  readonly events: readonly FedEvent[];
  readonly next: FeedPlace;
  /** There is something after `next` already. */
  readonly more: boolean;
  /** Positions whose events are lost. */
  readonly gaps: readonly number[];
}

/** Why nobody can read on from a place: what follows it is kept no more, or the feed had another event there. */
export type FeedEnded = "over" | "restored";

/** An answer of Lambda holds 6 MB, its own JSON counted, in which a quotation mark may take twice. Units: bytes of the events' JSON. */
const pageBytes = 2_500_000;

/** At most `limit` events, fewer when they are large. Errors: TableError. */
export async function readFeedPage(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  place: FeedPlace,
  limit: number,
): Promise<FeedPage | FeedEnded> {
  const now = clock.now();
  const end = await feedEnd(table);
  if (place.position > end) return "restored";
  if (place.position === end) return { events: [], next: { ...place, at: now }, more: false, gaps: [] };
  const read = await readRange(table, place, { to: Math.min(place.position + limit, end), end, now });
  if (typeof read === "string") return read;
  const { events, gaps, last, isHeld } = read;
  return { events, next: placeAfter(place, events, last), more: last < end && !isHeld, gaps };
}

interface Range {
  readonly events: readonly FedEvent[];
  readonly gaps: readonly number[];
  /** Up to here it was read. */
  readonly last: number;
  /** What follows is not visible yet. */
  readonly isHeld: boolean;
}

/** The event before the place is read with them, to see whether it is still the same one. */
async function readRange(
  table: Table,
  { position, eventId, at }: FeedPlace,
  { to, end, now }: { readonly to: number; readonly end: number; readonly now: number },
): Promise<Range | FeedEnded> {
  const events: FedEvent[] = [];
  const gaps: number[] = [];
  let last = position;
  let bytes = 0;
  const isOver = (): boolean => last === position && at <= now - feedMs;
  const from = eventId === undefined ? position + 1 : position;
  for await (const fed of fedEvents(table, { from, to, now })) {
    if (fed.position === position) {
      if (fed.event.id !== eventId) return "restored";
      continue;
    }
    if (fed.position !== last + 1) {
      if (isOver()) return "over";
      if (isYoung(fed, now)) return { events, gaps, last, isHeld: true };
    }
    bytes += new TextEncoder().encode(eventText(fed.event)).length;
    if (bytes > pageBytes && events.length > 0) return { events, gaps, last, isHeld: false };
    gaps.push(...positions(last + 1, fed.position - 1));
    events.push(fed);
    last = fed.position;
  }
  if (last === to) return { events, gaps, last, isHeld: false };
  if (isOver()) return "over";
  const behind = await firstOf(fedEvents(table, { from: to + 1, to: end, now }));
  if (behind === undefined || isYoung(behind, now)) return { events, gaps, last, isHeld: true };
  return { events, gaps: [...gaps, ...positions(last + 1, to)], last: to, isHeld: false };
}

function positions(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
}

async function firstOf<T>(all: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of all) return one;
  return undefined;
}

/** Of a gap nobody knows when it came: no earlier than the event before it. */
function placeAfter(place: FeedPlace, events: readonly FedEvent[], last: number): FeedPlace {
  if (last === place.position) return place;
  const newest = events.at(-1);
  const at = newest?.fedAt ?? place.at;
  return { position: last, at, ...(newest?.position === last && { eventId: newest.event.id }) };
}
