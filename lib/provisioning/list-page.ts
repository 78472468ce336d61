/**
 * A page of a list without a filter, by index. Bookmarks make each page of a walk cost a page; a jump costs at most what
 * begins with the same two digits of an id, because the counts tell what to pass over.
 */
import type { ResourceType } from "../scim/schema.ts";
import { type Counts, countsOf } from "./count.ts";
import { number, text } from "./head.ts";
import { bookmarkKey } from "./keys.ts";
import { listHeads } from "./list-heads.ts";
import { TableError } from "./ports.ts";
import type { Hit, HitPage } from "./search.ts";
import { searchBound, tooMany } from "./search-bound.ts";
import type { Provisioning } from "./state.ts";

const bookmarkSeconds = 900;
/** A query takes so many heads at least: deleted ones stand between the others for a month. */
const pageItemsLeast = 100;

interface Counted extends Counts {
  readonly type: ResourceType;
}

/** Where a page begins: so many of this type, behind `after`, are still to be passed over. */
interface Start {
  readonly type: ResourceType;
  readonly after?: string;
  readonly skip: number;
}

/** Errors: ScimError 400 `tooMany` where more has to be read than one request may. */
export async function listPage(
  p: Provisioning,
  types: readonly ResourceType[],
  { startIndex, count }: { startIndex: number; count: number },
): Promise<HitPage> {
  const counted: Counted[] = [];
  for (const type of types) counted.push({ type, ...(await countsOf(p, type)) });
  const totalResults = counted.reduce((sum, { total }) => sum + total, 0);
  if (startIndex > totalResults) return { totalResults, hits: [] };
  // Over several types there are no bookmarks: few ask for that, and no identity provider does.
  const marked = types.length === 1 ? types[0] : undefined;
  const mark = marked === undefined || startIndex === 1 ? undefined : await bookmark(p, marked, startIndex);
  const start = mark === undefined || marked === undefined ? startOf(counted, startIndex) : { type: marked, ...mark };
  const hits = start === undefined ? [] : await pageFrom(p, types, start, count);
  const last = hits.at(-1);
  // So that the next page costs a page.
  if (marked !== undefined && last !== undefined && startIndex + hits.length <= totalResults)
    await leaveBookmark(p, marked, startIndex + hits.length, last.head.id);
  return { totalResults, hits };
}

/** Undefined: fewer were counted than asked for. */
function startOf(counted: readonly Counted[], startIndex: number): Start | undefined {
  let skip = startIndex - 1;
  for (const { type, total, places } of counted) {
    if (skip >= total) {
      skip -= total;
      continue;
    }
    if (places === undefined || skip === 0) return { type, skip };
    for (const [place, here] of places) {
      // The digits alone stand before all ids that begin with them.
      if (skip < here) return { type, after: place, skip };
      skip -= here;
    }
  }
  return undefined;
}

async function pageFrom(
  p: Provisioning,
  types: readonly ResourceType[],
  { type: first, after, skip: passed }: Start,
  count: number,
): Promise<Hit[]> {
  const isFull = searchBound(p.clock);
  const page: Hit[] = [];
  let skip = passed;
  for (const type of types.slice(types.indexOf(first))) {
    const limit = Math.max(skip + count - page.length + 1, pageItemsLeast);
    const from = type === first && after !== undefined ? { after } : {};
    for await (const head of listHeads(p.table, type.id, { ...from, limit })) {
      if (isFull()) throw tooMany(types, "skip");
      if (skip > 0) skip -= 1;
      else if (page.push({ type, head }) === count) return page;
    }
  }
  return page;
}

async function bookmark(
  p: Provisioning,
  type: ResourceType,
  startIndex: number,
): Promise<Omit<Start, "type"> | undefined> {
  const item = await p.table.get(bookmarkKey(type.id, startIndex));
  // TTL deletes within days (trap 9).
  const alive = item !== undefined && (number(item.attributes, "expires") ?? 0) * 1000 > p.clock.now();
  const after = alive ? text(item.attributes, "after") : undefined;
  return after === undefined ? undefined : { after, skip: 0 };
}

/** Without it the next page costs more; that is no reason to refuse this one. */
async function leaveBookmark(p: Provisioning, type: ResourceType, startIndex: number, after: string): Promise<void> {
  const expires = Math.floor(p.clock.now() / 1000) + bookmarkSeconds;
  try {
    await p.table.write({ kind: "put", key: bookmarkKey(type.id, startIndex), attributes: { after, expires } });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
  }
}
