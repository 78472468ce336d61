/** The Lane and DeadLetters ports on ElasticMQ. */
import { sqsDeadLetters } from "../../lib/aws/sqs-dead-letters.ts";
import { sqsLane } from "../../lib/aws/sqs-lane.ts";
import { laneContract } from "../contract/lane.ts";
import { realSqsClient } from "./clients.ts";
import { newLane } from "./new-lane.ts";
import { receive } from "./receive.ts";

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
