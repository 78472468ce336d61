/**
 * An operator's decision about a mass deactivation. Each may be stopped at any moment and run again: the decision is stored
 * first, and those who are still held are found by what stands on their heads.
 */
import { keep, letGo, noteAllow, noteReject } from "../../provisioning/brake-decision.ts";
import { readBrake } from "../../provisioning/brake.ts";
import { type Head, readHead } from "../../provisioning/head.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { LaneError } from "../../provisioning/ports.ts";
import type { FailedChange } from "../dlq/failed-changes.ts";
import { planReplay } from "../dlq/replay-plan.ts";
import { replay, takeAway } from "../dlq/replay.ts";
import { hiddenSecondsToChange, type Selected, type Selection, withFailedChanges } from "../dlq/select.ts";
import { brakeHeld, brakeRejected } from "./held.ts";
import { OperationError, type OnProgress, type Operations } from "../operations.ts";

export interface Watched {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface Allowed {
  /** People whose deactivation or deletion the worker carries out now. */
  readonly letGo: number;
  /** Until when everybody may leave; absent where the brake stays as it is. Milliseconds since 1970. */
  readonly allowedUntil?: number;
  /** By Ctrl-C, or by a lane that took nothing: run it again. */
  readonly stopped: boolean;
  /** Why, when a lane took nothing. */
  readonly problem?: string;
}

export interface Rejected {
  /** People who stay as they are. */
  readonly kept: number;
  readonly stopped: boolean;
  readonly problem?: string;
}

const atOnce = 8;

/** Everybody who is held may leave, and whoever leaves within the next window. Errors: TableError. */
export async function allow(o: Operations, watched: Watched = {}): Promise<Allowed> {
  const { allowedUntil } = await noteAllow(o.table, o.tenant.leavers.brake, o.clock.now());
  const sent = await withKept(o, { cause: brakeHeld }, async ({ changes, removed }) => {
    return await replayed(o, changes, removed, watched);
  });
  return { ...sent, allowedUntil };
}

/**
 * One person may leave, or all those whose deactivation was rejected before; the others stay held.
 *
 * Errors: OperationError when the brake keeps nobody of that name; TableError.
 */
export async function allowSome(
  o: Operations,
  which: { user: string } | { cause: typeof brakeRejected },
  watched: Watched = {},
): Promise<Allowed> {
  return await withKept(o, which, async ({ changes, removed }) => {
    const kept = changes.filter(
      ({ cause, status }) => status === "parked" && (cause === brakeHeld || cause === brakeRejected),
    );
    if (kept.length === 0 && "user" in which)
      throw new OperationError(`The brake does not keep "${which.user}" from leaving.`);
    const may: FailedChange[] = [];
    await eachOf(
      kept,
      atOnce,
      async (change) => {
        const head = await headOf(o, change);
        if (head !== undefined && (await letGo(o.table, head))) may.push(change);
      },
      () => watched.signal?.aborted === true,
    );
    return await replayed(o, may, removed, watched);
  });
}

/** It was a mistake: whoever is held stays, without a dead letter. Errors: TableError. */
export async function reject(o: Operations, watched: Watched = {}): Promise<Rejected> {
  const note = await readBrake(o.table);
  // Run again after it was stopped, the decision stands; it must not reach those who left since.
  if (note.state !== undefined) await noteReject(o.table, note, o.clock.now());
  return await withKept(o, {}, async ({ changes: all, removed }) => {
    // Of those whom it rejected before it was stopped, letters may be left.
    const changes = all.filter(({ cause }) => cause === brakeHeld || cause === brakeRejected);
    let [done, kept] = [0, 0];
    const one = async (change: FailedChange): Promise<void> => {
      const head = await headOf(o, change);
      if (head?.failure?.code === brakeHeld && (await keep(o.table, head, o.clock.now()))) kept += 1;
      await takeAway(o, change.letters, removed);
      done += 1;
      watched.onProgress?.(done, changes.length);
    };
    try {
      await eachOf(changes, atOnce, one, () => watched.signal?.aborted === true);
    } catch (error) {
      if (!(error instanceof LaneError)) throw error;
      return { kept, stopped: true, problem: error.message };
    }
    return { kept, stopped: watched.signal?.aborted === true && done < changes.length };
  });
}

/** As it is now: what was listed a moment ago may have been followed by another word of the identity provider. */
async function headOf({ table }: Operations, { type, id }: FailedChange): Promise<Head | undefined> {
  return type === undefined || id === undefined ? undefined : await readHead(table, type, id);
}

async function withKept<T>(o: Operations, selection: Selection, use: (selected: Selected) => Promise<T>): Promise<T> {
  return await withFailedChanges(o, selection, { hiddenSeconds: hiddenSecondsToChange }, use);
}

async function replayed(
  o: Operations,
  changes: readonly FailedChange[],
  removed: Selected["removed"],
  watched: Watched,
): Promise<Allowed> {
  const { sent, stopped, problem } = await replay(o, planReplay(changes), removed, watched);
  return { letGo: sent, stopped, ...(problem !== undefined && { problem }) };
}
