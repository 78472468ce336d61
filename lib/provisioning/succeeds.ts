/** A write whose conditions may not hold, where that is an answer and no error: others were quicker. */
import { TableError } from "./ports.ts";

/** False when a condition did not hold: nothing was written. Errors: any other TableError. */
export async function succeeds(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof TableError && error.kind === "condition") return false;
    throw error;
  }
}
