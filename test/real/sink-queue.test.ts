/** The queue of a sink on ElasticMQ. */
import { randomUUID } from "node:crypto";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sqsDeadLetters } from "../../lib/aws/sqs-dead-letters.ts";
import { sqsSinkMessages, sqsSinkQueue } from "../../lib/aws/sqs-sink-queue.ts";
import { type ReceivedSinkMessage, sinkQueueContract } from "../contract/sink-queue.ts";
import { realSqsClient } from "./clients.ts";
import { arnOf } from "./new-lane.ts";

const visibilityTimeoutSeconds = 2;
const maxReceiveCount = 3;

sinkQueueContract("ElasticMQ", async () => {
  const client = realSqsClient();
  const name = `sink-${randomUUID()}`;
  const deadLetterUrl = await newFifo(client, `${name}-dead`, {});
  const queueUrl = await newFifo(client, name, {
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await arnOf(client, deadLetterUrl), maxReceiveCount }),
  });
  return {
    queue: sqsSinkQueue({ client, queueUrl }),
    messages: sqsSinkMessages({ client, queueUrl, deadLetterUrl }),
    deadLetters: sqsDeadLetters({ client, queueUrl: deadLetterUrl }),
    receive: async () => await receive(client, queueUrl),
    visibilityTimeoutSeconds,
    maxReceiveCount,
    close: async () => client.destroy(),
  };
});

async function newFifo(client: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  const Attributes = { FifoQueue: "true", ...attributes };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: `${name}.fifo`, Attributes }));
  if (QueueUrl === undefined) throw new Error(`no queue URL for ${name}`);
  return QueueUrl;
}

async function receive(client: SQSClient, QueueUrl: string): Promise<ReceivedSinkMessage[]> {
  const input = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ["ApproximateReceiveCount", "MessageGroupId"],
  });
  const { Messages = [] } = await client.send(input);
  return Messages.map(({ Body = "", Attributes, ReceiptHandle = "" }) => ({
    body: Body,
    subject: Attributes?.MessageGroupId ?? "",
    receiveCount: Number(Attributes?.ApproximateReceiveCount),
    receipt: ReceiptHandle,
    ack: async () => {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
  }));
}
