/** The rows of the sparse index of heads that wait: it is spread over keys, and all keys of a kind are asked at once. */
import { type WaitKind, waitKeys } from "./keys.ts";
import type { Table, Waiting } from "./ports.ts";

export interface WaitingRows {
  /** Key by key, each ascending by `waitAt`. */
  readonly rows: Waiting[];
  /** Some key gave as many as are read of one, so there may be more. */
  readonly isMore: boolean;
}

/** Of these kinds; `limit` is of each key. Errors: TableError. */
export async function waitingRows(
  { table }: { readonly table: Table },
  kinds: readonly WaitKind[],
  limit: number,
): Promise<WaitingRows> {
  const keys = kinds.flatMap((kind) => waitKeys(kind));
  const found = await Promise.all(keys.map(async (key) => await table.waiting(key, { limit })));
  return { rows: found.flat(), isMore: found.some((rows) => rows.length >= limit) };
}
