/** Failed changes by cause: what an operator looks at first. */
import type { LaneName } from "../../provisioning/ports.ts";
import type { FailedChange } from "./failed-changes.ts";

export interface Cause {
  readonly cause: string;
  /** Resources, each counted once however many letters tell of it. */
  readonly count: number;
  /** Of them, those that wait for the operator. */
  readonly parked: number;
  readonly deadLetters: number;
  /** Milliseconds since 1970. */
  readonly oldest: number;
  readonly lanes: readonly LaneName[];
}

/** Most frequent first. */
export function byCause(changes: readonly FailedChange[]): Cause[] {
  return [...Map.groupBy(changes, (change) => change.cause)]
    .map(([cause, all]) => ({
      cause,
      count: all.length,
      parked: all.filter((change) => change.status === "parked").length,
      deadLetters: all.reduce((sum, change) => sum + change.letters.length, 0),
      oldest: Math.min(...all.map((change) => change.since)),
      lanes: [...new Set(all.flatMap((change) => change.lanes))].sort(),
    }))
    .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
}
