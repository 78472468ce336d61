/** What an operator's questions need: the tenant's data, and both lanes' dead letters. Made once by `cli/target.ts`. */
import type { DeadLetters, LaneName } from "../provisioning/ports.ts";
import type { Provisioning } from "../provisioning/state.ts";

export interface Operations extends Provisioning {
  readonly deadLetters: Readonly<Record<LaneName, DeadLetters>>;
}

export const laneNames: readonly LaneName[] = ["leavers", "changes"];

/** How far a long operation is; called after each item. */
export type OnProgress = (done: number, total: number, note?: string) => void;

/** Something that an operator asked for and that cannot be: the message is one sentence for a person. */
export class OperationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OperationError";
  }
}
