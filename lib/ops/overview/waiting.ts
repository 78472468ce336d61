/** What waits: for the worker by age and by lane, for the operator by cause. Counted in the index of what is pending. */
import type { LaneName, Waiting } from "../../provisioning/ports.ts";
import { causesOfRows, type ParkedCause, parkedRow } from "../dlq/parked-rows.ts";
import { type Facts, type Told } from "../doctor/facts.ts";
import { laneNames } from "../operations.ts";
import { type Bucket, bucketsOf } from "./buckets.ts";

/** Milliseconds since 1970, as all times here. */
interface Counted {
  readonly count: number;
  /** As many as are read at once: there are more. */
  readonly isMore: boolean;
  readonly oldest?: number;
}

export interface PendingOverview extends Counted {
  readonly ages: readonly Bucket[];
}

export interface ParkedOverview extends Counted {
  /** Most frequent first. */
  readonly causes: readonly ParkedCause[];
}

export interface LaneOverview extends Counted {
  readonly name: LaneName;
  /** Messages on the queue, about; absent where the queue does not tell, and why not. */
  readonly depth?: number;
  readonly deadLetters?: number;
  readonly problem?: string;
}

type Rows = Pick<Facts, "due" | "leaving" | "parked" | "isMore" | "now">;

const minute = 60_000;
const hour = 60 * minute;
const ages = [minute, 5 * minute, 15 * minute, hour, 6 * hour];

export function pendingOf({ due, isMore, now }: Rows): PendingOverview {
  const waits = due.map(({ pendingSince }) => Math.max(0, now - pendingSince));
  return { ...countedRows(due, isMore.leaving || isMore.others), ages: bucketsOf(waits, ages) };
}

export function parkedOf({ parked, isMore }: Rows): ParkedOverview {
  return { ...countedRows(parked, isMore.parked), causes: causesOfRows(parked.map(parkedRow)) };
}

export function lanesOf(
  { due, leaving, isMore, deadLetters }: Rows & Pick<Facts, "deadLetters">,
  depths: Told<Readonly<Record<LaneName, number>>>,
): LaneOverview[] {
  const counted = {
    leavers: countedRows(leaving, isMore.leaving),
    changes: countedRows(others({ due, leaving }), isMore.others),
  };
  return laneNames.map((name) => {
    const problem = problemOf(depths) ?? problemOf(deadLetters);
    return {
      name,
      ...counted[name],
      ...("value" in depths ? { depth: depths.value[name] } : {}),
      ...("value" in deadLetters ? { deadLetters: deadLetters.value[name] } : {}),
      ...(problem === undefined ? {} : { problem }),
    };
  });
}

function others({ due, leaving }: Pick<Rows, "due" | "leaving">): Waiting[] {
  const leavers = new Set(leaving);
  return due.filter((row) => !leavers.has(row));
}

function countedRows(rows: readonly Waiting[], isMore: boolean): Counted {
  return { count: rows.length, isMore, ...(rows.length === 0 ? {} : { oldest: oldestOf(rows) }) };
}

function oldestOf(rows: readonly Waiting[]): number {
  return rows.reduce((oldest, { pendingSince }) => Math.min(oldest, pendingSince), Number.POSITIVE_INFINITY);
}

function problemOf(told: Told<unknown>): string | undefined {
  return "problem" in told ? told.problem : undefined;
}
