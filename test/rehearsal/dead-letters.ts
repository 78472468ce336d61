/** The dead-letter queues as they are on SQS, without any of our code between. */
import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

const counts = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

/** The reasons with which the resource's pointers lie there. At most ten letters are looked at, and stay. */
export async function reasonsOf(client: SQSClient, queueUrl: string, id: string): Promise<(string | undefined)[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ["reason"],
    }),
  );
  return Messages.filter(({ Body = "" }) => Body.includes(id)).map(
    ({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue,
  );
}

/** Messages in the queue, hidden ones included. */
export async function depthOf(client: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...counts] }),
  );
  return counts.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
