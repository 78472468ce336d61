/** Many users at once: one that the API has created, and its head copied under other ids. Their names are all the same. */
import { headKey } from "../../lib/provisioning/keys.ts";
import type { Table } from "../../lib/provisioning/ports.ts";

const itemsOfTransaction = 100;

/** The ids, in no order. `like`: the id of the user that is copied. */
export async function crowd(table: Table, like: string, size: number): Promise<string[]> {
  const model = await table.get(headKey("User", like));
  if (model === undefined) throw new Error(`there is no User ${like}`);
  const ids = Array.from({ length: size }, (_, n) => idOf(n));
  for (let at = 0; at < size; at += itemsOfTransaction) {
    const some = ids.slice(at, at + itemsOfTransaction);
    const { attributes } = model;
    await table.transact(some.map((id) => ({ kind: "put", key: headKey("User", id), attributes })));
  }
  return ids;
}

/** Over all shards: the first digits are those of a multiplicative hash. */
function idOf(n: number): string {
  const spread = (Math.imul(n + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
  return `${spread}-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}
