/** The heads of a type in a fixed order: shard after shard, each by id (R44). */
import { type Head, headOf } from "./head.ts";
import { headPartition, shards } from "./keys.ts";
import type { Table } from "./ports.ts";
import { queryAll } from "./query-all.ts";

/** Those that are not deleted, after the id when given. `few`: so many are wanted, so no query reads 1 MB for them. */
export async function* listHeads(table: Table, type: string, after?: string, few?: number): AsyncGenerator<Head> {
  const first = after === undefined ? 0 : shards.indexOf(after.slice(0, 1));
  for (const shard of shards.slice(first)) {
    const pk = headPartition(type, shard);
    const from = after?.startsWith(shard) === true ? { from: after } : {};
    const limit = few === undefined ? {} : { limit: few };
    for await (const item of queryAll(table, { table: "scim", pk, ...from, ...limit })) {
      if (item.sk === after) continue;
      const head = headOf(type, item);
      if (head.state === "live") yield head;
    }
  }
}
