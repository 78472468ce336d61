/**
 * Resync: applies again what was received. A mark on each head asks the worker for it; what the identity provider said is
 * not touched.
 *
 * A few hundred at a time, and the next ones when the worker has answered: what the identity provider sends meanwhile does
 * not queue up behind everybody. It may be stopped at any moment: marks that were set are answered all the same.
 */
import { readEntries } from "../../provisioning/entry.ts";
import { headOf, type Head } from "../../provisioning/head.ts";
import { chunks, eachOf } from "../../provisioning/in-parallel.ts";
import { headKey } from "../../provisioning/keys.ts";
import { hashFor } from "../../provisioning/mapping-hash.ts";
import { LaneError } from "../../provisioning/ports.ts";
import { askAgain } from "../../provisioning/reapply.ts";
import type { OnProgress, Operations } from "../operations.ts";
import { type FailedAgain, type Sent, workerAnswers } from "../worker-answers.ts";
import type { Target } from "./plan.ts";

export interface Resynced {
  readonly applied: number;
  readonly failed: readonly FailedAgain[];
  /** Something came meanwhile, which the worker applies, or has applied. */
  readonly overtaken: number;
  /** Marked, and not answered yet. */
  readonly waiting: number;
  readonly stopped: boolean;
  /** Why, unless it was Ctrl-C. */
  readonly problem?: "noWorker" | "otherMapping" | "noLane";
  /** Of the last target that needs no second run, when it was stopped: it is marked, and so are all before it. */
  readonly position?: string;
}

const windowMost = 500;
const marksAtOnce = 16;

export interface RunOptions {
  /** So many at a time, when not 500. */
  readonly window?: number;
  readonly patienceMs: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Errors: TableError; marks that were set by then are answered all the same. */
export async function resync(o: Operations, targets: readonly Target[], options: RunOptions): Promise<Resynced> {
  const count = { applied: 0, overtaken: 0, waiting: 0 };
  const failed: FailedAgain[] = [];
  let position: string | undefined;
  const ended = (stopped: boolean, problem?: Resynced["problem"]): Resynced => {
    const at = !stopped || position === undefined ? {} : { position };
    return { ...count, failed, stopped, ...(problem === undefined ? {} : { problem }), ...at };
  };
  const isStopped = () => options.signal?.aborted === true;
  const done = () => count.applied + count.overtaken + failed.length;
  for (const window of chunks(targets, options.window ?? windowMost)) {
    if (isStopped()) return ended(true);
    const marked = await mark(o, window);
    count.overtaken += window.length - marked.length;
    const last = window.at(-1);
    const behind = last && `${last.type}/${last.id}`;
    if (!(await send(o, marked))) {
      count.waiting += marked.length;
      position = behind;
      return ended(true, "noLane");
    }
    const before = done();
    const answers = await workerAnswers(o, marked, {
      ...options,
      onProgress: (answered) => options.onProgress?.(before + answered, targets.length),
    });
    count.applied += answers.applied.length;
    count.waiting += answers.waiting.length;
    failed.push(...answers.failed);
    // What another mapping made is to be made once more.
    if (await isOtherMapping(o, answers.applied)) return ended(true, "otherMapping");
    position = behind;
    if (answers.waiting.length > 0) return ended(true, isStopped() ? undefined : "noWorker");
  }
  return ended(false);
}

/** Those that could be marked. */
async function mark(o: Operations, window: readonly Target[]): Promise<Sent[]> {
  const items = await o.table.batchGet(window.map(({ type, id }) => headKey(type, id)));
  const heads = items.flatMap((item, n): Head[] => (item === undefined ? [] : [headOf(window[n]?.type ?? "", item)]));
  const marked: Sent[] = [];
  await eachOf(heads, marksAtOnce, async (head) => {
    const { type, id, version, failure } = head;
    if (await askAgain(o, head)) marked.push({ type, id, version, failedAt: failure?.at ?? 0 });
  });
  return marked;
}

/** False: the lane takes nothing now. The sweep sends what was marked. */
async function send(o: Operations, marked: readonly Sent[]): Promise<boolean> {
  try {
    await o.lanes.changes.sendAll(marked.map(({ type, id, version }) => ({ type, id, version })));
    return true;
  } catch (error) {
    if (error instanceof LaneError) return false;
    throw error;
  }
}

/** The worker has another tenant file than the one here: the rest would be in vain, too. */
async function isOtherMapping({ table, tenant }: Operations, applied: readonly Sent[]): Promise<boolean> {
  for (const [type, all] of Map.groupBy(applied, (sent) => sent.type)) {
    const entries = await readEntries(
      table,
      type,
      all.map(({ id }) => id),
    );
    const hash = hashFor(tenant.mapping, type);
    const isOther = entries.some((entry) => entry?.state === "active" && entry.mappingHash !== hash);
    if (isOther) return true;
  }
  return false;
}
