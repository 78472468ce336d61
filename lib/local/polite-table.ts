/**
 * A table for what goes on in the background: each call lets those go first who wait for the event loop.
 *
 * SQLite answers at once, so a worker with a backlog, or a sweep, would never let go of the only thread: measured, a request
 * waited until all was applied.
 */
import { setImmediate as othersFirst } from "node:timers/promises";
import type { Table } from "../provisioning/ports.ts";

export function politeTable(table: Table): Table {
  const later = async <T>(call: () => Promise<T>): Promise<T> => {
    await othersFirst();
    return await call();
  };
  return {
    get: async (key) => await later(() => table.get(key)),
    batchGet: async (keys) => await later(() => table.batchGet(keys)),
    query: async (range) => await later(() => table.query(range)),
    waiting: async (key, options) => await later(() => table.waiting(key, options)),
    write: async (write) => await later(() => table.write(write)),
    transact: async (writes) => await later(() => table.transact(writes)),
  };
}
