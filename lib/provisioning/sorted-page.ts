/**
 * A page of a sorted result: the whole result is sorted, not one page of it (R41), so all of it has to fit the bound.
 *
 * A walk goes on behind the sort key and id of its last resource: who comes or goes meanwhile moves nobody else.
 */
import type { Position } from "../scim/cursor.ts";
import { represent } from "../scim/representation.ts";
import { compareKeys, sortKey } from "../scim/sort.ts";
import type { ResourceType } from "../scim/schema.ts";
import { headOf } from "./head.ts";
import { headKey } from "./keys.ts";
import { stateOf } from "./read-resource.ts";
import type { Hit, HitPage, Search } from "./search.ts";
import type { Part } from "./search-plan.ts";
import type { Provisioning } from "./state.ts";
import { matchesWithin } from "./walk-page.ts";

/** All that is kept of a match while the others are read. */
interface Row extends Required<Position> {
  readonly of: ResourceType;
}

/** Errors: ScimError 400 `tooMany`. */
export async function sortedPage(p: Provisioning, plan: readonly Part[], asked: Search): Promise<HitPage> {
  const { startIndex, count, walk, sortOrder } = asked;
  const before = orderOf(plan, sortOrder === "descending");
  const rows = await rowsOf(p, plan);
  rows.sort(before);
  const from = walk?.from;
  const first =
    walk === undefined ? startIndex - 1 : from === undefined ? 0 : rows.findIndex((row) => before(from, row) < 0);
  const page = first < 0 ? [] : rows.slice(first, first + count);
  const last = page.at(-1);
  const goesOn = walk !== undefined && last !== undefined && first + page.length < rows.length;
  return {
    totalResults: rows.length,
    hits: await hitsOf(p, page),
    ...(goesOn && { next: { type: last.type, id: last.id, key: last.key } }),
  };
}

async function rowsOf(p: Provisioning, plan: readonly Part[]): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { type, head, part } of matchesWithin(p, plan, "sort")) {
    const key = part.sortBy === undefined ? null : sortKey(represent(type, stateOf(type, head), ""), part.sortBy);
    rows.push({ of: type, type: type.id, id: head.id, key });
  }
  return rows;
}

/** Of two with equal keys the one that stands first without sorting, in either direction. */
function orderOf(plan: readonly Part[], isDescending: boolean): (a: Position, b: Position) => number {
  const places = new Map(plan.map(({ type }, n) => [type.id, n]));
  const placeOf = ({ type }: Position) => places.get(type) ?? 0;
  return (a, b) => {
    const byKey = compareKeys(a.key ?? null, b.key ?? null);
    if (byKey !== 0) return isDescending ? -byKey : byKey;
    return placeOf(a) - placeOf(b) || compareKeys(a.id, b.id);
  };
}

/** Who was deleted meanwhile is left out. */
async function hitsOf(p: Provisioning, rows: readonly Row[]): Promise<Hit[]> {
  const items = await p.table.batchGet(rows.map(({ type, id }) => headKey(type, id)));
  return rows.flatMap(({ of }, n): Hit[] => {
    const item = items[n];
    const head = item && headOf(of.id, item);
    return head?.state === "live" ? [{ type: of, head }] : [];
  });
}
