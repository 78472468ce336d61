/**
 * How many entries were made by another mapping, whether or not their profile differs, from a sample: to count them all
 * would be to read them all. Ids are random, so whoever stands behind a random place of each shard is a fair choice.
 */
import { headOf } from "../../provisioning/head.ts";
import { entryKey, headPartition, shards } from "../../provisioning/keys.ts";
import type { Item } from "../../provisioning/ports.ts";
import type { Operations } from "../operations.ts";

export interface MappingSample {
  /** Users whose entries were looked at. */
  readonly entries: number;
  /** Of them, those made by another mapping than the tenant file's. */
  readonly older: number;
  /** Fewer users than the sample would take: then these are all. */
  readonly complete: boolean;
}

/** Of each of the sixteen shards. */
const perShard = 8;

/** At most 32 queries and one batch of 128. Errors: TableError. */
export async function sampleMappings(o: Operations): Promise<MappingSample> {
  const parts = await Promise.all(shards.map(async (shard) => await fromShard(o, shard)));
  const ids = parts.flatMap(({ heads }) => heads.filter(isApplied).map(({ sk }) => sk));
  const items = await o.table.batchGet(ids.map((id) => entryKey("User", id)));
  const made = items.flatMap((item) => item?.attributes["mappingHash"] ?? []);
  return {
    entries: made.length,
    older: made.filter((hash) => hash !== o.tenant.mapping.hash).length,
    complete: parts.every(({ all }) => all),
  };
}

function isApplied(item: Item): boolean {
  const { state, applied } = headOf("User", item);
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
