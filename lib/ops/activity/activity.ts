/**
 * Activity: what was accepted and what was refused, newest first, of everybody or of one.
 *
 * A page reads its lists from the place where the one before ended, then the log items and heads of its rows in a batch each:
 * the same reads, however many users there are. Where few rows are wanted, it looks at a thousand and says how far it came.
 */
import { listTokens } from "../../provisioning/token.ts";
import type { Operations } from "../operations.ts";
import { described, type Tokens, type Wanted } from "./described.ts";
import { walk, type WalkOptions } from "./lists.ts";
import { merged, type Pointed } from "./merged.ts";
import { type Place, placeOf, placeText } from "./place.ts";
import { type ActivityRow, isRefusalKind } from "./row.ts";

export interface ActivityOptions extends Wanted {
  /** Whom it is about: userName, e-mail, externalId, displayName or id. */
  readonly who?: string;
  /** Milliseconds since 1970: nothing before. */
  readonly since?: number;
  /** The `next` of the page before. */
  readonly after?: string;
  readonly most: number;
}

export interface ActivityPage {
  /** Newest first; may be fewer than were asked for, even none, and still have a `next`. */
  readonly rows: readonly ActivityRow[];
  /** Absent: there is nothing before. */
  readonly next?: string;
  /** Milliseconds since 1970: so far back it was looked for what is wanted, and not further; absent when the page is full. */
  readonly lookedBackTo?: number;
}

export type Store = Pick<Operations, "table" | "tenant" | "clock">;

/** So many are looked at for one page. */
const lookedMost = 1_000;
const lookedAtOnce = 250;
const day = 86_400_000;

/** Errors: OperationError when `after` is no place in the activity; TableError. */
export async function activity(o: Store, options: ActivityOptions): Promise<ActivityPage> {
  const { most, after } = options;
  const from = after === undefined ? undefined : placeOf(after);
  // One more says that there are more.
  const atOnce = isFiltered(options) ? Math.max(most + 1, lookedAtOnce) : most + 1;
  const { lists, behind } = await walk(o, walkOptions(o, options, from, Math.ceil(atOnce / 2)));
  let tokens: Tokens | undefined;
  const rows: ActivityRow[] = [];
  let place: Place = from ?? { at: 0, changes: [] };
  let looked = 0;
  for await (const listed of inParts(merged(lists), atOnce)) {
    tokens ??= await tokensOf(o);
    const found = await described(o.table, listed, options, tokens);
    for (const [n, pointed] of listed.entries()) {
      const row = found[n];
      if (row !== undefined && rows.length === most) return { rows, next: placeText(place) };
      if (row !== undefined) rows.push(row);
      place = behind(place, pointed);
    }
    looked += listed.length;
    if (looked >= lookedMost) return { rows, next: placeText(place), lookedBackTo: place.at };
  }
  return { rows };
}

function isFiltered({ kinds, status }: Wanted): boolean {
  return kinds !== undefined || status !== undefined;
}

/** What is older than the evidence that is kept may still be there: the table's clean-up is late by days (trap 9). */
export function walkOptions(
  { tenant, clock }: Pick<Store, "tenant" | "clock">,
  { who, since = 0, kinds, status }: Omit<ActivityOptions, "most" | "after">,
  from: Place | undefined,
  pageSize: number,
): WalkOptions {
  return {
    since: Math.max(since, clock.now() - tenant.evidenceDays * day),
    pageSize,
    wantsChanges: kinds?.every(isRefusalKind) !== true,
    // They have no status of ours.
    wantsRefusals: status === undefined && kinds?.some(isRefusalKind) !== false,
    ...(from && { from }),
    ...(who !== undefined && { who }),
  };
}

export async function tokensOf({ table }: Pick<Store, "table">): Promise<Tokens> {
  return new Map((await listTokens(table)).map((token) => [token.id, token]));
}

async function* inParts(listed: AsyncGenerator<Pointed>, size: number): AsyncGenerator<Pointed[]> {
  let part: Pointed[] = [];
  for await (const one of listed) {
    part.push(one);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
