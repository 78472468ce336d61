/** What a reader of the feed gets: a page after the cursor, or, when there is nothing and the reader waits, whatever comes next. */
import { type FeedEnded, type FeedPage, readFeedPage } from "../events/feed-page.ts";
import { type FeedPlace, placeAtEnd, placeAtStart } from "../events/feed-place.ts";
import { type Clock, type Table, TableError } from "../provisioning/ports.ts";
import { ScimError } from "../scim/error.ts";
import type { FeedCursors } from "./feed-cursor.ts";
import type { FeedRequest } from "./feed-request.ts";
import type { HttpResponse } from "./http.ts";

export interface FeedSource {
  readonly table: Table;
  readonly clock: Clock;
  readonly cursors: FeedCursors;
}

/** Errors: ScimError 400 for a cursor that is none of ours; TableError. */
export async function placeAsked({ table, clock, cursors }: FeedSource, { after }: FeedRequest): Promise<FeedPlace> {
  if (after === undefined) return await placeAtStart(table, clock.now());
  return after === "end" ? await placeAtEnd(table, clock.now()) : cursors.placeOf(after);
}

/** Errors: ScimError 410 when nobody can read on from the place; TableError. */
export async function pageAfter(
  source: Pick<FeedSource, "table" | "clock">,
  place: FeedPlace,
  limit: number,
): Promise<FeedPage> {
  const page = await readFeedPage(source, place, limit);
  if (typeof page === "object") return page;
  throw new ScimError(410, undefined, ended[page]);
}

const lookEveryMs = 1_000;

/** The page, or one that has something, as soon as there is: looked for about each second. A look that fails is one that finds nothing. */
export async function waitedFor(
  source: Pick<FeedSource, "table" | "clock">,
  { place, limit, first }: { readonly place: FeedPlace; readonly limit: number; readonly first: FeedPage },
  mayWait: (ms: number) => boolean,
): Promise<FeedPage> {
  let page = first;
  while (hasNothing(page) && mayWait(lookEveryMs)) {
    await source.clock.sleep(lookEveryMs);
    page = await pageAfter(source, place, limit).catch((error: unknown) => {
      if (error instanceof TableError) return page;
      throw error;
    });
  }
  return page;
}

export function hasNothing({ events, gaps }: FeedPage): boolean {
  return events.length === 0 && gaps.length === 0;
}

export function answerOf({ events, next, more, gaps }: FeedPage, { cursorOf }: FeedCursors): HttpResponse {
  const headers = { "content-type": "application/json", vary: "Accept-Encoding", "cache-control": "no-store" };
  const told = { events: events.map(({ event }) => event), next: cursorOf(next), more };
  return { status: 200, headers, body: { ...told, ...(gaps.length > 0 && { gaps }) } };
}

const again = "ask with after=end and keep its next, read the whole directory, then go on from that next";

const ended: Readonly<Record<FeedEnded, string>> = {
  over: `what follows this cursor is over the 30 days that events are kept; ${again}`,
  restored: `the feed was restored, and has other events where this cursor stands; ${again}`,
};
