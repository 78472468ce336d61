/** How many messages a queue holds, about: those that wait, that are hidden, and that are delayed. */
import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from "@aws-sdk/client-sqs";
import { asLaneError } from "./lane-error.ts";

const counts = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const satisfies QueueAttributeName[];

/** Errors: LaneError. */
export async function queueDepth(client: SQSClient, queueUrl: string): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...counts] });
  const { Attributes = {} } = await asLaneError(`count the messages of ${queueUrl}`, client.send(command));
  return counts.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
