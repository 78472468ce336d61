/** A lane's dead-letter queue on SQS, as an operator sees it. Errors: LaneError. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  MessageNotInflight,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { DeadLetter, DeadLetters } from "../provisioning/ports.ts";
import { asLaneError } from "./lane-error.ts";
import { queueDepth } from "./queue-depth.ts";

export function sqsDeadLetters({ client, queueUrl }: { client: SQSClient; queueUrl: string }): DeadLetters {
  return {
    depth: () => queueDepth(client, queueUrl),
    receive: ({ hiddenSeconds }) =>
      asLaneError(`give messages of ${queueUrl}`, receive(client, queueUrl, hiddenSeconds)),
    async remove(receipt) {
      const command = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt });
      await asLaneError(`remove a message of ${queueUrl}`, client.send(command));
    },
    release: (receipt) => asLaneError(`release a message of ${queueUrl}`, release(client, queueUrl, receipt)),
  };
}

async function receive(client: SQSClient, queueUrl: string, hiddenSeconds: number): Promise<DeadLetter[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: hiddenSeconds,
    // Without waiting SQS asks a few of its servers only, and answers "none" while there are some.
    WaitTimeSeconds: 1,
    MessageAttributeNames: ["reason"],
    MessageSystemAttributeNames: ["SentTimestamp"],
  });
  const { Messages = [] } = await client.send(command);
  return Messages.map((message) => deadLetter(message));
}

async function release(client: SQSClient, queueUrl: string, receipt: string): Promise<void> {
  try {
    const input = { QueueUrl: queueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 };
    await client.send(new ChangeMessageVisibilityCommand(input));
  } catch (error) {
    // It is no longer hidden, which is what was asked for.
    if (!(error instanceof MessageNotInflight)) throw error;
  }
}

function deadLetter({ Body = "", Attributes, MessageAttributes, ReceiptHandle = "" }: Message): DeadLetter {
  const reason = MessageAttributes?.["reason"]?.StringValue;
  return {
    body: Body,
    ...(reason !== undefined && { reason }),
    sentAt: Number(Attributes?.SentTimestamp),
    receipt: ReceiptHandle,
  };
}
