/** That a restore was mended, for the doctor: until then it says what is to be done. */
import { number } from "../../provisioning/head.ts";
import { restoredKey } from "../../provisioning/keys.ts";
import type { Table } from "../../provisioning/ports.ts";

export interface RestoreNote {
  /** Milliseconds since 1970: when it was mended … */
  readonly at: number;
  /** … and from which moment on everything was looked at. */
  readonly since: number;
}

/** Errors: TableError. */
export async function noteRestore(table: Table, note: RestoreNote): Promise<void> {
  await table.write({ kind: "put", key: restoredKey, attributes: { ...note } });
}

/** Undefined: none was ever mended. Errors: TableError. */
export async function readRestoreNote(table: Table): Promise<RestoreNote | undefined> {
  const a = (await table.get(restoredKey))?.attributes;
  return a && { at: number(a, "at") ?? 0, since: number(a, "since") ?? 0 };
}
