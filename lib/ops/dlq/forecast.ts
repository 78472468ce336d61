/** What the worker would say to a failed change now: the mapping and the brake are asked again, and nothing is written. */
import { nextEntry } from "../../provisioning/apply-user.ts";
import { type BrakeNote, readBrake } from "../../provisioning/brake.ts";
import { profileText } from "../../provisioning/entry.ts";
import type { Failure, Head } from "../../provisioning/head.ts";
import { SyncError } from "../../provisioning/sync-error.ts";
import type { Operations } from "../operations.ts";
import type { FailedChange } from "./failed-changes.ts";

/** Why it would fail again. */
export interface Forecast {
  /** A SyncError code. */
  readonly code: string;
  /** Names attributes, never values: many failures have the same. */
  readonly message: string;
}

/**
 * Undefined: nothing is known to be in the way, which is all that can be said of a table that was throttled.
 *
 * Errors: TableError.
 */
export async function forecaster(
  o: Pick<Operations, "tenant" | "clock" | "table">,
): Promise<(change: FailedChange) => Forecast | undefined> {
  const brake = await readBrake(o.table);
  return ({ head }) => {
    if (head === undefined) return undefined;
    const { failure } = head;
    if (failure !== undefined && isKept(head, failure, brake)) return { code: failure.code, message: failure.message };
    return mappingFailure(o, head);
  };
}

/** By the brake, or by an operator's word on it. */
function isKept({ letGo, leftAt }: Head, { code }: Failure, { state }: BrakeNote): boolean {
  if (letGo !== undefined && letGo === leftAt) return false;
  return code === "brake-rejected" || (code === "brake-held" && state === "held");
}

function mappingFailure(o: Pick<Operations, "tenant" | "clock">, head: Head): Forecast | undefined {
  if (head.type === "Group" || head.state === "deleted") return undefined;
  try {
    profileText(nextEntry(o, head, undefined));
    return undefined;
  } catch (error) {
    if (error instanceof SyncError) return { code: error.code, message: error.message };
    throw error;
  }
}
