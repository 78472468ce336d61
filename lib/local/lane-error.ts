/** Errors of the database as LaneError: whatever it was, the message is not where it should be. */
import { LaneError } from "../provisioning/ports.ts";

export function asLaneError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new LaneError("the database did not take or give messages", { cause: error });
  }
}
