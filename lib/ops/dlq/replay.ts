/**
 * Replay: sends the pointers of failed changes to their lanes again, and takes their dead letters away.
 *
 * Nothing is changed on the head: the worker looks at it, and applies, retries or parks again. So a replay may be stopped
 * at any moment and run again: at worst a pointer comes twice, which is always safe.
 */
import { LaneError } from "../../provisioning/ports.ts";
import type { OnProgress, Operations } from "../operations.ts";
import { eachOf } from "../pool.ts";
import type { FailedChange } from "./failed-changes.ts";
import type { Letter } from "./read-dead-letters.ts";
import type { Selected } from "./select.ts";

export interface ReplayPlan {
  readonly replay: readonly FailedChange[];
  /** Nothing is left to do for these: only their letters go. */
  readonly superseded: readonly FailedChange[];
  /** Not ours; they stay until they are dropped. */
  readonly unreadable: readonly FailedChange[];
}

export interface Replayed {
  readonly sent: number;
  readonly superseded: number;
  readonly unreadable: number;
  /** By Ctrl-C, or by a lane that took nothing: run it again. */
  readonly stopped: boolean;
  /** Why, when a lane took nothing. */
  readonly problem?: string;
}

const atOnce = 8;

export function planReplay(changes: readonly FailedChange[]): ReplayPlan {
  const isDone = ({ status }: FailedChange) => status === "applied" || status === "gone";
  return {
    replay: changes.filter(({ status }) => status === "parked" || status === "pending"),
    superseded: changes.filter(isDone),
    unreadable: changes.filter(({ status }) => status === "unreadable"),
  };
}

/** Carries a plan out. A lane that fails ends it, with what was done so far told. Errors: none of the lanes'. */
export async function replay(
  o: Operations,
  plan: ReplayPlan,
  removed: Selected["removed"],
  options: { onProgress?: OnProgress; signal?: AbortSignal } = {},
): Promise<Replayed> {
  const total = plan.replay.length + plan.superseded.length;
  const count = { sent: 0, superseded: 0 };
  const ended = async (kind: keyof typeof count) => {
    count[kind] += 1;
    options.onProgress?.(count.sent + count.superseded, total);
  };
  const stopped = () => options.signal?.aborted === true && count.sent + count.superseded < total;
  try {
    await eachOf(
      plan.replay,
      atOnce,
      async (change) => {
        await sendAgain(o, change);
        await takeAway(o, change.letters, removed);
        await ended("sent");
      },
      options.signal,
    );
    await eachOf(
      plan.superseded,
      atOnce,
      async (change) => {
        await takeAway(o, change.letters, removed);
        await ended("superseded");
      },
      options.signal,
    );
  } catch (error) {
    if (!(error instanceof LaneError)) throw error;
    return { ...count, unreadable: plan.unreadable.length, stopped: true, problem: error.message };
  }
  return { ...count, unreadable: plan.unreadable.length, stopped: stopped() };
}

async function sendAgain(o: Operations, { type, id, version, lanes: [lane = "changes"] }: FailedChange): Promise<void> {
  if (type === undefined || id === undefined) return;
  await o.lanes[lane].send({ type, id, version: version ?? 0 });
}

/** Errors: LaneError. */
export async function takeAway(o: Operations, letters: readonly Letter[], removed: Selected["removed"]): Promise<void> {
  for (const letter of letters) {
    await o.deadLetters[letter.lane].remove(letter.receipt).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new LaneError(`a dead letter of lane ${letter.lane} could not be taken away: ${why}`, { cause: error });
    });
    removed.add(letter);
  }
}
