/**
 * Replay: sends the pointers of failed changes to their lanes again, and takes their dead letters away.
 *
 * Nothing is changed on the head of what is parked: the worker looks at it, and applies, retries or parks again. So a replay
 * may be stopped at any moment and run again: at worst a pointer comes twice, which is always safe.
 */
import { takeUpAgain } from "../../provisioning/given-up.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { LaneError } from "../../provisioning/ports.ts";
import type { OnProgress, Operations } from "../operations.ts";
import type { Sent } from "../worker-answers.ts";
import type { FailedChange } from "./failed-changes.ts";
import type { Letter } from "./read-dead-letters.ts";
import type { ReplayPlan } from "./replay-plan.ts";
import type { Selected } from "./select.ts";

export interface Replayed {
  readonly sent: number;
  readonly superseded: number;
  readonly unreadable: number;
  /** By Ctrl-C, or by a lane that took nothing: run it again. */
  readonly stopped: boolean;
  /** Why, when a lane took nothing. */
  readonly problem?: string;
  /** What the worker has to answer now. */
  readonly pending: readonly Sent[];
}

const atOnce = 8;

/** Carries a plan out. A lane that fails ends it, with what was done so far told. Errors: none of the lanes'. */
export async function replay(
  o: Operations,
  plan: ReplayPlan,
  removed: Selected["removed"],
  options: { onProgress?: OnProgress; signal?: AbortSignal } = {},
): Promise<Replayed> {
  const total = plan.replay.length + plan.superseded.length;
  const pending: Sent[] = [];
  let superseded = 0;
  const tell = () => options.onProgress?.(pending.length + superseded, total);
  const isStopped = () => options.signal?.aborted === true;
  const result = (rest: Pick<Replayed, "stopped" | "problem">): Replayed => {
    return { sent: pending.length, superseded, unreadable: plan.unreadable.length, ...rest, pending };
  };
  const resend = async (change: FailedChange) => {
    const sent = await sendAgain(o, change);
    await takeAway(o, change.letters, removed);
    if (sent !== undefined) pending.push(sent);
    tell();
  };
  const clear = async ({ letters }: FailedChange) => {
    await takeAway(o, letters, removed);
    superseded += 1;
    tell();
  };
  try {
    await eachOf(plan.replay, atOnce, resend, isStopped);
    await eachOf(plan.superseded, atOnce, clear, isStopped);
    // One letter is the alarm of what stays; more of them tell nothing more.
    await eachOf(plan.failing, atOnce, async ({ change }) => await keepOne(o, change.letters, removed), isStopped);
  } catch (error) {
    if (!(error instanceof LaneError)) throw error;
    return result({ stopped: true, problem: error.message });
  }
  return result({ stopped: isStopped() && pending.length + superseded < total });
}

async function sendAgain(o: Operations, change: FailedChange): Promise<Sent | undefined> {
  const { type, id, version = 0, head, status } = change;
  const [lane = "changes"] = change.lanes;
  if (type === undefined || id === undefined) return undefined;
  if (status === "givenUp" && head !== undefined) await takeUpAgain(o, head);
  await o.lanes[lane].send({ type, id, version });
  return { type, id, version, failedAt: head?.failure?.at ?? 0 };
}

async function keepOne(o: Operations, letters: readonly Letter[], removed: Selected["removed"]): Promise<void> {
  const newest = letters.toSorted((a, b) => b.sentAt - a.sentAt);
  await takeAway(o, newest.slice(1), removed);
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
