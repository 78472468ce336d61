/** A table that counts what is read of it: the calls, and the items that they give. */
import type { Table } from "../../lib/provisioning/ports.ts";

export interface Reads {
  readonly calls: number;
  readonly items: number;
}

export function countedReads(table: Table): {
  table: Table;
  readsOf: (work: () => Promise<unknown>) => Promise<Reads>;
} {
  const seen = { calls: 0, items: 0 };
  const note = (items: number): void => {
    seen.calls += 1;
    seen.items += items;
  };
  return {
    table: {
      ...table,
      get: async (key) => {
        const item = await table.get(key);
        note(item === undefined ? 0 : 1);
        return item;
      },
      batchGet: async (keys) => {
        const items = await table.batchGet(keys);
        note(items.filter((item) => item !== undefined).length);
        return items;
      },
      query: async (range) => {
        const page = await table.query(range);
        note(page.items.length);
        return page;
      },
      waiting: async (key, options) => {
        const rows = await table.waiting(key, options);
        note(rows.length);
        return rows;
      },
    },
    readsOf: async (work) => {
      const before = { ...seen };
      await work();
      return { calls: seen.calls - before.calls, items: seen.items - before.items };
    },
  };
}
