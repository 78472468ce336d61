/**
 * Entries that another mapping made, and that the present one would make the same: only the name of the mapping on them is
 * renewed. That needs no worker, and what the application reads does not change.
 */
import { asRead } from "../../provisioning/as-read.ts";
import type { Entry } from "../../provisioning/entry.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { entryKey } from "../../provisioning/keys.ts";
import { hashFor } from "../../provisioning/mapping-hash.ts";
import { succeeds } from "../../provisioning/succeeds.ts";
import type { OnProgress, Operations } from "../operations.ts";

/** As it was when it was compared. */
export type Stamped = Pick<Entry, "type" | "id" | "version" | "appliedAt">;

const atOnce = 16;

/** How many; whoever was written meanwhile has the worker's own stamp. May be stopped, and run again. Errors: TableError. */
export async function renewStamps(
  { table, tenant }: Pick<Operations, "table" | "tenant">,
  all: readonly Stamped[],
  { onProgress, signal }: { onProgress?: OnProgress; signal?: AbortSignal } = {},
): Promise<number> {
  let [done, renewed] = [0, 0];
  const renew = async ({ type, id, version, appliedAt }: Stamped) => {
    const write = table.write({
      kind: "update",
      key: entryKey(type, id),
      if: [asRead("version", version), asRead("appliedAt", appliedAt)],
      set: { mappingHash: hashFor(tenant.mapping, type) },
    });
    if (await succeeds(write)) renewed += 1;
    done += 1;
    onProgress?.(done, all.length);
  };
  await eachOf(all, atOnce, renew, () => signal?.aborted === true);
  return renewed;
}
