/** Sending a batch of messages to an SQS queue, which may take some of them and not the others. */
import {
  SendMessageBatchCommand,
  type BatchResultErrorEntry,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { LaneError } from "../provisioning/ports.ts";
import { asLaneError } from "./lane-error.ts";

/** The most that SendMessageBatch takes; ten pointers are far below its 1 MiB. */
export const messagesPerBatch = 10;

/** What was not taken is sent once more. Errors: LaneError when some of it is refused again. */
export async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  entries: readonly SendMessageBatchRequestEntry[],
): Promise<void> {
  const refused = new Set((await trySend(client, queueUrl, entries)).map(({ Id }) => Id));
  if (refused.size === 0) return;
  const again = entries.filter(({ Id }) => refused.has(Id));
  const [failure, ...others] = await trySend(client, queueUrl, again);
  if (failure === undefined) return;
  throw new LaneError(
    `SQS did not take ${others.length + 1} of ${entries.length} messages for ${queueUrl}: ${failure.Code}: ${failure.Message ?? "no message"}`,
  );
}

async function trySend(
  client: SQSClient,
  queueUrl: string,
  entries: readonly SendMessageBatchRequestEntry[],
): Promise<BatchResultErrorEntry[]> {
  const sent = client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: [...entries] }));
  return (await asLaneError(`take messages for ${queueUrl}`, sent)).Failed ?? [];
}
