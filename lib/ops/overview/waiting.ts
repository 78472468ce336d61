/** What waits: for the worker by age and by lane, for the operator by cause. Counted in the index of what is pending. */
import { type WaitKind, waitKey } from "../../provisioning/keys.ts";
import type { LaneName, Waiting } from "../../provisioning/ports.ts";
import { causesOfRows, type ParkedCause, parkedRow } from "../dlq/parked-rows.ts";
import { type Facts, rowsMost, type Told } from "../doctor/facts.ts";
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

type Rows = Pick<Facts, "due" | "leaving" | "parked" | "now">;

const minute = 60_000;
const hour = 60 * minute;
const ages = [minute, 5 * minute, 15 * minute, hour, 6 * hour];

export function pendingOf({ due, leaving, now }: Rows): PendingOverview {
  const isMore = isCut("leaver", leaving) || isCut("due", others({ due, leaving }));
  const waits = due.map(({ pendingSince }) => Math.max(0, now - pendingSince));
  return { ...countedRows(due, isMore), ages: bucketsOf(waits, ages) };
}

export function parkedOf({ parked }: Rows): ParkedOverview {
  return { ...countedRows(parked, isCut("parked", parked)), causes: causesOfRows(parked.map(parkedRow)) };
}

export function lanesOf(
  { due, leaving, deadLetters }: Rows & Pick<Facts, "deadLetters">,
  depths: Told<Readonly<Record<LaneName, number>>>,
): LaneOverview[] {
  const rows = { leavers: leaving, changes: others({ due, leaving }) };
  const kinds = { leavers: "leaver", changes: "due" } as const;
  return laneNames.map((name) => {
    const problem = problemOf(depths) ?? problemOf(deadLetters);
    return {
      name,
      ...countedRows(rows[name], isCut(kinds[name], rows[name])),
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

/** Some key of the index gave as many as are read of one. */
function isCut(kind: WaitKind, rows: readonly Waiting[]): boolean {
  return [...Map.groupBy(rows, ({ sk }) => waitKey(kind, sk)).values()].some(({ length }) => length >= rowsMost);
}

function problemOf(told: Told<unknown>): string | undefined {
  return "problem" in told ? told.problem : undefined;
}
