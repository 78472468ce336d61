/** The Lane and DeadLetters ports on ElasticMQ. */
import { DeleteMessageCommand, ReceiveMessageCommand, type Message, type SQSClient } from "@aws-sdk/client-sqs";
import { sqsDeadLetters } from "../../lib/aws/sqs-dead-letters.ts";
import { sqsLane } from "../../lib/aws/sqs-lane.ts";
import { laneContract, type ReceivedMessage } from "../contract/lane.ts";
import { realSqsClient } from "./clients.ts";
import { newLane } from "./new-lane.ts";

const visibilityTimeoutSeconds = 2;
const maxReceiveCount = 2;

laneContract("ElasticMQ", async () => {
  const client = realSqsClient();
  const { queueUrl, deadLetterUrl } = await newLane(client, { visibilityTimeoutSeconds, maxReceiveCount });
  return {
    lane: sqsLane({ client, queueUrl, deadLetterUrl }),
    deadLetters: sqsDeadLetters({ client, queueUrl: deadLetterUrl }),
    receive: () => receive(client, queueUrl),
    visibilityTimeoutSeconds,
    maxReceiveCount,
    close: async () => client.destroy(),
  };
});

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
