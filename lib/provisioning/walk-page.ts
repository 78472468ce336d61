/** A page of a result in id order: by position (RFC 9865), or by index with all matches counted. */
import type { Position } from "../scim/cursor.ts";
import { candidates } from "./candidates.ts";
import { countOf } from "./count.ts";
import { type Fit, fitOf } from "./fits.ts";
import { defined } from "./head.ts";
import { inParallel } from "./in-parallel.ts";
import type { Hit, HitPage } from "./search.ts";
import { searchBound, tooMany } from "./search-bound.ts";
import type { Part } from "./search-plan.ts";
import type { Provisioning } from "./state.ts";

/**
 * The page behind a position. Where the bound of one request is reached, the page ends there, short or empty, and the walk
 * goes on by its `next` (R53): so a filter without an index is answered whatever the size of the store.
 */
export async function walkPage(
  p: Provisioning,
  plan: readonly Part[],
  asked: { count: number; isWhole: boolean; from?: Position | undefined },
): Promise<HitPage> {
  const { count, isWhole, from } = asked;
  const isFull = searchBound(p.clock);
  const hits: Hit[] = [];
  let last: Position | undefined = from;
  let next: Position | undefined;
  for await (const hit of candidatesOf(p, plan, { from, limit: isWhole ? count + 1 : undefined })) {
    const head = await hit.fit(hit.head);
    // The match behind the page is looked for too: only it tells whether this page is the last.
    if (head !== undefined && hits.length === count) {
      next = last;
      break;
    }
    if (head !== undefined) hits.push({ type: hit.type, head });
    last = { type: hit.type.id, id: hit.head.id };
    // Only now: each request gets at least one resource further.
    if (isFull()) {
      next = last;
      break;
    }
  }
  const isAll = from === undefined && next === undefined;
  const totalResults = isWhole
    ? await countOf(
        p,
        plan.map(({ type }) => type),
      )
    : isAll
      ? hits.length
      : undefined;
  return { hits, ...(totalResults !== undefined && { totalResults }), ...(next && { next }) };
}

/** Errors: ScimError 400 `tooMany` where the matches cannot all be counted within the bound. */
export async function filteredPage(
  p: Provisioning,
  plan: readonly Part[],
  { startIndex, count }: { startIndex: number; count: number },
): Promise<HitPage> {
  const hits: Hit[] = [];
  let totalResults = 0;
  for await (const hit of matchesWithin(p, plan, "filter")) {
    totalResults += 1;
    if (totalResults >= startIndex && hits.length < count) hits.push(hit);
  }
  return { totalResults, hits };
}

/**
 * All matches, in id order.
 *
 * Errors: ScimError 400 `tooMany` beyond the bound; `what` needs them all.
 */
export async function* matchesWithin(
  p: Provisioning,
  plan: readonly Part[],
  what: "filter" | "sort",
): AsyncGenerator<PartHit> {
  const isFull = searchBound(p.clock);
  const types = plan.map(({ type }) => type);
  for await (const hits of inPieces(candidatesOf(p, plan, { whole: true }))) {
    if (hits.some(() => isFull())) throw tooMany(types, what);
    const heads = await inParallel(hits, foldedAtOnce, async ({ head, fit }) => await fit(head));
    for (const [n, { type, part }] of hits.entries()) {
      const head = heads[n];
      if (head !== undefined) yield { type, head, part };
    }
  }
}

/** Heads that are looked at together, and how many of them at once where each costs reads: groups with changes pending. */
const pieceSize = 64;
const foldedAtOnce = 8;

async function* inPieces<T>(all: AsyncIterable<T>): AsyncGenerator<T[]> {
  let piece: T[] = [];
  for await (const one of all) {
    if (piece.push(one) < pieceSize) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

export interface PartHit extends Hit {
  readonly part: Part;
}

interface Candidate extends PartHit {
  readonly fit: Fit;
}

async function* candidatesOf(
  p: Provisioning,
  plan: readonly Part[],
  { from, limit, whole }: { from?: Position | undefined; limit?: number | undefined; whole?: boolean },
): AsyncGenerator<Candidate> {
  const first = from === undefined ? 0 : plan.findIndex(({ type }) => type.id === from.type);
  for (const [n, part] of plan.slice(Math.max(0, first)).entries()) {
    const range = defined({ after: n === 0 ? from?.id : undefined, limit, whole });
    // Before the heads: what it reads is held against them.
    const fit = await fitOf(p, part);
    for await (const head of candidates(p, part.type, part.filter, range)) yield { type: part.type, head, part, fit };
  }
}
