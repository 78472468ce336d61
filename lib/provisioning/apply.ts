/**
 * Apply: the worker's half. Level-triggered: a message says "this one has something pending", never "do this", so it may
 * come twice, late, in any order or never, and replaying a dead letter is safe at any time.
 */
import { applyGroup } from "./apply-group.ts";
import { applyUser, type UserApplied } from "./apply-user.ts";
import { fail } from "./failure.ts";
import { type Head, isGivenUp, readHead } from "./head.ts";
import { kept } from "./held.ts";
import { isLate } from "./leavers.ts";
import { BrakeError } from "./may-leave.ts";
import type { LaneName, Pointer } from "./ports.ts";
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

export type Outcome =
  | { readonly kind: "applied"; readonly latencyMs: number; readonly leaver?: LeaverApplied; readonly tripped?: true }
  /** Nothing was to be done: a message that came twice, or whose change was superseded or given up. */
  | { readonly kind: "nothing" }
  /** What was applied was applied once more, because an operator asked for it. */
  | { readonly kind: "again" }
  /** Another worker is at it, or the walk goes on with the next message. */
  | { readonly kind: "continues" }
  /** A user's roles were made anew; nothing that the identity provider said was pending. */
  | { readonly kind: "roles" }
  | { readonly kind: "later"; readonly code: string; readonly error: unknown }
  | { readonly kind: "parked"; readonly code: string; readonly tripped?: true };

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
  const head = await readHead(w.table, pointer.type, pointer.id);
  if (head === undefined) return { kind: "nothing" };
  const { roles } = pointer;
  // What failed keeps its own clock and its own reason, and what was given up stays so: roles wait for neither.
  if (roles !== undefined && (head.failure !== undefined || isGivenUp(head))) {
    return await renewRoles(w, head, lane, roles);
  }
  // A pointer that comes late must not undo what an operator decided.
  if (isGivenUp(head)) return { kind: "nothing" };
  try {
    if (head.applied === head.version) return await onceMore(w, head, lane, roles);
    if (head.type === "Group") return (await applyGroup(w, head, lane)) ? applied(w, head) : { kind: "continues" };
    const done = await applyUser(w, head, lane, roles);
    return done === "unfinished" ? { kind: "continues" } : applied(w, head, done);
  } catch (error) {
    const outcome = await fail(w, lane, head, error);
    return error instanceof BrakeError ? await kept(w, lane, head, error, outcome) : outcome;
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

function applied({ clock, tenant }: Worker, { pendingSince }: Head, done?: UserApplied): Outcome {
  const latencyMs = clock.now() - (pendingSince ?? clock.now());
  const leaver = done?.leaver;
  return {
    kind: "applied",
    latencyMs,
    ...(done?.tripped === true && { tripped: true }),
    ...(leaver && { leaver: { ms: leaver.ms, late: isLate(leaver, tenant.leavers.limitMinutes) } }),
  };
}
