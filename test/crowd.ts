/** Many users at once: one that the API has created, and its head copied under other ids. Their names are all the same. */
import { createHash } from "node:crypto";
import { headKey } from "../lib/provisioning/keys.ts";
import type { Table } from "../lib/provisioning/ports.ts";

const itemsOfTransaction = 100;

/** The ids, in no order. `like`: the id of the user that is copied. */
export async function crowd(table: Table, like: string, size: number): Promise<string[]> {
  const model = await table.get(headKey("User", like));
  if (model === undefined) throw new Error(`there is no User ${like}`);
  const ids = idsOfCrowd(size);
  for (let at = 0; at < size; at += itemsOfTransaction) {
    const some = ids.slice(at, at + itemsOfTransaction);
    const { attributes } = model;
    await table.transact(some.map((id) => ({ kind: "put", key: headKey("User", id), attributes })));
  }
  return ids;
}

/** As they would be, without anybody in the store. */
export function idsOfCrowd(size: number): string[] {
  return Array.from({ length: size }, (_, n) => idOf(n));
}

/** The same in every run, and as hard to compress as a random one. */
function idOf(n: number): string {
  const hex = createHash("sha256").update(String(n)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
