/** "Start DLQ redrive" of the AWS console, on ElasticMQ: every dead letter comes back into its lane as it was. */
import { StartMessageMoveTaskCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { sqsDeadLetters } from "../../lib/aws/sqs-dead-letters.ts";
import { sqsLane } from "../../lib/aws/sqs-lane.ts";
import { arrive, pointer } from "../contract/lane/arrive.ts";
import { realSqsClient } from "./clients.ts";
import { arnOf, newLane } from "./new-lane.ts";
import { receive } from "./receive.ts";

test("a redrive by hand empties the dead-letter queue into the lane", async () => {
  const client = realSqsClient();
  const { queueUrl, deadLetterUrl } = await newLane(client, { visibilityTimeoutSeconds: 30, maxReceiveCount: 2 });
  const lane = sqsLane({ client, queueUrl, deadLetterUrl });
  const deadLetters = sqsDeadLetters({ client, queueUrl: deadLetterUrl });
  for (const version of [1, 2, 3]) await lane.bury(pointer(version), "mapping-required-missing");
  await client.send(new StartMessageMoveTaskCommand({ SourceArn: await arnOf(client, deadLetterUrl) }));
  const messages = await arrive({ receive: async () => await receive(client, queueUrl) }, 3);
  const versions = messages.map(({ body }) => (JSON.parse(body) as { version: number }).version);
  expect(new Set(versions)).toEqual(new Set([1, 2, 3]));
  await expect.poll(async () => await deadLetters.depth(), { timeout: 10_000 }).toBe(0);
  client.destroy();
});
