/** How many resources of a type there are, kept with each create and delete, so that nothing need be walked (R45). */
import type { ResourceType } from "../scim/schema.ts";
import { number } from "./head.ts";
import { countPartition, countPlace } from "./keys.ts";
import { queryAll } from "./query-all.ts";
import type { Provisioning } from "./state.ts";

export interface Counts {
  readonly total: number;
  /** By the first two digits of the id, ascending. Absent: some were counted before it was kept where they stand. */
  readonly places?: ReadonlyMap<string, number>;
}

/** Deleted ones do not count, inactive ones do. Errors: TableError. */
export async function countsOf(
  { table }: Pick<Provisioning, "table">,
  { id }: Pick<ResourceType, "id">,
): Promise<Counts> {
  const places = new Map<string, number>();
  let [total, unplaced] = [0, 0];
  for await (const { sk, attributes } of queryAll(table, { table: "scim", pk: countPartition(id) })) {
    const count = number(attributes, "count") ?? 0;
    const place = countPlace(sk);
    total += count;
    if (place === undefined) unplaced += 1;
    else places.set(place, count);
  }
  return unplaced === 0 ? { total, places } : { total };
}

/** Of all the types together. Errors: TableError. */
export async function countOf(
  p: Pick<Provisioning, "table">,
  types: readonly Pick<ResourceType, "id">[],
): Promise<number> {
  let count = 0;
  for (const type of types) count += (await countsOf(p, type)).total;
  return count;
}
