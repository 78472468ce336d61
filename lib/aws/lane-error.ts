/** Errors of the SQS client as LaneError: whatever it was, the message is not where it should be. */
import { LaneError } from "../provisioning/ports.ts";

/** `what` completes "SQS did not …". */
export async function asLaneError<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new LaneError(`SQS did not ${what}: ${why}`, { cause: error });
  }
}
