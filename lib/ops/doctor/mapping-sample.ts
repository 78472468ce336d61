/**
 * How many entries were made by another mapping, whether or not their profile differs, and how many are of another moment than
 * their heads, from a sample: to count them all would be to read them all. Ids are random, so whoever stands behind a random place of each shard is a fair choice.
 */
import { readEntries } from "../../provisioning/entry.ts";
import { type Head, headOf } from "../../provisioning/head.ts";
import { headPartition, shards } from "../../provisioning/keys.ts";
import type { Item } from "../../provisioning/ports.ts";
import type { Operations } from "../operations.ts";
import { momentsOf } from "../restore/moments.ts";

export interface MappingSample {
  /** Users whose entries were looked at. */
  readonly entries: number;
  /** Of them, those made by another mapping than the tenant file's. */
  readonly older: number;
  /** Those that lack a change which was applied, and those with a change that was never accepted here: other-time.ts. */
  readonly behind: number;
  readonly ahead: number;
  /** Fewer users than the sample would take: then these are all. */
  readonly complete: boolean;
}

/** Of each of the sixteen shards. */
const perShard = 8;

/** At most 32 queries and one batch of 128, and a read for each that is ahead. Errors: TableError. */
export async function sampleMappings(o: Operations): Promise<MappingSample> {
  const parts = await Promise.all(shards.map(async (shard) => await fromShard(o, shard)));
  const heads = parts.flatMap((part) => part.heads.map((item) => headOf("User", item))).filter(isApplied);
  const found = await readEntries(
    o.table,
    "User",
    heads.map(({ id }) => id),
  );
  const made = found.filter((entry) => entry !== undefined && entry.mappingHash !== "");
  const moments = await momentsOf(o, heads, found);
  return {
    entries: made.length,
    older: made.filter((entry) => entry?.mappingHash !== o.tenant.mapping.hash).length,
    ...moments,
    complete: parts.every(({ all }) => all),
  };
}

function isApplied({ state, applied }: Head): boolean {
  return state === "live" && applied > 0;
}

/** From a random place on, and from the beginning when the shard ends before there are enough. */
async function fromShard({ table, chance }: Operations, shard: string): Promise<{ heads: Item[]; all: boolean }> {
  const range = { table: "scim" as const, pk: headPartition("User", shard) };
  const from = `${shard}${chance.uuid().slice(1)}`;
  const behind = await table.query({ ...range, from, limit: perShard });
  if (behind.items.length >= perShard || behind.next !== undefined) return { heads: [...behind.items], all: false };
  const limit = perShard - behind.items.length;
  const before = await table.query({ ...range, to: from, limit });
  const heads = [...behind.items, ...before.items.filter(({ sk }) => sk !== from)];
  return { heads, all: before.items.length < limit && before.next === undefined };
}
