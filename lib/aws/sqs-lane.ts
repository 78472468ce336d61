/** A lane on SQS: a standard queue; order does not matter, because the worker looks at the resource, not at the message. */
import { SendMessageCommand, type SendMessageCommandInput, type SQSClient } from "@aws-sdk/client-sqs";
import type { Lane, Pointer } from "../provisioning/ports.ts";
import { chunks, inParallel } from "../provisioning/in-parallel.ts";
import { asLaneError } from "./lane-error.ts";
import { queueDepth } from "./queue-depth.ts";
import { messagesPerBatch, sendBatch } from "./send-batch.ts";

const batchesAtOnce = 4;
/** The longest that SQS holds a message back. */
const delaySecondsMax = 900;

export interface SqsLaneOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
}

/**
 * Errors: LaneError for whatever keeps SQS from taking a message: the caller's write is safe, and the sweeper sends it.
 * RangeError for a delay that SQS does not have.
 */
export function sqsLane({ client, queueUrl, deadLetterUrl }: SqsLaneOptions): Lane {
  const send = (input: SendMessageCommandInput): Promise<unknown> =>
    asLaneError(`take a message for ${input.QueueUrl}`, client.send(new SendMessageCommand(input)));
  return {
    async send(pointer, { delaySeconds = 0 } = {}) {
      if (!(delaySeconds >= 0 && delaySeconds <= delaySecondsMax)) {
        throw new RangeError(`a delay has 0 to ${delaySecondsMax} seconds, not ${delaySeconds}`);
      }
      await send({ QueueUrl: queueUrl, MessageBody: bodyOf(pointer), DelaySeconds: delaySeconds });
    },
    async sendAll(pointers) {
      await inParallel(chunks(pointers, messagesPerBatch), batchesAtOnce, (some) =>
        sendBatch(client, queueUrl, some.map(entryOf)),
      );
    },
    async bury(message, reason) {
      await send({
        QueueUrl: deadLetterUrl,
        MessageBody: typeof message === "string" ? message : bodyOf(message),
        MessageAttributes: { reason: { DataType: "String", StringValue: reason } },
      });
    },
    depth: () => queueDepth(client, queueUrl),
  };
}

function entryOf(pointer: Pointer, place: number): { Id: string; MessageBody: string } {
  return { Id: String(place), MessageBody: bodyOf(pointer) };
}

function bodyOf({ type, id, version, roles }: Pointer): string {
  return JSON.stringify({ type, id, version, roles });
}
