/**
 * All that the doctor looks at, read once: a number of reads that does not grow with the tenant. Nothing here walks the
 * users; whatever is asked of many of them is asked of a sample, or of those that wait longest.
 */
import { type BrakeNote, readBrake } from "../../provisioning/brake.ts";
import { readStranger, type Stranger } from "../../provisioning/contact.ts";
import { readEntries } from "../../provisioning/entry.ts";
import { type Head, headOf } from "../../provisioning/head.ts";
import { headKey, type WaitKind } from "../../provisioning/keys.ts";
import { type Leaver, readLeavers } from "../../provisioning/leavers.ts";
import type { LaneName, Waiting } from "../../provisioning/ports.ts";
import { type RefusedAddress, readRefusedAddress } from "../../provisioning/refused-address.ts";
import { readRefusals, type Refusal } from "../../provisioning/sighting.ts";
import { readSweep, type SweepNote } from "../../provisioning/sweep.ts";
import { isProviders, listTokens, type StoredToken } from "../../provisioning/token.ts";
import { waitingRows, type WaitingRows } from "../../provisioning/waiting-rows.ts";
import { readTraffic, type TrafficHour } from "../../provisioning/traffic.ts";
import { laneNames, type Operations, type StackAlarm, type StoredTable } from "../operations.ts";
import { isDecided } from "../dlq/cure.ts";
import { type Moments, momentsOf } from "../restore/moments.ts";
import { readRestoreNote, type RestoreNote } from "../restore/note.ts";
import { type LastRun, readLastRun } from "../orphans/last-run.ts";
import { type EventFacts, readEventFacts } from "./event-facts.ts";
import { type MappingSample, sampleMappings } from "./mapping-sample.ts";

/** Something that another service has to tell, and may not. */
export type Told<T> = { readonly value: T } | { readonly problem: string };

export interface Facts {
  readonly now: number;
  /** Of identity providers. */
  readonly tokens: readonly StoredToken[];
  /** Of applications that read events: nobody notes when. */
  readonly feedTokens: readonly StoredToken[];
  readonly stranger: Stranger | undefined;
  readonly refusedAddress: RefusedAddress | undefined;
  /** Of the last day, oldest first. */
  readonly traffic: readonly TrafficHour[];
  /** Of the last day, newest first, no more than `refusalsMost`. */
  readonly refusals: readonly Refusal[];
  /** The longest wait first; of each shard of the index no more than `rowsMost`. Without those that an operator decided about. */
  readonly due: readonly Waiting[];
  /** Of `due`, those in the leavers' lane. */
  readonly leaving: readonly Waiting[];
  readonly parked: readonly Waiting[];
  /** There may be more of them than were read. */
  readonly isMore: { readonly leaving: boolean; readonly others: boolean; readonly parked: boolean };
  /** Of those among both that wait longest. */
  readonly waitingHeads: readonly Head[];
  /** Of the last week, newest first, no more than `leaversMost`. */
  readonly leavers: readonly Leaver[];
  readonly brake: BrakeNote;
  readonly sweep: SweepNote | undefined;
  readonly orphans: LastRun | undefined;
  readonly deadLetters: Told<Readonly<Record<LaneName, number>>>;
  readonly sample: MappingSample;
  /** Undefined: the tenant has no events. */
  readonly events: Told<EventFacts> | undefined;
  /** Undefined: embedded data have none. */
  readonly alarms: Told<readonly StackAlarm[]> | undefined;
  readonly tables: Told<readonly StoredTable[]> | undefined;
  /** Whether a restore was mended. */
  readonly restored: RestoreNote | undefined;
  /** Of the latest leavers, no more than `recentMost`. */
  readonly recentLeavers: Moments;
}

export const day = 86_400_000;
export const refusalsMost = 500;
/** Of one shard: 3,200 together. */
const rowsMost = 200;
export const headsMost = 300;
export const leaversDays = 7;
export const leaversMost = 2_000;
const recentMost = 100;

/** Errors: TableError. */
export async function readFacts(o: Operations): Promise<Facts> {
  const { table, clock } = o;
  const now = clock.now();
  const [
    allTokens,
    stranger,
    refusedAddress,
    traffic,
    refusals,
    leaving,
    others,
    parked,
    leavers,
    brake,
    sweep,
    orphans,
    deadLetters,
    sample,
    restored,
    events,
    alarms,
    tables,
  ] = await Promise.all([
    listTokens(table),
    readStranger(table),
    readRefusedAddress(table, now),
    readTraffic(table, now - day),
    readRefusals(table, { since: now - day, most: refusalsMost }),
    undecidedRows(o, ["leaver"]),
    undecidedRows(o, ["due"]),
    undecidedRows(o, ["parked"]),
    readLeavers(table, { since: now - leaversDays * day, most: leaversMost }),
    readBrake(table),
    readSweep(table),
    readLastRun(table),
    told(async () => await depthsOf(o.deadLetters)),
    sampleMappings(o),
    readRestoreNote(table),
    o.events === undefined ? undefined : told(async () => await readEventFacts(o)),
    o.deployment === undefined ? undefined : told(o.deployment.alarms),
    o.deployment === undefined ? undefined : told(o.deployment.tables),
  ]);
  const due = [...leaving.rows, ...others.rows].toSorted(longestFirst);
  const waitingHeads = await headsOf(o, [...due, ...parked.rows].toSorted(longestFirst).slice(0, headsMost));
  const stored = {
    tokens: allTokens.filter(isProviders),
    feedTokens: allTokens.filter((token) => !isProviders(token)),
    stranger,
    refusedAddress,
    traffic,
    refusals,
    due,
    leaving: leaving.rows,
    parked: parked.rows,
    isMore: { leaving: leaving.isMore, others: others.isMore, parked: parked.isMore },
    waitingHeads,
    leavers,
    brake,
    sweep,
    orphans,
  };
  const recentLeavers = await ofLeavers(o, leavers);
  return { now, ...stored, deadLetters, sample, events, alarms, tables, restored, recentLeavers };
}

const longestFirst = (a: Waiting, b: Waiting): number => a.pendingSince - b.pendingSince;

async function undecidedRows(o: Operations, kinds: readonly WaitKind[]): Promise<WaitingRows> {
  const { rows, isMore } = await waitingRows(o, kinds, rowsMost);
  return { rows: rows.filter(({ reason = "" }) => !isDecided(reason)).toSorted(longestFirst), isMore };
}

async function headsOf({ table }: Operations, rows: readonly Waiting[]): Promise<Head[]> {
  const named = rows.map(({ pk, sk }) => ({ type: pk.slice(0, pk.lastIndexOf("#")), id: sk }));
  const items = await table.batchGet(named.map(({ type, id }) => headKey(type, id)));
  return items.flatMap((item, n) => (item === undefined ? [] : [headOf(named[n]?.type ?? "", item)]));
}

/** Whoever left lately must not be back: an older directory would have them active. */
async function ofLeavers(o: Operations, leavers: readonly Leaver[]): Promise<Moments> {
  const ids = new Set(leavers.flatMap(({ id, type }) => (type === "User" ? [id] : [])));
  const recent = [...ids].slice(0, recentMost);
  if (recent.length === 0) return { behind: 0, ahead: 0 };
  const items = await o.table.batchGet(recent.map((id) => headKey("User", id)));
  const heads = items.flatMap((item) => (item === undefined ? [] : [headOf("User", item)]));
  const entries = await readEntries(
    o.table,
    "User",
    heads.map(({ id }) => id),
  );
  return await momentsOf(o, heads, entries);
}

/** How many messages each queue holds. Errors: LaneError. */
export async function depthsOf(
  queues: Readonly<Record<LaneName, { depth(): Promise<number> }>>,
): Promise<Record<LaneName, number>> {
  const [leavers = 0, changes = 0] = await Promise.all(laneNames.map((name) => queues[name].depth()));
  return { leavers, changes };
}

/** The rest of the page is worth having when a queue or CloudWatch does not answer, or may not be asked. */
export async function told<T>(ask: () => Promise<T>): Promise<Told<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { problem: error instanceof Error ? `${error.name}: ${error.message.split("\n")[0] ?? ""}` : String(error) };
  }
}
