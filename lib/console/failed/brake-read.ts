/** How the brake stands, and whom it keeps: what its pages are made of. */
import { brakeHeld, brakeRejected } from "../../ops/brake/held.ts";
import { type BrakeStatus, brakeStatusOf } from "../../ops/brake/status.ts";
import { type ParkedRow, parkedRows } from "../../ops/dlq/parked-rows.ts";
import type { Operations } from "../../ops/operations.ts";

export const brakeAddress = "/failed/brake";

export interface BrakeRead {
  readonly status: BrakeStatus;
  readonly held: readonly ParkedRow[];
  readonly rejected: readonly ParkedRow[];
  /** These are as many as are read at once. */
  readonly isMore: boolean;
}

/** Errors: TableError. */
export async function readBrakePage(o: Operations): Promise<BrakeRead> {
  const { rows, isMore } = await parkedRows(o);
  const of = (code: string): ParkedRow[] => rows.filter(({ cause }) => cause === code);
  return { status: await brakeStatusOf(o, rows), held: of(brakeHeld), rejected: of(brakeRejected), isMore };
}
