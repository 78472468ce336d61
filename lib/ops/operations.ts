/** What an operator's questions need: the tenant's data, and both lanes' dead letters. Made once by `cli/target.ts`. */
import type { SinkDeadLetters, SinkQueues } from "../events/ports.ts";
import type { Senders } from "../events/send.ts";
import type { DeadLetters, LaneName, TableName } from "../provisioning/ports.ts";
import type { Provisioning } from "../provisioning/state.ts";

export interface Operations extends Provisioning {
  readonly deadLetters: Readonly<Record<LaneName, DeadLetters>>;
  /** Absent: the tenant file has no `events`. */
  readonly events?: EventOperations;
  /** Absent: the embedded data. */
  readonly deployment?: Deployment;
}

/** By the names of the sinks that there are here. */
export interface EventOperations {
  readonly queues: SinkQueues;
  readonly deadLetters: SinkDeadLetters;
  readonly senders: Senders;
}

/** What a stack tells of itself. */
export interface Deployment {
  /** Of the tenant file that was deployed; absent where the stack does not say. */
  readonly deployedHash?: string;
  /** Of the tenant file that is here. */
  readonly fileHash: string;
  /** Errors: the SDK's. */
  readonly alarms: () => Promise<readonly StackAlarm[]>;
  /** Errors: the SDK's. */
  readonly tables: () => Promise<readonly StoredTable[]>;
}

/** A table as DynamoDB has it. Times are milliseconds since 1970. */
export interface StoredTable {
  readonly table: TableName;
  readonly tableName: string;
  readonly createdAt: number;
  /** It was made by a restore, and has what the other one had at this moment. */
  readonly restoredTo?: number;
  /** Point-in-time recovery. */
  readonly keepsEveryMoment: boolean;
  /** Time to live, by our attribute. */
  readonly expires: boolean;
  readonly isProtected: boolean;
  /** Of the Scim table: the index of what waits. */
  readonly hasIndex?: boolean;
}

export interface StackAlarm {
  readonly name: string;
  /** `INSUFFICIENT_DATA`: new, or nothing was reported. */
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** Milliseconds since 1970. */
  readonly since?: number;
  /** Says what to do. */
  readonly description?: string;
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
