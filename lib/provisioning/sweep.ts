/**
 * Sweep: once a minute, what is pending and due is sent again. This is what makes a lost message harmless. Parked changes
 * stand elsewhere in the index and are left alone (trap 7).
 */
import { headOf } from "./head.ts";
import { headKey, waitKey, waitShards } from "./keys.ts";
import { LaneError, type LaneName, TableError, type Waiting } from "./ports.ts";
import type { Provisioning } from "./state.ts";

export interface SweepReport {
  readonly sent: number;
  /** Units: seconds; 0 when nothing waits. Parked changes do not count: the dead-letter alarm tells of them. */
  readonly oldestPendingSeconds: number;
}

const perShard = 100;
const minute = 60_000;
const hour = 60 * minute;

/** Errors: TableError, LaneError; what was not sent is due at the next sweep. */
export async function sweep(p: Provisioning): Promise<SweepReport> {
  const now = p.clock.now();
  let sent = 0;
  let oldest = now;
  for (const shard of waitShards) {
    const waiting = await p.table.waiting(`due#${shard}`, { limit: perShard });
    for (const row of waiting) oldest = Math.min(oldest, row.pendingSince);
    for (const row of waiting.filter((row) => row.waitAt <= now)) if (await sendAgain(p, row, now)) sent += 1;
  }
  return { sent, oldestPendingSeconds: Math.round((now - oldest) / 1000) };
}

async function sendAgain(p: Provisioning, row: Waiting, now: number): Promise<boolean> {
  const type = row.pk.slice(0, row.pk.lastIndexOf("#"));
  const item = await p.table.get(headKey(type, row.sk));
  if (item === undefined) return false;
  const head = headOf(type, item);
  // Twice as late each time: a worker that is down for a week does not find a message for each minute of it.
  const waitAt = now + Math.min(Math.max(now - row.pendingSince, minute), hour);
  try {
    await p.table.write({
      kind: "update",
      key: headKey(type, row.sk),
      // The index lags: what was applied or parked meanwhile is not due any more.
      if: [
        { is: "equal", attribute: "waitKey", value: waitKey("due", row.sk) },
        { is: "equal", attribute: "waitAt", value: row.waitAt },
      ],
      set: { waitAt },
    });
  } catch (error) {
    if (error instanceof TableError && error.kind !== "throttled") return false;
    throw error;
  }
  const leaves = head.state === "deleted" || head.resource["active"] === false;
  const lane: LaneName = leaves ? "leavers" : "changes";
  try {
    await p.lanes[lane].send({ type, id: row.sk, version: head.version });
    return true;
  } catch (error) {
    if (error instanceof LaneError) return false;
    throw error;
  }
}
