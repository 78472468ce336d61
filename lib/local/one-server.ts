/**
 * One server a data file: two would each think the workers, the sweep and the publisher theirs alone. The commands with
 * `--local` and the console are other processes on the same file, and need no leave.
 */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { primaryCode, sqliteCode } from "./database.ts";
import { StartError } from "./listen.ts";

/**
 * Takes the lock on `<folder>/<tenant>.server`, an empty file. The system gives it back when the process ends, however it
 * ends: nothing stale is left to take away by hand.
 *
 * Errors: StartError when another server has it.
 */
export function onlyServerOn({ folder, tenant }: { folder: string; tenant: string }): { readonly release: () => void } {
  const path = join(folder, `${tenant}.server`);
  closeSync(openSync(path, "a", 0o600));
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (primaryCode(error) !== sqliteCode.busy) throw error;
    throw new StartError(
      `Another server is running on the data of tenant "${tenant}" in ${folder}: stop that one, or name another data folder with ROLLCALL_DATA.`,
      { cause: error },
    );
  }
  return { release: () => lock.close() };
}
