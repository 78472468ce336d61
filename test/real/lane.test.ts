/** The Lane and DeadLetters ports on ElasticMQ. */
import { randomUUID } from "node:crypto";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { sqsDeadLetters } from "../../lib/aws/sqs-dead-letters.ts";
import { sqsLane } from "../../lib/aws/sqs-lane.ts";
import { laneContract, type ReceivedMessage } from "../contract/lane.ts";
import { realSqsClient } from "./clients.ts";

const visibilityTimeoutSeconds = 2;
const maxReceiveCount = 2;

laneContract("ElasticMQ", async () => {
  const client = realSqsClient();
  const name = `lane-${randomUUID()}`;
  const deadLetterUrl = await createQueue(client, `${name}-dead`, {});
  const queueUrl = await createQueue(client, name, {
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await arnOf(client, deadLetterUrl), maxReceiveCount }),
  });
  return {
    lane: sqsLane({ client, queueUrl, deadLetterUrl }),
    deadLetters: sqsDeadLetters({ client, queueUrl: deadLetterUrl }),
    receive: () => receive(client, queueUrl),
    visibilityTimeoutSeconds,
    maxReceiveCount,
    close: async () => client.destroy(),
  };
});

async function createQueue(client: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error(`no queue URL for ${name}`);
  return QueueUrl;
}

async function arnOf(client: SQSClient, queueUrl: string): Promise<string> {
  const input = { QueueUrl: queueUrl, AttributeNames: ["QueueArn" as const] };
  const { Attributes } = await client.send(new GetQueueAttributesCommand(input));
  if (Attributes?.QueueArn === undefined) throw new Error(`no ARN for ${queueUrl}`);
  return Attributes.QueueArn;
}

async function receive(client: SQSClient, queueUrl: string): Promise<ReceivedMessage[]> {
  const input = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ["ApproximateReceiveCount"],
  });
  const { Messages = [] } = await client.send(input);
  return Messages.map((message) => received(client, queueUrl, message));
}

function received(
  client: SQSClient,
  queueUrl: string,
  { Body = "", Attributes, ReceiptHandle }: Message,
): ReceivedMessage {
  return {
    body: Body,
    receiveCount: Number(Attributes?.ApproximateReceiveCount),
    async ack() {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    },
  };
}
