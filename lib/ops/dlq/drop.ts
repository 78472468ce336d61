/** Drop: takes dead letters away without sending anything. The alarm ends; a parked change stays parked. */
import type { Operations } from "../operations.ts";
import type { FailedChange } from "./failed-changes.ts";
import { takeAway } from "./replay.ts";
import type { Selected } from "./select.ts";

export interface Dropped {
  readonly deadLetters: number;
  /** Changes that still wait in the table: `replay` finds them, and a new change of the resource mends them. */
  readonly stillParked: number;
}

/** Errors: LaneError; what is left can be dropped by running it again. */
export async function drop(o: Operations, { changes, removed }: Selected, signal?: AbortSignal): Promise<Dropped> {
  for (const change of changes) {
    if (signal?.aborted === true) break;
    await takeAway(o, change.letters, removed);
  }
  return {
    deadLetters: removed.size,
    stillParked: changes.filter(({ status }: FailedChange) => status === "parked").length,
  };
}
