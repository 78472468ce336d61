/** How many others wait before one that waits: its position in the lane, about. */
import type { Head } from "../../provisioning/head.ts";
import { waitKeys } from "../../provisioning/keys.ts";
import type { Table } from "../../provisioning/ports.ts";

export interface Ahead {
  readonly count: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
}

/** A thousand in all: beyond, the exact number helps nobody. */
const perShard = 64;

/** Those that have waited for longer, in both lanes. Twenty small reads of an index that is late by moments. Errors: TableError. */
export async function readAhead(table: Table, { pendingSince = 0 }: Head): Promise<Ahead> {
  const keys = [...waitKeys("leaver"), ...waitKeys("due")];
  const shards = await Promise.all(keys.map((key) => table.waiting(key, { limit: perShard })));
  return {
    count: shards.flat().filter((row) => row.pendingSince < pendingSince).length,
    isMore: shards.some((rows) => rows.length === perShard),
  };
}
