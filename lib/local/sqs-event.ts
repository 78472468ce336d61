/** Messages of a lane as the event that SQS hands to a function. */
import { createHash } from "node:crypto";
import type { SQSEvent } from "aws-lambda";
import type { LaneName } from "../provisioning/ports.ts";
import type { Message } from "./message-queue.ts";

export function sqsEvent(lane: LaneName, messages: readonly Message[]): SQSEvent {
  const receivedAt = String(Date.now());
  const Records = messages.map(({ id, body, receipt, receiveCount, sentAt }) => ({
    messageId: id,
    receiptHandle: receipt,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAt),
      SenderId: "local",
      ApproximateFirstReceiveTimestamp: receivedAt,
    },
    messageAttributes: {},
    md5OfBody: createHash("md5").update(body).digest("hex"),
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:local:000000000000:${lane}`,
    awsRegion: "local",
  }));
  return { Records };
}
