/** How many resources of a type there are, kept with each create and delete, so that nothing need be walked (R45). */
import type { ResourceType } from "../scim/schema.ts";
import { number } from "./head.ts";
import { countPartition } from "./keys.ts";
import { queryAll } from "./query-all.ts";
import type { Provisioning } from "./state.ts";

/** Of all the types together; deleted ones do not count, inactive ones do. Errors: TableError. */
export async function countOf(
  { table }: Pick<Provisioning, "table">,
  types: readonly Pick<ResourceType, "id">[],
): Promise<number> {
  let count = 0;
  for (const type of types) {
    for await (const item of queryAll(table, { table: "scim", pk: countPartition(type.id) }))
      count += number(item.attributes, "count") ?? 0;
  }
  return count;
}
