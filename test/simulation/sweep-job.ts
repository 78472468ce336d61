/** One sweep of a simulated world: what the table or a lane does not take now, the next one tries again. */
import { LaneError, TableError } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";

/** Errors: what is none of the table's and the lanes' faults. */
export async function sweepOnce(p: Provisioning): Promise<void> {
  try {
    await sweep(p);
  } catch (error) {
    if (!(error instanceof TableError || error instanceof LaneError)) throw error;
  }
}
