/** A lane and its dead letters on SQLite, and the receiving side that the local worker loop uses. */
import type { DatabaseSync } from "node:sqlite";
import type { Clock, DeadLetters, Lane, LaneName } from "../provisioning/ports.ts";
import { asLaneError } from "./lane-error.ts";
import { depth, dequeue, enqueue, release, remove, type Message, type Queue } from "./message-queue.ts";

export interface SqliteLaneOptions {
  readonly db: DatabaseSync;
  readonly name: LaneName;
  readonly clock: Clock;
}

export interface ReceiveOptions {
  readonly visibilityTimeoutSeconds: number;
  /** Received so often without an acknowledgement, a message goes to the dead letters at the next receive, as SQS does it. */
  readonly maxReceiveCount: number;
  /** Absent: 10, as many as SQS hands out at once. */
  readonly limit?: number;
}

export function sqliteLane(options: SqliteLaneOptions): Lane {
  const [live, dead] = [liveQueue(options), deadQueue(options)];
  return {
    send: async (pointer, { delaySeconds = 0 } = {}) => {
      if (!(delaySeconds >= 0 && delaySeconds <= 900))
        throw new RangeError(`a delay has 0 to 900 seconds, not ${delaySeconds}`);
      asLaneError(() => enqueue(live, [JSON.stringify(pointer)], { delaySeconds }));
    },
    sendAll: async (pointers) =>
      asLaneError(() =>
        enqueue(
          live,
          pointers.map((pointer) => JSON.stringify(pointer)),
        ),
      ),
    bury: async (message, reason) =>
      asLaneError(() => enqueue(dead, [typeof message === "string" ? message : JSON.stringify(message)], { reason })),
    depth: async () => asLaneError(() => depth(live)),
  };
}

/** Of the queue with this name, a lane's or a sink's. */
export function sqliteDeadLetters(of: Queue): DeadLetters {
  const dead = deadQueue(of);
  return {
    depth: async () => asLaneError(() => depth(dead)),
    receive: async ({ hiddenSeconds }) => asLaneError(() => dequeue(dead, { hiddenSeconds })),
    remove: async (receipt) => asLaneError(() => remove(dead, receipt)),
    release: async (receipt) => asLaneError(() => release(dead, receipt)),
  };
}

/** Messages of the lane, hidden until the visibility time-out. Errors: LaneError. */
export function receiveMessages(options: SqliteLaneOptions, receive: ReceiveOptions): readonly Message[] {
  const { visibilityTimeoutSeconds: hiddenSeconds, maxReceiveCount, limit = 10 } = receive;
  const redrive = { to: deadQueue(options).name, maxReceiveCount };
  return asLaneError(() => dequeue(liveQueue(options), { hiddenSeconds, limit, redrive }));
}

/** Acknowledges a message. Errors: LaneError. */
export function deleteMessage(options: SqliteLaneOptions, receipt: string): void {
  asLaneError(() => remove(liveQueue(options), receipt));
}

function liveQueue({ db, name, clock }: SqliteLaneOptions): Queue {
  return { db, name, clock };
}

function deadQueue({ db, name, clock }: Queue): Queue {
  return { db, name: `${name}-dead`, clock };
}
