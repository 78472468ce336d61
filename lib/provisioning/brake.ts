/**
 * The brake against a mass deactivation that nobody meant: one item that says whether it is on, and what an operator decided.
 *
 * Decision: docs/decisions/0008-the-brake-parks-and-never-refuses.md.
 */
import { asRead } from "./as-read.ts";
import { defined, number, text } from "./head.ts";
import { brakeKey } from "./keys.ts";
import { type Attributes, type Table, TableError } from "./ports.ts";
import type { Brake } from "./tenant.ts";

/** Times are milliseconds since 1970. */
export interface BrakeNote {
  /** `tripped`: it told, nobody is held. `held`: whoever leaves is parked. Absent: it is off. */
  readonly state?: "tripped" | "held";
  /** When it tripped, how many had left within the window by then, and how many might. */
  readonly at?: number;
  readonly count?: number;
  readonly threshold?: number;
  readonly windowMinutes?: number;
  /** Whoever left after that may be one of them: a window before the one that tripped it. */
  readonly since?: number;
  /** An operator's latest decision. */
  readonly decision?: "allow" | "reject";
  readonly decidedAt?: number;
  /** Whoever leaves before then may. */
  readonly allowedUntil?: number;
  /** Whoever left between, and was not applied, stays: it was a mistake. */
  readonly rejectedSince?: number;
  readonly rejectedUntil?: number;
}

export type Trip = Required<Pick<BrakeNote, "state" | "at" | "count" | "threshold" | "windowMinutes" | "since">>;

/** Of a hundred people nobody can say anything when there are fewer: three of ten are a quiet afternoon. */
export const leastPeople = 10;
export const tripAttributes = ["state", "at", "count", "threshold", "windowMinutes", "since"] as const;

/** How many may leave within the window. `users`: how many there are. */
export function thresholdOf({ people, percent }: Brake, users: number): number {
  return Math.min(people, Math.max(leastPeople - 1, Math.floor((users * percent) / 100)));
}

/** Nothing is noted before the first trip. Errors: TableError. */
export async function readBrake(table: Table): Promise<BrakeNote> {
  const a: Attributes = (await table.get(brakeKey))?.attributes ?? {};
  return defined({
    state: text(a, "state") as BrakeNote["state"],
    at: number(a, "at"),
    count: number(a, "count"),
    threshold: number(a, "threshold"),
    windowMinutes: number(a, "windowMinutes"),
    since: number(a, "since"),
    decision: text(a, "decision") as BrakeNote["decision"],
    decidedAt: number(a, "decidedAt"),
    allowedUntil: number(a, "allowedUntil"),
    rejectedSince: number(a, "rejectedSince"),
    rejectedUntil: number(a, "rejectedUntil"),
  });
}

/** Leavers from before an operator's decision are not counted again. */
export function countedFrom({ allowedUntil = 0, rejectedUntil = 0 }: BrakeNote): number {
  return Math.max(allowedUntil, rejectedUntil);
}

/** False: another worker was quicker, or an operator decided. Errors: TableError, but none whose outcome is unknown. */
export async function noteTrip(table: Table, before: BrakeNote, trip: Trip): Promise<boolean> {
  try {
    const asFound = [asRead("at", before.at), asRead("decidedAt", before.decidedAt)];
    await table.write({ kind: "update", key: brakeKey, if: asFound, set: { ...trip } });
    return true;
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    // Rather told twice than not at all.
    if (error.kind === "lost") return true;
    if (error.kind === "condition" || error.kind === "conflict") return false;
    throw error;
  }
}
