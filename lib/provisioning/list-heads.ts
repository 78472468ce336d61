/** The heads of a type in a fixed order: shard after shard, each by id (R44). */
import { type Head, headOf } from "./head.ts";
import { headPartition, shards } from "./keys.ts";
import type { Table } from "./ports.ts";
import { queryAll } from "./query-all.ts";

/** Those that are not deleted. `after`: only ids behind it. `limit`: so many are fetched at a time, however many are taken. */
export async function* listHeads(
  table: Table,
  type: string,
  { after, limit }: { after?: string; limit?: number } = {},
): AsyncGenerator<Head> {
  const first = after === undefined ? 0 : shards.indexOf(after.slice(0, 1));
  for (const shard of shards.slice(first)) {
    const pk = headPartition(type, shard);
    const from = after?.startsWith(shard) === true ? { from: after } : {};
    const most = limit === undefined ? {} : { limit };
    for await (const item of queryAll(table, { table: "scim", pk, ...from, ...most })) {
      if (item.sk === after) continue;
      const head = headOf(type, item);
      if (head.state === "live") yield head;
    }
  }
}
