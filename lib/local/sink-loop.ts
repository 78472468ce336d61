/** What the event source mapping does on AWS: takes a sink's messages to the deliver function, and deletes those that are done with. */
import type { DeliverHandler } from "../handlers/deliver.ts";
import type { SinkQueue } from "../events/ports.ts";
import { LaneError } from "../provisioning/ports.ts";
import { invocation } from "./context.ts";
import { deleteSinkMessage, receiveSinkMessages, type SqliteSinkOptions } from "./sqlite-sink-queue.ts";
import { sqsEvent } from "./sqs-event.ts";
import { type WakingLoop, wakingLoop } from "./waking-loop.ts";

const deliverSeconds = 120;
const batch = {
  // After kill -9, what was being sent comes again this late: longer than a batch of ten takes, each ten seconds.
  visibilityTimeoutSeconds: deliverSeconds + 10,
  // As in the deployed stack.
  maxReceiveCount: 100,
};

export function sinkLoop(sink: SqliteSinkOptions, handler: DeliverHandler): WakingLoop {
  return wakingLoop(async () => await deliverBatch(sink, handler));
}

/** A queue that wakes its loop: what is told is sent milliseconds later. */
export function wakingQueue(queue: SinkQueue, wake: () => void): SinkQueue {
  return {
    sendAll: async (...given) => {
      await queue.sendAll(...given);
      wake();
    },
    depth: async () => await queue.depth(),
  };
}

/** `empty`: nothing waits that may be sent now. */
export async function deliverBatch(
  sink: SqliteSinkOptions,
  handler: DeliverHandler,
): Promise<"done" | "empty" | "failed"> {
  try {
    const messages = receiveSinkMessages(sink, batch);
    if (messages.length === 0) return "empty";
    const context = invocation("deliver", deliverSeconds);
    const { batchItemFailures } = await handler(sqsEvent(sink.sink, messages), context);
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id, receipt } of messages) if (!failed.has(id)) deleteSinkMessage(sink, receipt);
    return "done";
  } catch (error) {
    // The database was busy for longer than it waits; the messages are still there.
    if (error instanceof LaneError) return "failed";
    throw error;
  }
}
