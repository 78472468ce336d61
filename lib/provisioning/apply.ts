/**
 * Apply: the worker's half. Level-triggered: a message says "this one has something pending", never "do this", so it may
 * come twice, late, in any order or never, and replaying a dead letter is safe at any time.
 */
import { applyGroup } from "./apply-group.ts";
import { applyUser } from "./apply-user.ts";
import { fail, passOn } from "./failure.ts";
import { type Head, isGivenUp, readHead } from "./head.ts";
import { kept } from "./held.ts";
import { isLate, type Leaver } from "./leavers.ts";
import { BrakeError, mayLeave } from "./may-leave.ts";
import { type LaneName, type Pointer, TableError } from "./ports.ts";
import { reapply } from "./reapply.ts";
import { secondLook } from "./removals.ts";
import { renewRoles } from "./roles.ts";
import { lookAgainForRoles, rolesAreDue } from "./roles-due.ts";
import type { Provisioning } from "./state.ts";

export interface Worker extends Provisioning {
  /** Of one sequence of applies that never overlap: a Lambda environment, one loop of the embedded worker. */
  readonly workerId: string;
  /** When a walk is to hand itself over, in milliseconds since 1970: before the function that runs it is ended. */
  readonly deadline?: number;
  /** Members in a step of a walk, when not 30: the simulation makes every delta a long one. */
  readonly stepMembers?: number;
}

/** Longer work hands itself over by a new message: a function runs for a limited time. */
const workMs = 40_000;

/** When an apply that begins now is to hand over, in milliseconds since 1970. */
export function deadlineOf(w: Worker): number {
  return Math.min(w.clock.now() + workMs, w.deadline ?? Number.POSITIVE_INFINITY);
}

/** `tripped`: this one was the first beyond what the brake expects. That is told, whatever became of this one. */
export type Outcome = Ended & { readonly tripped?: true };

type Ended =
  | { readonly kind: "applied"; readonly latencyMs: number; readonly leaver?: LeaverApplied }
  /** Nothing was to be done: a message that came twice, or whose change was superseded or given up. */
  | { readonly kind: "nothing" }
  /** What was applied was applied once more, because an operator asked for it. */
  | { readonly kind: "again" }
  /** Another worker is at it, or the walk goes on with the next message. */
  | { readonly kind: "continues" }
  /** A user's roles were made anew; nothing that the identity provider said was pending. */
  | { readonly kind: "roles" }
  | { readonly kind: "later"; readonly code: string; readonly error: unknown }
  | { readonly kind: "parked"; readonly code: string };

/** Somebody who was active has left, and the application can see it. */
export interface LeaverApplied {
  /** From the identity provider's word until now. */
  readonly ms: number;
  /** Longer than the tenant's limit. */
  readonly late: boolean;
}

/**
 * Carries what is pending of one resource over into the directory.
 *
 * Errors: TableError or LaneError only when even the failure could not be noted; then SQS delivers the message again.
 */
export async function apply(w: Worker, lane: LaneName, pointer: Pointer): Promise<Outcome> {
  const head = await readKnown(w, pointer);
  if (head instanceof TableError) return await passOn(w, lane, pointer, head);
  if (head === undefined) return { kind: "nothing" };
  const { roles } = pointer;
  // What failed keeps its own clock and its own reason, and what was given up stays so: roles wait for neither.
  if (roles !== undefined && (head.failure !== undefined || isGivenUp(head))) {
    return await renewRoles(w, head, lane, roles);
  }
  // A pointer that comes late must not undo what an operator decided.
  if (isGivenUp(head)) return { kind: "nothing" };
  let tripped = false;
  try {
    if (head.applied === head.version) return await onceMore(w, head, lane, roles);
    if (head.type === "Group") return (await applyGroup(w, head, lane)) ? applied(w, head) : { kind: "continues" };
    // Before the memberships: whoever is held keeps them.
    ({ tripped } = await mayLeave(w, head));
    const done = await applyUser(w, head, lane, roles);
    return telling(tripped, done === "unfinished" ? { kind: "continues" } : applied(w, head, done));
  } catch (error) {
    const outcome = await fail(w, lane, head, error);
    if (!(error instanceof BrakeError)) return telling(tripped, outcome);
    await kept(w, lane, head, error);
    return telling(error.tripped, outcome);
  }
}

/** The error: only a newer release can read it. Errors: any other TableError. */
async function readKnown({ table }: Worker, { type, id }: Pointer): Promise<Head | TableError | undefined> {
  try {
    return await readHead(table, type, id);
  } catch (error) {
    if (error instanceof TableError && error.kind === "newer") return error;
    throw error;
  }
}

/** Nothing that the identity provider said is pending. */
async function onceMore(w: Worker, head: Head, lane: LaneName, rolesSeen?: number): Promise<Outcome> {
  if (head.reapply === undefined) {
    return rolesAreDue(head) ? await renewRoles(w, head, lane, rolesSeen) : await secondLook(w, head, lane);
  }
  const outcome = await reapply(w, head);
  if (rolesAreDue(head)) await lookAgainForRoles(w, lane, head);
  return outcome;
}

function telling(tripped: boolean, outcome: Outcome): Outcome {
  return tripped ? { ...outcome, tripped } : outcome;
}

function applied({ clock, tenant }: Worker, { pendingSince }: Head, leaver?: Leaver): Outcome {
  const latencyMs = clock.now() - (pendingSince ?? clock.now());
  return {
    kind: "applied",
    latencyMs,
    ...(leaver && { leaver: { ms: leaver.ms, late: isLate(leaver, tenant.leavers.limitMinutes) } }),
  };
}
