/** The deployed functions' handlers on DynamoDB Local and ElasticMQ, behind the gateway of the embedded mode. */
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sqsLane } from "../../lib/aws/sqs-lane.ts";
import { createApiHandler } from "../../lib/handlers/api.ts";
import { createWorkerHandler, type WorkerHandler } from "../../lib/handlers/worker.ts";
import { invocation } from "../../lib/local/context.ts";
import { gateway } from "../../lib/local/gateway.ts";
import { closeServer, listen } from "../../lib/local/listen.ts";
import type { LaneName } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import { putToken } from "../../lib/provisioning/token.ts";
import { systemChance, systemClock } from "../../lib/system.ts";
import { hashToken, newToken } from "../../lib/token.ts";
import { acme, silence } from "../local/served.ts";
import { realSqsClient } from "./clients.ts";
import { newLane, type NewLane } from "./new-lane.ts";
import { newTable } from "./new-table.ts";

export interface RealServer {
  readonly baseUrl: string;
  readonly token: string;
  close(): Promise<void>;
}

const batch = { visibilityTimeoutSeconds: 30, maxReceiveCount: 5 };

export async function startRealServer(): Promise<RealServer> {
  const store = await newTable();
  const { table } = store;
  const sqs = realSqsClient();
  const queues = { leavers: await newLane(sqs, batch), changes: await newLane(sqs, batch) };
  const provisioning: Provisioning = {
    table,
    lanes: {
      leavers: sqsLane({ client: sqs, ...queues.leavers }),
      changes: sqsLane({ client: sqs, ...queues.changes }),
    },
    clock: systemClock,
    chance: systemChance,
    tenant: acme,
  };
  const token = newToken("real");
  await putToken(table, { id: token.id, hash: hashToken(token.text), label: "test", createdAt: systemClock.now() });
  const server = gateway(createApiHandler({ provisioning, telemetry: silence }));
  const port = await listen(server, "127.0.0.1", 0);
  const stopping = new AbortController();
  const loops = (["leavers", "changes"] as const).map((name) =>
    workOn(name, queues[name], sqs, provisioning, stopping.signal),
  );
  return {
    baseUrl: `http://127.0.0.1:${port}/scim/v2`,
    token: token.text,
    close: async () => {
      await closeServer(server, 5_000);
      stopping.abort();
      await Promise.all(loops);
      sqs.destroy();
      await store.close();
    },
  };
}

/** What the event source mapping does on AWS. */
async function workOn(
  name: LaneName,
  { queueUrl }: NewLane,
  sqs: SQSClient,
  provisioning: Provisioning,
  stopping: AbortSignal,
): Promise<void> {
  const worker = { ...provisioning, workerId: systemChance.uuid() };
  const handler: WorkerHandler = createWorkerHandler({ worker, laneOf: () => name, telemetry: silence });
  while (!stopping.aborted) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    if (Messages.length === 0) continue;
    const Records = Messages.map(
      ({ MessageId: messageId = "", Body: body = "", ReceiptHandle: receiptHandle = "" }) => ({
        messageId,
        body,
        receiptHandle,
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: "0",
          SenderId: "-",
          ApproximateFirstReceiveTimestamp: "0",
        },
        messageAttributes: {},
        md5OfBody: "",
        eventSource: "aws:sqs",
        eventSourceARN: `arn:aws:sqs:eu-central-1:000000000000:${name}`,
        awsRegion: "eu-central-1",
      }),
    );
    const { batchItemFailures } = await handler({ Records }, invocation("worker", 60));
    const failed = new Set(batchItemFailures.map((failure) => failure.itemIdentifier));
    const Entries = Records.filter(({ messageId }) => !failed.has(messageId)).map(({ messageId, receiptHandle }) => ({
      Id: messageId,
      ReceiptHandle: receiptHandle,
    }));
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}
