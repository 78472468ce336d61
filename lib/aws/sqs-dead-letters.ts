/** A lane's dead-letter queue on SQS, as an operator sees it. Errors are the client's own: an operator reads them. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  MessageNotInflight,
  ReceiveMessageCommand,
  type Message,
  type QueueAttributeName,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { DeadLetter, DeadLetters } from "../provisioning/ports.ts";

const counts = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const satisfies QueueAttributeName[];

export function sqsDeadLetters({ client, queueUrl }: { client: SQSClient; queueUrl: string }): DeadLetters {
  const QueueUrl = queueUrl;
  return {
    async depth() {
      const input = { QueueUrl, AttributeNames: [...counts] };
      const { Attributes = {} } = await client.send(new GetQueueAttributesCommand(input));
      return counts.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    },
    async receive({ hiddenSeconds }) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: hiddenSeconds,
          // Without waiting SQS asks a few of its servers only, and answers "none" while there are some.
          WaitTimeSeconds: 1,
          MessageAttributeNames: ["reason"],
          MessageSystemAttributeNames: ["SentTimestamp"],
        }),
      );
      return Messages.map((message) => deadLetter(message));
    },
    async remove(receipt) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
    },
    async release(receipt) {
      try {
        const input = { QueueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 };
        await client.send(new ChangeMessageVisibilityCommand(input));
      } catch (error) {
        // It is no longer hidden, which is what was asked for.
        if (!(error instanceof MessageNotInflight)) throw error;
      }
    },
  };
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
