/** What the worker has made of pointers that were sent to it: it says so on the heads. */
import { type Head, headOf, isParked } from "../provisioning/head.ts";
import { headKey } from "../provisioning/keys.ts";
import type { OnProgress, Operations } from "./operations.ts";

/** A pointer that was sent. */
export interface Sent {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** Of the failure that was known then; 0 when there was none. Milliseconds since 1970. */
  readonly failedAt: number;
}

export interface Answers {
  readonly applied: readonly Sent[];
  readonly failed: readonly FailedAgain[];
  readonly waiting: readonly Sent[];
}

export interface FailedAgain extends Sent {
  /** A SyncError code. */
  readonly code: string;
  /** False: the worker tries again by itself. */
  readonly parked: boolean;
}

export interface WaitOptions {
  /** It ends when nothing was answered for so long. Units: milliseconds. */
  readonly patienceMs: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** The worker starts within seconds; after so long without an answer nobody is there. */
export const usualPatienceMs = 30_000;
const pauseMsLeast = 100;
const pauseMsMost = 2_000;

/** Waits until the worker has answered each, or answers none for too long. Errors: TableError. */
export async function workerAnswers(
  o: Pick<Operations, "table" | "clock">,
  sent: readonly Sent[],
  { patienceMs, onProgress, signal }: WaitOptions,
): Promise<Answers> {
  const applied: Sent[] = [];
  const failed: FailedAgain[] = [];
  let waiting = sent;
  let heardAt = o.clock.now();
  let pauseMs = pauseMsLeast;
  while (waiting.length > 0) {
    const before = waiting.length;
    waiting = await unanswered(o, waiting, { applied, failed });
    onProgress?.(sent.length - waiting.length, sent.length);
    if (waiting.length === 0 || signal?.aborted === true) break;
    if (waiting.length < before) [heardAt, pauseMs] = [o.clock.now(), pauseMsLeast];
    if (o.clock.now() - heardAt >= patienceMs) break;
    await o.clock.sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, pauseMsMost);
  }
  return { applied, failed, waiting };
}

/** Those that have no answer yet; the others are put where they belong. */
async function unanswered(
  { table }: Pick<Operations, "table">,
  sent: readonly Sent[],
  { applied, failed }: { applied: Sent[]; failed: FailedAgain[] },
): Promise<Sent[]> {
  const items = await table.batchGet(sent.map(({ type, id }) => headKey(type, id)));
  return sent.filter((one, n) => {
    const item = items[n];
    const head = item && headOf(one.type, item);
    const failure = head?.failure;
    if (head === undefined || isDone(head, one)) applied.push(one);
    else if (failure !== undefined && failure.at !== one.failedAt) {
      failed.push({ ...one, code: failure.code, parked: isParked(head) });
    } else return true;
    return false;
  });
}

/** A failure that is left on it is that of a later change. */
function isDone({ applied, reapply }: Head, { version }: Sent): boolean {
  return applied >= version && reapply === undefined;
}
