/** The heads of a type in a fixed order: shard after shard, each by id (R44). */
import { type Head, headOf } from "./head.ts";
import { inOrder } from "./in-parallel.ts";
import { headPartition, shards } from "./keys.ts";
import type { Item, Page, QueryRange, Table } from "./ports.ts";

/** Of a type that is read as a whole: so the walk does not wait for sixteen partitions one after another. */
const queriesAtOnce = 4;

/**
 * Those that are not deleted. `after`: only ids behind it. `limit`: so many are fetched at a time, however many are taken.
 * `whole`: all will be taken. `deleted`: those as well, for as long as their tombstones stay.
 */
export async function* listHeads(
  table: Table,
  type: string,
  {
    after,
    limit,
    whole = false,
    deleted = false,
  }: { after?: string; limit?: number; whole?: boolean; deleted?: boolean } = {},
): AsyncGenerator<Head> {
  const first = after === undefined ? 0 : shards.indexOf(after.slice(0, 1));
  const ranges = shards.slice(first).map((shard): QueryRange => {
    const from = after?.startsWith(shard) === true ? { from: after } : {};
    return { table: "scim", pk: headPartition(type, shard), ...from, ...(limit !== undefined && { limit }) };
  });
  const firstPages = ranges.map((range) => async () => ({ range, page: await table.query(range) }));
  for await (const { range, page } of inOrder(firstPages, whole ? queriesAtOnce : 1)) {
    for await (const item of itemsFrom(table, range, page)) {
      if (item.sk === after) continue;
      const head = headOf(type, item);
      if (deleted || head.state === "live") yield head;
    }
  }
}

async function* itemsFrom(table: Table, range: QueryRange, first: Page): AsyncGenerator<Item> {
  yield* first.items;
  for (let { next } = first; next !== undefined;) {
    const page = await table.query({ ...range, after: next });
    yield* page.items;
    next = page.next;
  }
}
