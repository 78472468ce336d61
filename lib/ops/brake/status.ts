/** How the brake stands: whether it is on, how many have left, whom it holds. The heads that are parked, and nobody else. */
import { type BrakeNote, countedFrom, readBrake, thresholdOf } from "../../provisioning/brake.ts";
import { countOf } from "../../provisioning/count.ts";
import { type Head, headOf } from "../../provisioning/head.ts";
import { headKey } from "../../provisioning/keys.ts";
import { departures } from "../../provisioning/leavers.ts";
import type { SyncErrorCode } from "../../provisioning/sync-error.ts";
import type { Brake } from "../../provisioning/tenant.ts";
import { waitingRows } from "../../provisioning/waiting-rows.ts";
import { userType } from "../../scim/resource-type.ts";
import { nameOf } from "../find-resource.ts";
import { brakeHeld, brakeRejected } from "./held.ts";
import { knownNames } from "../known-names.ts";
import type { Operations } from "../operations.ts";

/** Times are milliseconds since 1970. */
export interface BrakeStatus {
  readonly state: "off" | "tripped" | "held";
  /** What the tenant file that is here says. */
  readonly action: Brake["action"];
  readonly windowMinutes: number;
  /** How many have left within the last window, and how many may. */
  readonly left: number;
  readonly threshold: number;
  readonly users: number;
  /** While it is on: when it tripped, by how many, of how many that might. */
  readonly trip?: { readonly at: number; readonly count: number; readonly threshold: number };
  readonly decision?: { readonly kind: "allow" | "reject"; readonly at: number; readonly allowedUntil?: number };
  readonly held: People;
  /** Of earlier decisions: they stay until the identity provider says more. */
  readonly rejected: People;
}

interface People {
  readonly count: number;
  /** The names of the first few; an id where no name is left. */
  readonly first: readonly string[];
}

interface Parked {
  readonly id: string;
  /** A SyncError code. */
  readonly cause: string;
}

const minute = 60_000;
const namesMost = 3;
/** Of one shard of the index. */
const parkedMost = 10_000;

/** Errors: TableError. */
export async function brakeStatus(o: Operations): Promise<BrakeStatus> {
  const { rows } = await waitingRows(o, ["parked"], parkedMost);
  return await brakeStatusOf(
    o,
    rows.sort((a, b) => a.waitAt - b.waitAt).map(({ sk, reason = "" }) => ({ id: sk, cause: reason })),
  );
}

/** For whoever has read who is parked: `parked` in the order of the names that are told. Errors: TableError. */
export async function brakeStatusOf(o: Operations, parked: readonly Parked[]): Promise<BrakeStatus> {
  const { brake } = o.tenant.leavers;
  const now = o.clock.now();
  const [note, users] = await Promise.all([readBrake(o.table), countOf(o, [userType])]);
  const since = Math.max(now - brake.windowMinutes * minute, countedFrom(note));
  return {
    state: note.state ?? "off",
    action: brake.action,
    windowMinutes: brake.windowMinutes,
    left: since > now ? 0 : await countDepartures(o, since, now),
    threshold: thresholdOf(brake, users),
    users,
    ...tripOf(note),
    ...decisionOf(note),
    held: await peopleOf(o, parked, brakeHeld),
    rejected: await peopleOf(o, parked, brakeRejected),
  };
}

async function countDepartures({ table }: Operations, since: number, now: number): Promise<number> {
  let count = 0;
  for await (const _leaver of departures(table, since, now, 1_000)) count += 1;
  return count;
}

function tripOf({ state, at = 0, count = 0, threshold = 0 }: BrakeNote): Pick<BrakeStatus, "trip"> {
  return state === undefined ? {} : { trip: { at, count, threshold } };
}

function decisionOf({ decision, decidedAt = 0, allowedUntil }: BrakeNote): Pick<BrakeStatus, "decision"> {
  if (decision === undefined) return {};
  const until = decision === "allow" && allowedUntil !== undefined ? { allowedUntil } : {};
  return { decision: { kind: decision, at: decidedAt, ...until } };
}

async function peopleOf(o: Operations, parked: readonly Parked[], code: SyncErrorCode): Promise<People> {
  const rows = parked.filter(({ cause }) => cause === code);
  const keys = rows.slice(0, namesMost).map(({ id }) => headKey(userType.id, id));
  const heads = (await o.table.batchGet(keys)).flatMap((item) => (item ? [headOf(userType.id, item)] : []));
  const names = await knownNames(o.table, heads);
  return { count: rows.length, first: heads.map((head) => whoIs(head, names)).sort() };
}

/** A command finds somebody deleted by their id. */
function whoIs(head: Head, names: ReadonlyMap<string, string>): string {
  const known = names.get(head.id);
  if (known === undefined) return head.id;
  return nameOf(head) === undefined ? `${known} (${head.id})` : known;
}
