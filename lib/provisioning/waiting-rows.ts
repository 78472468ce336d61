/** The rows of the sparse index of heads that wait: it is spread over keys, and all keys of a kind are asked at once. */
import { type WaitKind, waitKeys } from "./keys.ts";
import type { Table, Waiting } from "./ports.ts";

/** Of these kinds, key by key, each ascending by `waitAt`; `limit` is of each key. Errors: TableError. */
export async function waitingRows(
  { table }: { readonly table: Table },
  kinds: readonly WaitKind[],
  limit: number,
): Promise<Waiting[]> {
  const keys = kinds.flatMap((kind) => waitKeys(kind));
  const found = await Promise.all(keys.map(async (key) => await table.waiting(key, { limit })));
  return found.flat();
}
