/**
 * A table for what goes on in the background: now and then a call lets those go first who wait for the event loop.
 *
 * SQLite answers at once, so a worker with a backlog, or a sweep, would never let go of the only thread: measured, a request
 * waited until all was applied.
 */
import { setImmediate as othersFirst } from "node:timers/promises";
import type { Table } from "../provisioning/ports.ts";

/** About one change of a user: with each call, five requests at once leave the worker so little that it falls behind. */
const callsBetween = 8;

export function politeTable(table: Table): Table {
  let calls = 0;
  const later = async <T>(call: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls % callsBetween === 0) await othersFirst();
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
