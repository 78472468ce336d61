/** Messages of a queue as the event that SQS hands to a function. */
import { createHash } from "node:crypto";
import type { SQSEvent } from "aws-lambda";
import type { Message } from "./message-queue.ts";

/** A `subject` is the message group of a FIFO queue. */
export function sqsEvent(queue: string, messages: readonly (Message & { readonly subject?: string })[]): SQSEvent {
  const receivedAt = String(Date.now());
  const Records = messages.map(({ id, body, receipt, receiveCount, sentAt, subject }) => ({
    messageId: id,
    receiptHandle: receipt,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAt),
      SenderId: "local",
      ApproximateFirstReceiveTimestamp: receivedAt,
      ...(subject !== undefined && { MessageGroupId: subject }),
    },
    messageAttributes: {},
    md5OfBody: createHash("md5").update(body).digest("hex"),
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:local:000000000000:${queue}`,
    awsRegion: "local",
  }));
  return { Records };
}
