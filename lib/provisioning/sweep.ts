/**
 * Sweep: once a minute, what is pending and due is sent again. This is what makes a lost message harmless. Parked changes
 * stand elsewhere in the index and are left alone (trap 7).
 */
import { headOf, laneOfHead, number } from "./head.ts";
import { eachOf } from "./in-parallel.ts";
import { headKey, sweepKey, waitKey, waitShards } from "./keys.ts";
import { leaversWaiting } from "./leavers-waiting.ts";
import { LaneError, type Table, TableError, type Waiting } from "./ports.ts";
import type { Provisioning } from "./state.ts";

export interface SweepReport {
  readonly sent: number;
  /** Units: seconds; 0 when nothing waits. Parked changes do not count: the dead-letter alarm tells of them. */
  readonly oldestPendingSeconds: number;
  /** Leavers that are over the tenant's limit and still active in the directory, parked ones included. */
  readonly leaversWaiting: number;
}

/** A sweep's sign of life. */
export interface SweepNote {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly oldestPendingSeconds: number;
  readonly sent: number;
}

/** A sign of life costs a write; an operator who looks is content with five minutes. */
export const sweepNoteEveryMs = 300_000;

const perShard = 100;
/** Rows alone, which are small; almost always there are none. */
const parkedPerShard = 1_000;
const atOnce = 16;
const minute = 60_000;
const hour = 60 * minute;
/** The function is ended after 50 seconds; what was not reached is due at the next sweep. */
const sweepMs = 30_000;

/** Errors: TableError when the index cannot be read at all. What could not be sent is due again at the next sweep. */
export async function sweep(p: Provisioning): Promise<SweepReport> {
  const now = p.clock.now();
  const waiting = await waitingRows(p, "due", perShard);
  const oldest = Math.min(now, ...waiting.map((row) => row.pendingSince));
  const due = waiting.filter((row) => row.waitAt <= now);
  let sent = 0;
  const isOver = () => p.clock.now() >= now + sweepMs;
  const send = async (row: Waiting) => {
    if (await sendAgain(p, row, now)) sent += 1;
  };
  await eachOf(due, atOnce, send, isOver);
  const parked = await waitingRows(p, "parked", parkedPerShard);
  const oldestPendingSeconds = Math.round((now - oldest) / 1000);
  return { sent, oldestPendingSeconds, leaversWaiting: await leaversWaiting(p, { due: waiting, parked }, now) };
}

/** Notes that a sweep was done. It is only a sign: no TableError leaves here. */
export async function noteSweep({ table, clock }: Provisioning, { oldestPendingSeconds, sent }: SweepReport) {
  try {
    await table.write({ kind: "update", key: sweepKey, set: { at: clock.now(), oldestPendingSeconds, sent } });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
  }
}

/** Undefined: none was ever noted. Errors: TableError. */
export async function readSweep(table: Table): Promise<SweepNote | undefined> {
  const attributes = (await table.get(sweepKey))?.attributes;
  if (attributes === undefined) return undefined;
  const numberOf = (name: string) => number(attributes, name) ?? 0;
  return { at: numberOf("at"), oldestPendingSeconds: numberOf("oldestPendingSeconds"), sent: numberOf("sent") };
}

async function waitingRows({ table }: Provisioning, kind: "due" | "parked", limit: number): Promise<Waiting[]> {
  const shards = await Promise.all(waitShards.map((shard) => table.waiting(`${kind}#${shard}`, { limit })));
  return shards.flat();
}

/** False: it is not due any more, or the table or the lane does not take it now. One row never stops the others. */
async function sendAgain(p: Provisioning, row: Waiting, now: number): Promise<boolean> {
  const type = row.pk.slice(0, row.pk.lastIndexOf("#"));
  // Twice as late each time: a worker that is down for a week does not find a message for each minute of it.
  const waitAt = now + Math.min(Math.max(now - row.pendingSince, minute), hour);
  try {
    const item = await p.table.get(headKey(type, row.sk));
    if (item === undefined) return false;
    const head = headOf(type, item);
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
    await p.lanes[laneOfHead(head)].send({ type, id: row.sk, version: head.version });
    return true;
  } catch (error) {
    if (error instanceof TableError || error instanceof LaneError) return false;
    throw error;
  }
}
