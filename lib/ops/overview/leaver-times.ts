/** The leavers' clock of the last week: how long it took until the application could see each, against the limit. */
import { type Leaver, leaversClock, type LeaversSummary } from "../../provisioning/leavers.ts";
import { leaversDays, leaversMost } from "../doctor/facts.ts";
import { type Bucket, bucketsOf } from "./buckets.ts";

export interface LeaversOverview extends LeaversSummary {
  readonly days: number;
  /** These are the latest; there may be more. */
  readonly isMore: boolean;
  readonly limitMinutes: number;
  /** The limit is one of the edges. */
  readonly times: readonly Bucket[];
}

const second = 1_000;
const minute = 60 * second;
const edges = [second, 10 * second, minute, 5 * minute, 15 * minute, 60 * minute];

export function leaverTimesOf(leavers: readonly Leaver[], limitMinutes: number): LeaversOverview {
  const withLimit = [...new Set([...edges, limitMinutes * minute])].sort((a, b) => a - b);
  const times = bucketsOf(
    leavers.map(({ ms }) => ms),
    withLimit,
  );
  const isMore = leavers.length >= leaversMost;
  return { days: leaversDays, isMore, limitMinutes, ...leaversClock(leavers, limitMinutes), times };
}
