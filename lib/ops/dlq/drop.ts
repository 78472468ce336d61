/**
 * Drop: gives parked changes up, for a reason that stays with the resource, and takes dead letters away without sending
 * anything. It may be stopped and run again.
 */
import { giveUp } from "../../provisioning/given-up.ts";
import { laneOfHead } from "../../provisioning/head.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { unreadableMessage } from "../../provisioning/sync-error.ts";
import type { OnProgress, Operations } from "../operations.ts";
import { type FailedChange, isLetterAlone } from "./failed-changes.ts";
import { takeAway } from "./replay.ts";
import type { Selected } from "./select.ts";

export interface DropPlan {
  readonly changes: number;
  readonly deadLetters: number;
  /** They stay as they are in the directory. */
  readonly parked: readonly FailedChange[];
  /** Of them, people who leave: they stay active. */
  readonly leavers: readonly FailedChange[];
}

export interface Dropped {
  readonly deadLetters: number;
  readonly givenUp: number;
  /** By Ctrl-C: run it again. */
  readonly stopped: boolean;
}

/** Characters of a reason. */
export const reasonMost = 500;
const atOnce = 8;
/** The worker buries a change before it notes on the head that it is parked: a letter that is younger may tell of that. */
const settledMs = 60_000;

/** What is none of ours belongs to nobody, so there is no place for a reason. */
export function needsReason(cause: string | undefined): boolean {
  return cause !== unreadableMessage;
}

export function planDrop(changes: readonly FailedChange[]): DropPlan {
  const parked = changes.filter(isGivenUpBy);
  return {
    changes: changes.length,
    deadLetters: changes.reduce((sum, { letters }) => sum + letters.length, 0),
    parked,
    leavers: parked.filter(({ head }) => head !== undefined && head.type !== "Group" && laneOfHead(head) === "leavers"),
  };
}

function isGivenUpBy(change: FailedChange): boolean {
  return change.status === "parked" && !isLetterAlone(change);
}

/** Errors: LaneError, TableError; what is left can be dropped by running it again. */
export async function drop(
  o: Operations,
  { changes, removed }: Selected,
  options: { reason: string; onProgress?: OnProgress; signal?: AbortSignal },
): Promise<Dropped> {
  const isStopped = () => options.signal?.aborted === true;
  let [done, givenUp] = [0, 0];
  const youngest = o.clock.now() - settledMs;
  const one = async (change: FailedChange) => {
    const { status, head, letters } = change;
    // Its letter stays until the decision is stored: a parked change without an alarm is not harmless.
    if (isGivenUpBy(change) && head !== undefined && (await giveUp(o, head, options.reason))) givenUp += 1;
    const old = status === "pending" ? letters.filter(({ sentAt }) => sentAt < youngest) : letters;
    await takeAway(o, old, removed);
    done += 1;
    options.onProgress?.(done, changes.length);
  };
  await eachOf(changes, atOnce, one, isStopped);
  return { deadLetters: removed.size, givenUp, stopped: isStopped() && done < changes.length };
}
