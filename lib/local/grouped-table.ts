/**
 * The tables on SQLite for whoever writes many things at once: writes that are asked for in one turn of the event loop go to the
 * disk with one commit, and each is acknowledged behind it.
 *
 * A commit waits for the disk. Measured, an import of 50,000 rows, 32 at a time: 253 rows a second with a commit for each.
 */
import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers";
import type { Check, Table, Write } from "../provisioning/ports.ts";
import { inTransaction } from "./database.ts";
import { sqliteTable, tableError, writeAll } from "./sqlite-table.ts";

interface Waiting {
  readonly writes: readonly (Write | Check)[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** `streams`: changes of the Directory table go into its stream as well. */
export function groupedTable(db: DatabaseSync, options: { streams: boolean } = { streams: false }): Table {
  let waiting: Waiting[] = [];
  const commit = () => {
    const all = waiting;
    waiting = [];
    commitAll(db, all, options);
  };
  const transact = async (writes: readonly (Write | Check)[]) =>
    await new Promise<void>((resolve, reject) => {
      if (waiting.push({ writes, resolve, reject }) === 1) setImmediate(commit);
    });
  return { ...sqliteTable(db), transact, write: async (write) => await transact([write]) };
}

/** All or nothing of each; when the commit fails, nothing of any. */
function commitAll(db: DatabaseSync, all: readonly Waiting[], options: { streams: boolean }): void {
  const settle: (() => void)[] = [];
  try {
    inTransaction(db, () => {
      for (const { writes, resolve, reject } of all) {
        db.exec("SAVEPOINT one");
        try {
          writeAll(db, writes, options);
          settle.push(resolve);
        } catch (error) {
          // After some errors, such as a full disk, SQLite has rolled all of it back by itself.
          if (!db.isTransaction) throw error;
          db.exec("ROLLBACK TO one");
          settle.push(() => reject(tableError(error)));
        }
        db.exec("RELEASE one");
      }
    });
  } catch (error) {
    for (const { reject } of all) reject(tableError(error));
    return;
  }
  for (const one of settle) one();
}
