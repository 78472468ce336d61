/** The publisher function: makes events of what changes in the directory. */
import { sqsClient } from "../lib/aws/clients.ts";
import { unmarshalItem, type Marshalled } from "../lib/aws/marshal.ts";
import { sqsSinkQueue } from "../lib/aws/sqs-sink-queue.ts";
import { createPublisherHandler } from "../lib/handlers/publisher.ts";
import { config, provisioning, telemetry } from "./deployed.ts";

const client = sqsClient();

const queues = Object.fromEntries(
  Object.entries(config.sinkQueueUrls).map(([name, queueUrl]) => [name, sqsSinkQueue({ client, queueUrl })]),
);

export const handler = createPublisherHandler({
  publisher: { ...provisioning, queues },
  telemetry,
  unmarshal: (image) => unmarshalItem(image as Marshalled).attributes,
});
