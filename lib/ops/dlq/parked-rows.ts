/**
 * What waits for the operator, as the table alone tells it. No dead letter is read, so none is hidden from anybody, and it is
 * answered at once: the index has cause and age, and heads are read of those alone that are looked at.
 */
import type { Waiting } from "../../provisioning/ports.ts";
import { waitingRows } from "../../provisioning/waiting-rows.ts";
import type { Operations } from "../operations.ts";
import { type Meaning, isDecided, meaningOf, neverFinished } from "./cure.ts";
import { changesOf } from "./failed-changes.ts";
import { forecaster } from "./forecast.ts";
import { planReplay, type ReplayPlan } from "./replay-plan.ts";

export interface ParkedRow {
  readonly type: string;
  readonly id: string;
  /** A SyncError code. */
  readonly cause: string;
  /** When it began to wait. Milliseconds since 1970. */
  readonly since: number;
}

export interface ParkedRows {
  /** Oldest first. */
  readonly rows: readonly ParkedRow[];
  /** These are as many as are read at once. */
  readonly isMore: boolean;
}

export interface ParkedCause extends Partial<Meaning> {
  readonly cause: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly oldest: number;
}

/** Of one of the sixteen shards of the index. */
const rowsMost = 1_000;
/** Of so many a plan is made before somebody asked for it. */
export const plannedMost = 500;

/** Parked, or given up. Errors: TableError. */
export async function parkedRows(o: Operations, kind: "parked" | "given" = "parked"): Promise<ParkedRows> {
  const { rows, isMore } = await waitingRows(o, [kind], rowsMost);
  return { rows: rows.map(parkedRow).sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1)), isMore };
}

export function parkedRow({ pk, sk, pendingSince, reason }: Waiting): ParkedRow {
  return { type: pk.slice(0, pk.lastIndexOf("#")), id: sk, cause: reason ?? neverFinished, since: pendingSince };
}

/** Most frequent first; without those about which an operator has decided. */
export function causesOfRows(rows: readonly ParkedRow[]): ParkedCause[] {
  const waiting = rows.filter(({ cause }) => !isDecided(cause));
  return [...Map.groupBy(waiting, ({ cause }) => cause)]
    .map(([cause, all]) => {
      const oldest = all.reduce((least, { since }) => Math.min(least, since), Number.POSITIVE_INFINITY);
      return { cause, count: all.length, oldest, ...meaningOf(cause) };
    })
    .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
}

export interface RowsPage {
  readonly rows: readonly ParkedRow[];
  /** Where the next page begins: its `after`. Absent on the last. */
  readonly next?: string;
}

/** Those behind `after`, which stays the same place when rows before it are mended. */
export function pageOfRows(rows: readonly ParkedRow[], after: string | undefined, most: number): RowsPage {
  const behind = after === undefined ? rows : rows.filter((row) => isBehind(row, after));
  const shown = behind.slice(0, most);
  const last = shown.at(-1);
  return { rows: shown, ...(last === undefined || behind.length <= most ? {} : { next: `${last.since}.${last.id}` }) };
}

function isBehind({ since, id }: ParkedRow, after: string): boolean {
  const dot = after.indexOf(".");
  const at = Number(after.slice(0, dot));
  return since > at || (since === at && id > after.slice(dot + 1));
}

export interface ParkedPlan {
  readonly plan: ReplayPlan;
  /** How many were asked, and of how many. */
  readonly asked: number;
  readonly total: number;
}

/** What a replay would do with the first of them; dead letters, and what they alone tell, are not in it. Errors: TableError. */
export async function planOfRows(
  o: Operations,
  rows: readonly ParkedRow[],
  options: { takesUp?: boolean } = {},
): Promise<ParkedPlan> {
  const changes = await changesOf(o, rows.slice(0, plannedMost));
  const plan = planReplay(changes, { ...options, forecast: await forecaster(o) });
  return { plan, asked: changes.length, total: Math.max(changes.length, rows.length) };
}
