/** Fresh queues in ElasticMQ: a lane with its dead-letter queue. */
import { randomUUID } from "node:crypto";
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

export interface NewLane {
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
}

export async function newLane(
  client: SQSClient,
  { visibilityTimeoutSeconds, maxReceiveCount }: { visibilityTimeoutSeconds: number; maxReceiveCount: number },
): Promise<NewLane> {
  const name = `lane-${randomUUID()}`;
  const deadLetterUrl = await createQueue(client, `${name}-dead`, {});
  const queueUrl = await createQueue(client, name, {
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await arnOf(client, deadLetterUrl), maxReceiveCount }),
  });
  return { queueUrl, deadLetterUrl };
}

async function createQueue(client: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error(`no queue URL for ${name}`);
  return QueueUrl;
}

export async function arnOf(client: SQSClient, queueUrl: string): Promise<string> {
  const input = { QueueUrl: queueUrl, AttributeNames: ["QueueArn" as const] };
  const { Attributes } = await client.send(new GetQueueAttributesCommand(input));
  if (Attributes?.QueueArn === undefined) throw new Error(`no ARN for ${queueUrl}`);
  return Attributes.QueueArn;
}
