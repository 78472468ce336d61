/** What the event source mapping does on AWS: takes a lane's messages to the worker function, and deletes those that it handled. */
import type { WorkerHandler } from "../handlers/worker.ts";
import { type Lane, LaneError, type LaneName } from "../provisioning/ports.ts";
import { invocation } from "./context.ts";
import { deleteMessage, receiveMessages, type SqliteLaneOptions } from "./sqlite-lane.ts";
import { sqsEvent } from "./sqs-event.ts";

export interface WorkerLoop {
  /** Something was sent: look at once. */
  wake(): void;
  /** Ends after the batch that is under way. */
  stop(): Promise<void>;
}

const batch = {
  // After kill -9, messages that were being handled come back this late. One loop takes all messages of a lane, so a
  // batch that lasts longer is handled by nobody else meanwhile.
  visibilityTimeoutSeconds: 20,
  // As in the deployed stack.
  maxReceiveCount: 5,
};
/**
 * One worker has both lanes, so a leaver waits for what is under way in the other: for one change, not for ten. Measured on a
 * busy machine, behind a backlog and on an idle server: 3.9 times as long with batches of ten, 1.4 times with one.
 */
const batchSize: Readonly<Record<LaneName, number>> = { leavers: 10, changes: 1 };
/** Another process may send too: `rollcall --local dlq replay`. */
const lookEveryMs = 250;
const pauseAfterErrorMs = 1_000;
const workerSeconds = 60;

export function workerLoop(lane: SqliteLaneOptions, handler: WorkerHandler): WorkerLoop {
  const loop = { stopping: false, woken: false, endPause: (): void => {} };
  const running = run(loop, lane, handler);
  return {
    wake: () => {
      loop.woken = true;
      loop.endPause();
    },
    stop: async () => {
      loop.stopping = true;
      loop.endPause();
      await running;
    },
  };
}

interface Loop {
  readonly stopping: boolean;
  /** Something was sent since the lane was last looked at. */
  woken: boolean;
  endPause: () => void;
}

async function run(loop: Loop, lane: SqliteLaneOptions, handler: WorkerHandler): Promise<void> {
  while (!loop.stopping) {
    loop.woken = false;
    const done = await handleBatch(lane, handler);
    if (done === "failed") await pause(loop, pauseAfterErrorMs);
    if (done === "empty") await pause(loop, lookEveryMs);
  }
}

async function pause(loop: Loop, ms: number): Promise<void> {
  if (loop.woken || loop.stopping) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    loop.endPause = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** A lane that wakes its loop: what is accepted here is applied milliseconds later. */
export function wakingLane(lane: Lane, wake: () => void): Lane {
  return {
    send: async (pointer, options) => {
      await lane.send(pointer, options);
      wake();
    },
    sendAll: async (pointers) => {
      await lane.sendAll(pointers);
      wake();
    },
    bury: async (message, reason) => await lane.bury(message, reason),
    depth: async () => await lane.depth(),
  };
}

/** What failed stays in the lane and is visible again after its time-out. */
async function handleBatch(lane: SqliteLaneOptions, handler: WorkerHandler): Promise<"done" | "empty" | "failed"> {
  try {
    const messages = receiveMessages(lane, { ...batch, limit: batchSize[lane.name] });
    if (messages.length === 0) return "empty";
    const { batchItemFailures } = await handler(sqsEvent(lane.name, messages), invocation("worker", workerSeconds));
    const failed = new Set(batchItemFailures.map((failure) => failure.itemIdentifier));
    for (const { id, receipt } of messages) if (!failed.has(id)) deleteMessage(lane, receipt);
    return "done";
  } catch (error) {
    // The database was busy for longer than it waits; the messages are still there.
    if (error instanceof LaneError) return "failed";
    throw error;
  }
}
