/** Every item of a key range, page by page: what arrives late is read late, so this is not a snapshot (trap 2). */
import type { Item, QueryRange, Table } from "./ports.ts";

export async function* queryAll(table: Table, range: Omit<QueryRange, "after">): AsyncGenerator<Item> {
  for await (const items of queryPages(table, range)) yield* items;
}

/** The same by the page: a step of a generator for each of a hundred thousand items costs as much as reading them. */
export async function* queryPages(table: Table, range: Omit<QueryRange, "after">): AsyncGenerator<readonly Item[]> {
  let after: string | undefined;
  do {
    const page = await table.query(after === undefined ? range : { ...range, after });
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}
