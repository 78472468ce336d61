/** A table that counts what it is asked for, and what it then holds. */
import type { Table } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";

export interface Counted {
  /** Calls that read; a batch counts each of its keys. */
  reads: number;
  writes: number;
  /** Every item that was ever written, as `pk sk`. */
  readonly items: Set<string>;
}

/** For harness's `change`; counts from the moment on when `counted` is set back. */
export function counting(counted: Counted): (p: Provisioning) => Provisioning {
  return (p) => ({ ...p, table: countedTable(p.table, counted) });
}

export function nothingCounted(): Counted {
  return { reads: 0, writes: 0, items: new Set() };
}

export function countAgain(counted: Counted): void {
  counted.reads = 0;
  counted.writes = 0;
  counted.items.clear();
}

export function countedTable(table: Table, counted: Counted): Table {
  const read = async <T>(calls: number, found: Promise<T>): Promise<T> => {
    counted.reads += calls;
    return await found;
  };
  return {
    get: async (key) => await read(1, table.get(key)),
    batchGet: async (keys) => await read(keys.length, table.batchGet(keys)),
    query: async (range) => await read(1, table.query(range)),
    waiting: async (key, options) => await read(1, table.waiting(key, options)),
    write: async (write) => {
      counted.writes += 1;
      counted.items.add(`${write.key.pk} ${write.key.sk}`);
      await table.write(write);
    },
    transact: async (writes) => {
      counted.writes += writes.length;
      for (const { key } of writes) counted.items.add(`${key.pk} ${key.sk}`);
      await table.transact(writes);
    },
  };
}
