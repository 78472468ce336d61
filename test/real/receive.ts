/** Receiving from a lane as the event source mapping of Lambda does. */
import { DeleteMessageCommand, ReceiveMessageCommand, type Message, type SQSClient } from "@aws-sdk/client-sqs";
import type { ReceivedMessage } from "../contract/lane.ts";

export async function receive(client: SQSClient, queueUrl: string): Promise<ReceivedMessage[]> {
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
