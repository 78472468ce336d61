/** How many members the directory has of a group: counted as far as a glance needs it. */
import { entryPartition, memberPrefix } from "../../provisioning/keys.ts";
import { queryPages } from "../../provisioning/query-all.ts";
import type { CountedUpTo } from "../listed/waiting-counts.ts";
import type { Operations } from "../operations.ts";

/** As many as an explanation reads. */
const membersMost = 10_000;

/** Errors: TableError. */
export async function countMembers({ table }: Pick<Operations, "table">, groupId: string): Promise<CountedUpTo> {
  let count = 0;
  const range = { from: memberPrefix, to: `${memberPrefix}~`, limit: membersMost };
  for await (const items of queryPages(table, { table: "directory", pk: entryPartition("Group", groupId), ...range })) {
    count += items.length;
    if (count >= membersMost) return { count, isMore: true };
  }
  return { count, isMore: false };
}
