/**
 * Leavers who were accepted, are over the tenant's limit, and still active in the directory. The clock measures those who
 * arrive; these do not, so the sweep looks for them.
 */
import { type Head, headOf } from "./head.ts";
import { headKey } from "./keys.ts";
import { TableError, type Waiting } from "./ports.ts";
import type { Provisioning } from "./state.ts";
import type { SyncErrorCode } from "./sync-error.ts";

/** One is enough for the alarm, so in an outage of thousands it is a part that is looked at. */
const looksMost = 160;
const atOnce = 16;
const minute = 60_000;

/** Parked for a reason that never keeps a leaver, or by a decision: these may be thousands, and need not be looked at. */
const othersParked: ReadonlySet<string> = new Set<SyncErrorCode>([
  "mapping-required-missing",
  "mapping-value-unusable",
  "brake-rejected",
]);

/** How many there are among the rows of the waiting index; no more than are looked at. */
export async function leaversWaiting(
  p: Provisioning,
  { due, parked }: { due: readonly Waiting[]; parked: readonly Waiting[] },
  now: number,
): Promise<number> {
  const before = now - p.tenant.leavers.limitMinutes * minute;
  // Nobody has left before the first of the changes that wait.
  const rows = [...due, ...parked.filter(({ reason = "" }) => !othersParked.has(reason))]
    .filter(({ pendingSince }) => pendingSince < before)
    .slice(0, looksMost);
  let count = 0;
  for (let n = 0; n < rows.length; n += atOnce) {
    const late = await Promise.all(rows.slice(n, n + atOnce).map(async (row) => await isLate(p, row, before)));
    count += late.filter(Boolean).length;
  }
  return count;
}

/** One that cannot be read now is read a minute later. */
async function isLate({ table }: Provisioning, { pk, sk }: Waiting, before: number): Promise<boolean> {
  const type = pk.slice(0, pk.lastIndexOf("#"));
  if (type === "Group") return false;
  try {
    const item = await table.get(headKey(type, sk));
    return item !== undefined && isWaiting(headOf(type, item), before);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    return false;
  }
}

/** Who left before anything began to wait is suspended already: another attribute waits. */
function isWaiting({ leftAt, pendingSince = 0, applied, version }: Head, before: number): boolean {
  return leftAt !== undefined && leftAt < before && leftAt >= pendingSince && applied < version;
}
