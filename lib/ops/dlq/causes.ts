/** Failed changes by cause: what an operator looks at first. */
import type { LaneName } from "../../provisioning/ports.ts";
import { defined } from "../../provisioning/head.ts";
import { type Meaning, meaningOf } from "./cure.ts";
import { type FailedChange, mayBeMore } from "./failed-changes.ts";

export interface Cause extends Partial<Meaning> {
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

export interface Causes {
  readonly causes: readonly Cause[];
  readonly total: Pick<Cause, "count" | "parked" | "deadLetters"> & {
    readonly oldest?: number;
    /** These are as many as are read at once. */
    readonly isMore?: true;
  };
}

/** Most frequent first. */
export function byCause(changes: readonly FailedChange[]): Cause[] {
  return [...Map.groupBy(changes, (change) => change.cause)]
    .map(([cause, all]) => ({
      cause,
      ...countsOf(all),
      oldest: oldestOf(all),
      lanes: [...new Set(all.flatMap((change) => change.lanes))].sort(),
      ...meaningOf(cause),
    }))
    .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
}

export function causesOf(changes: readonly FailedChange[]): Causes {
  const oldest = changes.length === 0 ? undefined : oldestOf(changes);
  const isMore = mayBeMore(changes) ? true : undefined;
  return { causes: byCause(changes), total: { ...countsOf(changes), ...defined({ oldest, isMore }) } };
}

function countsOf(changes: readonly FailedChange[]): Pick<Cause, "count" | "parked" | "deadLetters"> {
  return {
    count: changes.length,
    parked: changes.filter((change) => change.status === "parked").length,
    deadLetters: changes.reduce((sum, change) => sum + change.letters.length, 0),
  };
}

function oldestOf(changes: readonly FailedChange[]): number {
  return changes.reduce((oldest, { since }) => Math.min(oldest, since), Number.POSITIVE_INFINITY);
}
