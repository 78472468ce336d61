/** What the event source mapping does on AWS: takes a lane's messages to the worker function, and deletes those that it handled. */
import type { WorkerHandler } from "../handlers/worker.ts";
import { type Lane, LaneError } from "../provisioning/ports.ts";
import { invocation } from "./context.ts";
import { deleteMessage, receiveMessages, type SqliteLaneOptions } from "./sqlite-lane.ts";
import { sqsEvent } from "./sqs-event.ts";

export interface WorkerLoop {
  /** Something was sent: look at once. */
  wake(): void;
  /** Ends after the messages that were received. */
  stop(): Promise<void>;
}

const batch = {
  // After kill -9, messages that were being handled come back this late. One loop takes all messages of a lane, so a
  // batch that lasts longer is handled by nobody else meanwhile.
  visibilityTimeoutSeconds: 20,
  // As in the deployed stack.
  maxReceiveCount: 5,
};
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

/**
 * What failed stays in the lane and is visible again after its time-out.
 *
 * One message after another: one worker has both lanes, so a leaver waits for what is under way in the other, for one change
 * and not for ten. Measured on a busy machine, behind a backlog and on an idle server: 3.9 times as long by tens, 1.4 so.
 */
async function handleBatch(lane: SqliteLaneOptions, handler: WorkerHandler): Promise<"done" | "empty" | "failed"> {
  try {
    const messages = receiveMessages(lane, batch);
    for (const message of messages) {
      const { batchItemFailures } = await handler(sqsEvent(lane.name, [message]), invocation("worker", workerSeconds));
      if (batchItemFailures.length === 0) deleteMessage(lane, message.receipt);
    }
    return messages.length === 0 ? "empty" : "done";
  } catch (error) {
    // The database was busy for longer than it waits; the messages are still there.
    if (error instanceof LaneError) return "failed";
    throw error;
  }
}
