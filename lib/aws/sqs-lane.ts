/** A lane on SQS: a standard queue; order does not matter, because the worker looks at the resource, not at the message. */
import {
  SendMessageBatchCommand,
  SendMessageCommand,
  type BatchResultErrorEntry,
  type SendMessageBatchRequestEntry,
  type SendMessageCommandInput,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { LaneError, type Lane, type Pointer } from "../provisioning/ports.ts";
import { chunks, inParallel } from "../provisioning/in-parallel.ts";
import { asLaneError } from "./lane-error.ts";
import { queueDepth } from "./queue-depth.ts";

/** The most that SendMessageBatch takes; ten pointers are far below its 1 MiB. */
const messagesPerBatch = 10;
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
      await inParallel(chunks(pointers, messagesPerBatch), batchesAtOnce, (some) => sendBatch(client, queueUrl, some));
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

/** SQS may take some of a batch and not others; those are sent once more. */
async function sendBatch(client: SQSClient, queueUrl: string, pointers: readonly Pointer[]): Promise<void> {
  const entries = pointers.map((pointer, place) => ({ Id: String(place), MessageBody: bodyOf(pointer) }));
  const refused = new Set((await trySend(client, queueUrl, entries)).map((failure) => failure.Id));
  if (refused.size === 0) return;
  const again = entries.filter((entry) => refused.has(entry.Id));
  const [failure, ...others] = await trySend(client, queueUrl, again);
  if (failure === undefined) return;
  const count = others.length + 1;
  throw new LaneError(
    `SQS did not take ${count} of ${entries.length} messages for ${queueUrl}: ${failure.Code}: ${failure.Message ?? "no message"}`,
  );
}

async function trySend(
  client: SQSClient,
  queueUrl: string,
  Entries: SendMessageBatchRequestEntry[],
): Promise<BatchResultErrorEntry[]> {
  const sent = client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  return (await asLaneError(`take messages for ${queueUrl}`, sent)).Failed ?? [];
}

function bodyOf({ type, id, version, roles }: Pointer): string {
  return JSON.stringify({ type, id, version, roles });
}
