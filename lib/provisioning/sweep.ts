/**
 * Sweep: once a minute, what is pending and due is sent again, leavers first. This is what makes a lost message harmless.
 * Parked changes stand elsewhere in the index and are left alone (trap 7).
 *
 * A lane is filled up to so many messages and no further. So a worker that is off for a week comes back to few messages of
 * ours, whatever the number of changes, and one that is there is never without work, although SQS has forgotten the rest.
 *
 * Decision: docs/decisions/0004-sweeps-grow-apart.md.
 */
import { dueKey, type Head, headOf, laneOfHead, number } from "./head.ts";
import { chunks, eachOf, inParallel } from "./in-parallel.ts";
import { headKey, sweepKey } from "./keys.ts";
import { leaversWaiting } from "./leavers-waiting.ts";
import {
  type Item,
  type Key,
  LaneError,
  type LaneName,
  type Pointer,
  type Table,
  TableError,
  type Waiting,
} from "./ports.ts";
import type { Provisioning } from "./state.ts";
import { waitingRows } from "./waiting-rows.ts";

export interface SweepReport {
  readonly sent: number;
  /** Units: seconds; 0 when nothing waits. Parked changes do not count: the dead-letter alarm tells of them. */
  readonly oldestPendingSeconds: number;
  /** Leavers that are over the tenant's limit and still active in the directory, parked ones included. */
  readonly leaversWaiting: number;
  /** Why a lane did not take what is due, or did not say how full it is. */
  readonly laneError?: string;
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

/** A lane that holds so many messages has work for a minute and more: twenty batches at once do some 300 changes a second. */
export const laneMost = 20_000;
/** Of each key of the index. The oldest is surely among them while no more than so many wait at each. */
const rowsMost = 2_000;
/** When there is no room in the lane, they are read for their age alone. */
const rowsForAge = 200;
/** Rows alone, which are small; almost always there are none. */
const parkedRows = 1_000;
const headsPerBatch = 100;
const batchesAtOnce = 4;
const writesAtOnce = 16;
const minute = 60_000;
const hour = 60 * minute;
/** The function is ended after 50 seconds; what was not reached is due at the next sweep. */
const sweepMs = 35_000;

/** How many more messages each lane is to get. */
type Room = Record<LaneName, number>;

interface Sweeping {
  readonly p: Provisioning;
  readonly now: number;
  readonly room: Room;
  sent: number;
  laneError?: string;
  /** Of a head that cannot be read: a bug, told when all others are sent. */
  fault?: unknown;
}

/**
 * Errors: TableError when the index cannot be read at all; any, at the end, when a head cannot be read. What could not be sent
 * is due again at the next sweep.
 */
export async function sweep(p: Provisioning, most = laneMost): Promise<SweepReport> {
  const now = p.clock.now();
  const s: Sweeping = { p, now, room: { leavers: 0, changes: 0 }, sent: 0 };
  await Promise.all([findRoom(s, "leavers", most), findRoom(s, "changes", most)]);
  const { rows: leavers } = await waitingRows(p, ["leaver"], rowsMost);
  const { rows: others } = await waitingRows(p, ["due"], s.room.changes > 0 ? rowsMost : rowsForAge);
  const { rows: parked } = await waitingRows(p, ["parked"], parkedRows);
  // What is told comes first: it must not be missing in the minute in which there is most to tell.
  const oldest = [...leavers, ...others].reduce((least, row) => Math.min(least, row.pendingSince), now);
  const late = await leaversWaiting(p, { due: [...leavers, ...others], parked }, now);
  const due = [...longestFirst(leavers, now), ...(s.room.changes > 0 ? longestFirst(others, now) : [])];
  const isOver = () => p.clock.now() >= now + sweepMs || (s.room.leavers <= 0 && s.room.changes <= 0);
  await eachOf(chunks(due, headsPerBatch), batchesAtOnce, async (rows) => await sendAgain(s, rows), isOver);
  if (s.fault !== undefined) throw s.fault;
  return {
    sent: s.sent,
    oldestPendingSeconds: Math.round((now - oldest) / 1000),
    leaversWaiting: late,
    ...(s.laneError !== undefined && { laneError: s.laneError }),
  };
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

/** A lane that does not say how full it is gets nothing. */
async function findRoom(s: Sweeping, lane: LaneName, most: number): Promise<void> {
  try {
    s.room[lane] = Math.max(0, most - (await s.p.lanes[lane].depth()));
  } catch (error) {
    noteLaneError(s, error);
  }
}

function noteLaneError(s: Sweeping, error: unknown): void {
  if (!(error instanceof LaneError)) throw error;
  s.laneError = error.message;
}

function longestFirst(rows: readonly Waiting[], now: number): Waiting[] {
  return rows.filter(({ waitAt }) => waitAt <= now).sort((a, b) => a.waitAt - b.waitAt);
}

interface Due {
  readonly row: Waiting;
  readonly lane: LaneName;
  readonly pointer: Pointer;
}

/**
 * Sent first, then noted: whoever dies in between, or is throttled, sends twice rather than never. What the table or a lane
 * does not take now is due at the next sweep.
 */
async function sendAgain(s: Sweeping, rows: readonly Waiting[]): Promise<void> {
  try {
    const items = await headItems(s, rows);
    const due = rows.flatMap((row, n) => asDue(s, row, items[n]) ?? []);
    for (const lane of ["leavers", "changes"] as const) {
      const some = due.filter((one) => one.lane === lane).slice(0, s.room[lane]);
      if (some.length > 0) await sendTo(s, lane, some);
    }
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
  }
}

/** One head that cannot be read, or that a newer release wrote (format.ts), must not keep those that are read with it. */
async function headItems(s: Sweeping, rows: readonly Waiting[]): Promise<(Item | undefined)[]> {
  const keys = rows.map((row) => headKey(typeOf(row), row.sk));
  try {
    return await s.p.table.batchGet(keys);
  } catch (error) {
    if (isPassing(error)) throw error;
    return await inParallel(keys, writesAtOnce, async (key) => await headItem(s, key));
  }
}

async function headItem(s: Sweeping, key: Key): Promise<Item | undefined> {
  try {
    return await s.p.table.get(key);
  } catch (error) {
    if (isPassing(error)) throw error;
    noteFault(s, error);
    return undefined;
  }
}

/** The table's, and about none of the heads. */
function isPassing(error: unknown): boolean {
  return error instanceof TableError && error.kind !== "newer";
}

function noteFault(s: Sweeping, error: unknown): void {
  if (!(error instanceof TableError)) s.fault ??= error;
}

/** Undefined: the index lags, and what was applied or parked meanwhile is not due any more. */
function asDue(s: Sweeping, row: Waiting, item: Item | undefined): Due | undefined {
  const type = typeOf(row);
  const head = item && parsedHead(s, type, item);
  if (head === undefined) return undefined;
  const { waitKey, waitAt } = head;
  const lane = waitKey === dueKey(head, "leavers") ? "leavers" : laneOfHead(head);
  const isDue = waitAt === row.waitAt && waitKey !== undefined && /^(?:due|leaver)#/.test(waitKey);
  return isDue ? { row, lane, pointer: { type, id: row.sk, version: head.version } } : undefined;
}

function parsedHead(s: Sweeping, type: string, item: Item): Head | undefined {
  try {
    return headOf(type, item);
  } catch (error) {
    noteFault(s, error);
    return undefined;
  }
}

async function sendTo(s: Sweeping, lane: LaneName, due: readonly Due[]): Promise<void> {
  s.room[lane] -= due.length;
  try {
    await s.p.lanes[lane].sendAll(due.map(({ pointer }) => pointer));
  } catch (error) {
    noteLaneError(s, error);
    return;
  }
  s.sent += due.length;
  await eachOf(due, writesAtOnce, async ({ row }) => await noteSent(s, row));
}

/** Twice as late each time, up to an hour: few changes that wait for long make few messages, too. */
async function noteSent({ p: { table }, now }: Sweeping, row: Waiting): Promise<void> {
  const waitAt = now + Math.min(Math.max(now - row.pendingSince, minute), hour);
  try {
    await table.write({
      kind: "update",
      key: headKey(typeOf(row), row.sk),
      // What was applied, parked or accepted meanwhile has a clock of its own.
      if: [{ is: "equal", attribute: "waitAt", value: row.waitAt }],
      set: { waitAt },
    });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
  }
}

function typeOf({ pk }: Waiting): string {
  return pk.slice(0, pk.lastIndexOf("#"));
}
