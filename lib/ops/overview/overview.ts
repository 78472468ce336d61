/** The whole tenant on one page: whether it works, who calls, what came, what waits. Reads that do not grow with the tenant. */
import { countsOf } from "../../provisioning/count.ts";
import { readTraffic } from "../../provisioning/traffic.ts";
import { lastContact } from "../../provisioning/contact.ts";
import { groupType, userType } from "../../scim/resource-type.ts";
import { type Diagnosis, diagnosisOf } from "../doctor/doctor.ts";
import { day, depthsOf, readFacts, told } from "../doctor/facts.ts";
import type { Operations } from "../operations.ts";
import { type TokenInfo, tokenInfo } from "../tokens.ts";
import { type Heartbeat, heartbeatsOf } from "./heartbeat.ts";
import { type Hour, hoursOf } from "./hours.ts";
import { leaverTimesOf, type LeaversOverview } from "./leaver-times.ts";
import {
  type LaneOverview,
  lanesOf,
  type ParkedOverview,
  parkedOf,
  type PendingOverview,
  pendingOf,
} from "./waiting.ts";

export interface Overview {
  readonly tenant: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Nobody has ever called, and there is nobody. */
  readonly isFresh: boolean;
  readonly diagnosis: Diagnosis;
  readonly totals: { readonly users: number; readonly groups: number };
  readonly heartbeats: readonly Heartbeat[];
  /** Of the last seven days, oldest first; the last one is not over. */
  readonly hours: readonly Hour[];
  readonly leavers: LeaversOverview;
  readonly lanes: readonly LaneOverview[];
  readonly pending: PendingOverview;
  readonly parked: ParkedOverview;
  /** Those that may be used, whichever ends first first. */
  readonly tokens: readonly TokenInfo[];
}

const hoursShown = 7 * 24;

/** Errors: TableError. */
export async function overview(o: Operations): Promise<Overview> {
  const { table, tenant } = o;
  const [facts, traffic, users, groups, depths] = await Promise.all([
    readFacts(o),
    readTraffic(table, o.clock.now() - 7 * day),
    countsOf(o, userType),
    countsOf(o, groupType),
    told(async () => await depthsOf(o.lanes)),
  ]);
  const { now, tokens } = facts;
  const isHeard = tokens.some((token) => lastContact(token) !== undefined);
  return {
    tenant: tenant.name,
    at: now,
    isFresh: !isHeard && users.total + groups.total === 0,
    diagnosis: diagnosisOf(o, facts),
    totals: { users: users.total, groups: groups.total },
    heartbeats: heartbeatsOf(tokens, now),
    hours: hoursOf(traffic, facts, { now, count: hoursShown }),
    leavers: leaverTimesOf(facts.leavers, tenant.leavers.limitMinutes),
    lanes: lanesOf(facts, depths),
    pending: pendingOf(facts),
    parked: parkedOf(facts),
    tokens: [...tokens, ...facts.feedTokens]
      .map((token) => tokenInfo(token, now))
      .filter(({ alive }) => alive)
      .sort((a, b) => (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity) || b.createdAt - a.createdAt),
  };
}
