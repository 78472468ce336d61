/**
 * A sink's queue on SQS: FIFO, the subject as message group. Order within a subject is what the queue is for; between subjects
 * messages go side by side.
 */
import { createHash } from "node:crypto";
import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SinkMessages, SinkPointer, SinkQueue } from "../events/ports.ts";
import { messageId, messageText } from "../events/sink-message.ts";
import { asLaneError } from "./lane-error.ts";
import { queueDepth } from "./queue-depth.ts";
import { messagesPerBatch, sendBatch } from "./send-batch.ts";

export function sqsSinkQueue({ client, queueUrl }: { client: SQSClient; queueUrl: string }): SinkQueue {
  return {
    async sendAll(pointers, again) {
      // One batch after the other: a later one must not be there before an earlier one of its subject.
      for (const some of batches(pointers)) {
        const entries = some.map((pointer, place) => ({
          Id: String(place),
          MessageBody: messageText(pointer),
          MessageGroupId: pointer.subject,
          MessageDeduplicationId: messageId(pointer, again),
        }));
        await sendBatch(client, queueUrl, entries);
      }
    },
    depth: async () => await queueDepth(client, queueUrl),
  };
}

export interface SqsSinkMessagesOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
}

export function sqsSinkMessages({ client, queueUrl, deadLetterUrl }: SqsSinkMessagesOptions): SinkMessages {
  return {
    async postpone(receipt, seconds) {
      const input = { QueueUrl: queueUrl, ReceiptHandle: receipt, VisibilityTimeout: seconds };
      await asLaneError(`postpone a message of ${queueUrl}`, client.send(new ChangeMessageVisibilityCommand(input)));
    },
    async bury(message, reason) {
      // Two texts that are no pointers are two dead letters.
      const id = typeof message === "string" ? createHash("sha256").update(message).digest("hex") : message.eventId;
      const command = new SendMessageCommand({
        QueueUrl: deadLetterUrl,
        MessageBody: typeof message === "string" ? message : messageText(message),
        // A group of its own: a dead letter that somebody looks at does not hide the others of its subject.
        MessageGroupId: id,
        MessageDeduplicationId: id,
        MessageAttributes: { reason: { DataType: "String", StringValue: reason } },
      });
      await asLaneError(`take a message for ${deadLetterUrl}`, client.send(command));
    },
  };
}

/**
 * Parts that may be sent at once: SQS may take any of a batch and not the others, so none of it may need another one in front of
 * it. What one step of a group did to different members has no order; everything else of a subject has.
 */
function batches(pointers: readonly SinkPointer[]): SinkPointer[][] {
  const all: SinkPointer[][] = [];
  let steps = new Map<string, string>();
  for (const pointer of pointers) {
    const [step, before] = [stepOf(pointer), steps.get(pointer.subject)];
    const last = all.at(-1);
    if (last !== undefined && last.length < messagesPerBatch && (before === undefined || before === step)) {
      last.push(pointer);
    } else {
      steps = new Map();
      all.push([pointer]);
    }
    steps.set(pointer.subject, step ?? `${pointer.eventId}, alone`);
  }
  return all;
}

/** Undefined: it stands alone. The id of an event is its subject, its sequence, and of a step's events the member (event.ts). */
function stepOf({ eventId, subject }: SinkPointer): string | undefined {
  const [sequence, member] = eventId.slice(subject.length + 1).split(".");
  return member === undefined || member === "reset" ? undefined : sequence;
}
