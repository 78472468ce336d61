/**
 * Reads that are tried again for a while before a request is refused. Okta shows an administrator a red mark after the first
 * 503, and does not come back by itself: slowly right is better than quickly refused (R95). Writes have their own patience
 * (accept.ts): only who knows what was written may try again.
 */
import { pausesOf } from "./backoff.ts";
import { type Table, TableError, type TableErrorKind } from "./ports.ts";
import type { Provisioning } from "./state.ts";

/** What may be over in a moment. */
const passing: ReadonlySet<TableErrorKind> = new Set<TableErrorKind>(["throttled", "conflict", "lost"]);

/** Of a request, for all its reads together: an answer has to come in single seconds. */
const patienceMs = 8_000;

/** The table for one request. Errors: TableError, as it came last. */
export function patientReads(p: Pick<Provisioning, "table" | "clock" | "chance">): Table {
  const { table, clock } = p;
  let leftMs = patienceMs;
  const patiently = async <T>(read: () => Promise<T>): Promise<T> => {
    const begun = clock.now();
    let last: unknown;
    try {
      for await (const _attempt of pausesOf(p, { firstMs: 50, mostMs: 1_000, times: 1, forMs: leftMs })) {
        try {
          return await read();
        } catch (error) {
          if (!(error instanceof TableError && passing.has(error.kind))) throw error;
          last = error;
        }
      }
      throw last;
    } finally {
      if (last !== undefined) leftMs -= clock.now() - begun;
    }
  };
  return {
    ...table,
    get: async (key) => await patiently(() => table.get(key)),
    batchGet: async (keys) => await patiently(() => table.batchGet(keys)),
    query: async (range) => await patiently(() => table.query(range)),
  };
}
