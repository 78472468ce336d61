/** A page of a list without a filter, by index: bookmarks make each page cost a page. */
import type { ResourceType } from "../scim/schema.ts";
import { countOf } from "./count.ts";
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

/** Errors: ScimError 400 `tooMany`, only over several types, for which there are no bookmarks. */
export async function listPage(
  p: Provisioning,
  types: readonly ResourceType[],
  { startIndex, count }: { startIndex: number; count: number },
): Promise<HitPage> {
  const totalResults = await countOf(p, types);
  if (startIndex > totalResults) return { totalResults, hits: [] };
  const [type] = types;
  return type !== undefined && types.length === 1
    ? { totalResults, hits: await bookmarkedPage(p, type, { startIndex, count, totalResults }) }
    : { totalResults, hits: await pageOverTypes(p, types, { startIndex, count }) };
}

async function bookmarkedPage(
  p: Provisioning,
  type: ResourceType,
  { startIndex, count, totalResults }: { startIndex: number; count: number; totalResults: number },
): Promise<Hit[]> {
  const page: Hit[] = [];
  const after = startIndex === 1 ? undefined : await bookmark(p, type, startIndex);
  let skip = after === undefined ? startIndex - 1 : 0;
  for await (const head of listHeads(
    p.table,
    type.id,
    skip > 0 ? {} : { ...(after !== undefined && { after }), limit: Math.max(count + 1, pageItemsLeast) },
  )) {
    if (skip > 0) skip -= 1;
    else if (page.push({ type, head }) === count) break;
  }
  const last = page.at(-1);
  // So that the next page costs a page, not all the pages before it.
  if (last !== undefined && startIndex + page.length <= totalResults)
    await leaveBookmark(p, type, startIndex + page.length, last.head.id);
  return page;
}

async function pageOverTypes(
  p: Provisioning,
  types: readonly ResourceType[],
  { startIndex, count }: { startIndex: number; count: number },
): Promise<Hit[]> {
  const isFull = searchBound(p.clock);
  const page: Hit[] = [];
  let skip = startIndex - 1;
  for (const type of types) {
    for await (const head of listHeads(p.table, type.id)) {
      if (isFull()) throw tooMany(types, "skip");
      if (skip > 0) skip -= 1;
      else if (page.push({ type, head }) === count) return page;
    }
  }
  return page;
}

async function bookmark(p: Provisioning, type: ResourceType, startIndex: number): Promise<string | undefined> {
  const item = await p.table.get(bookmarkKey(type.id, startIndex));
  // TTL deletes within days (trap 9).
  const alive = item !== undefined && (number(item.attributes, "expires") ?? 0) * 1000 > p.clock.now();
  return alive ? text(item.attributes, "after") : undefined;
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
