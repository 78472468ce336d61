/**
 * What happens when a change cannot be applied: never (parked at once, with a dead letter as the alarm) or later (tried
 * again by a clock that stands in the table, not in SQS, whose messages live for 14 days at most).
 */
import { ScimError } from "../scim/error.ts";
import type { Outcome, Worker } from "./apply.ts";
import { asRead } from "./as-read.ts";
import { dueKey, type Head, isParked } from "./head.ts";
import { headKey, waitKey } from "./keys.ts";
import { LaneError, type LaneName, type Pointer, TableError } from "./ports.ts";
import type { Provisioning } from "./state.ts";
import { succeeds } from "./succeeds.ts";
import { SyncError, type SyncErrorCode } from "./sync-error.ts";

const second = 1_000;
const minute = 60 * second;
/** The pause after each attempt; after the last one the change is parked. */
const retryAfterMs = [10 * second, minute, 5 * minute, 30 * minute, 120 * minute, 360 * minute];
/**
 * AWS has too little for us, or is away: that is nothing about this change, and very many have the same. Parked, they would
 * wait for an operator when all is well again; so they are tried for three days, and are done minutes after it is over.
 */
const patientRetryAfterMs = [10 * second, minute, 5 * minute, ...Array.from({ length: 3 * 24 * 4 }, () => 15 * minute)];
const patientFor: ReadonlySet<SyncErrorCode> = new Set<SyncErrorCode>(["throttled", "unavailable"]);
/** It waits for a deployment, not for better times: tried every minute, and never given up. */
const newerAfterMs = minute;
const newerFormat: SyncErrorCode = "newer-format";
/** SQS delays a message by at most so much. The sweep comes once a minute, so shorter pauses need a message of their own. */
const delaySecondsMost = 900;

/** Notes the failure on the head. Errors: TableError, LaneError when that cannot be done either. */
export async function fail(w: Worker, lane: LaneName, head: Head, error: unknown): Promise<Outcome> {
  const failure = asSyncError(error);
  // Parked changes come back by a replay alone, which begins anew: else one more throttle would park them all at once.
  const attempts = isParked(head) ? 1 : attemptsBefore(head) + 1;
  const pauseMs = pauseAfter(failure, attempts);
  const note = { code: failure.code, message: failure.message, at: w.clock.now(), attempts };
  if (pauseMs === undefined) {
    // The dead letter first: an alarm without a parked change is harmless, a parked change without an alarm is not.
    if (failure.deadLetter)
      await w.lanes[lane].bury({ type: head.type, id: head.id, version: head.version }, failure.code);
    await stamp(w, head, note, waitKey("parked", head.id), note.at);
    return { kind: "parked", code: failure.code };
  }
  await stamp(w, head, note, dueKey(head, lane), note.at + pauseMs);
  // Without an end to the attempts a message each time would be one more each minute: then the sweep alone sends.
  if (pauseMs / second <= delaySecondsMost && failure.code !== newerFormat)
    await sendLater(w, lane, head, Math.ceil(pauseMs / second));
  return { kind: "later", code: failure.code, error };
}

/**
 * What only a newer release can read, before anything of it is known: the pointer goes back into its lane, and the head stays
 * as it is.
 *
 * Errors: LaneError; then SQS delivers the message again.
 */
export async function passOn(w: Worker, lane: LaneName, pointer: Pointer, error: TableError): Promise<Outcome> {
  await w.lanes[lane].send(pointer, { delaySeconds: newerAfterMs / second });
  return { kind: "later", code: asSyncError(error).code, error };
}

/** Those that waited for a deployment do not count once it is there. */
function attemptsBefore({ failure }: Head): number {
  return failure === undefined || failure.code === newerFormat ? 0 : failure.attempts;
}

/** Undefined: to try again is of no use. */
function pauseAfter({ code, retry }: SyncError, attempts: number): number | undefined {
  if (retry === "never") return undefined;
  if (code === newerFormat) return newerAfterMs;
  return (patientFor.has(code) ? patientRetryAfterMs : retryAfterMs)[attempts - 1];
}

/** The sweeper sends what this does not. */
export async function sendLater(p: Provisioning, lane: LaneName, head: Head, delaySeconds: number): Promise<void> {
  try {
    await p.lanes[lane].send({ type: head.type, id: head.id, version: head.version }, { delaySeconds });
  } catch (error) {
    if (!(error instanceof LaneError)) throw error;
  }
}

function asSyncError(error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  const cause = { cause: error };
  if (error instanceof TableError && error.kind === "throttled")
    return new SyncError("throttled", "the table takes no more for now", cause);
  if (error instanceof TableError && error.kind === "newer") return new SyncError(newerFormat, error.message, cause);
  if (error instanceof TableError && error.kind !== "lost")
    return new SyncError("conflict", "others write the same items", cause);
  if (error instanceof TableError || error instanceof LaneError)
    return new SyncError("unavailable", "no answer from AWS", cause);
  if (error instanceof ScimError && error.status === 503)
    return new SyncError("conflict", "others write the same items", cause);
  // A fault of ours. Its message may hold a value, so only its name is kept; the worker logs where it happened.
  return new SyncError("internal", error instanceof Error ? error.name : "unknown", cause);
}

async function stamp(
  p: Provisioning,
  head: Head,
  failure: NonNullable<Head["failure"]>,
  key: string,
  waitAt: number,
): Promise<void> {
  await succeeds(
    p.table.write({
      kind: "update",
      key: headKey(head.type, head.id),
      // A change that came meanwhile may mend what failed: then this failure says nothing any more.
      if: [
        asRead("version", head.version),
        asRead("applied", head.applied),
        // Another worker may have done by now what was asked for again.
        asRead("reapply", head.reapply),
        asRead("rolesMade", head.rolesMade),
      ],
      set: { failure: JSON.stringify(failure), reason: failure.code, waitKey: key, waitAt },
      setIfMissing: { pendingSince: failure.at },
      remove: ["givenUp"],
    }),
  );
}
