/** The deliver function: sends events to the tenant's sinks. It has no lanes. */
import { readFileSync } from "node:fs";
import { dynamoClient, sqsClient } from "../lib/aws/clients.ts";
import { dynamoTable } from "../lib/aws/dynamo-table.ts";
import { eventBridgeClient, eventBusSend } from "../lib/aws/event-bus.ts";
import { sqsSinkMessages } from "../lib/aws/sqs-sink-queue.ts";
import { functionConfig, metricsNamespace, tenantFileName } from "../lib/config.ts";
import { secretsOf } from "../lib/events/secrets.ts";
import type { Send } from "../lib/events/send.ts";
import { webhookSend } from "../lib/events/webhook.ts";
import { createDeliverHandler } from "../lib/handlers/deliver.ts";
import { nameOfQueue } from "../lib/handlers/name-of-queue.ts";
import { lambdaTelemetry } from "../lib/handlers/telemetry.ts";
import { publicPost } from "../lib/outbound/public-post.ts";
import { readTenantFile } from "../lib/provisioning/tenant-file.ts";
import type { Sink } from "../lib/provisioning/tenant.ts";
import { systemChance, systemClock } from "../lib/system.ts";

const config = functionConfig(process.env);
const text = readFileSync(new URL(tenantFileName, import.meta.url), "utf8");
const { events } = readTenantFile(config.tenant, JSON.parse(text));

const sqs = sqsClient();
const eventBridge = eventBridgeClient();
const table = dynamoTable({ client: dynamoClient(), names: config.tables });
const post = publicPost();

function senderFor(sink: Sink): Send {
  if (sink.kind === "bus") {
    return eventBusSend({ client: eventBridge, busName: config.eventBusName ?? "", tenant: config.tenant });
  }
  return webhookSend({ url: sink.url, post, secrets: secretsOf(table, sink.name, systemClock), clock: systemClock });
}

const sinks = (events?.sinks ?? []).map((sink) => {
  const queueUrl = config.sinkQueueUrls[sink.name] ?? "";
  const deadLetterUrl = config.sinkDeadLetterUrls[sink.name] ?? "";
  return [
    sink.name,
    { send: senderFor(sink), messages: sqsSinkMessages({ client: sqs, queueUrl, deadLetterUrl }) },
  ] as const;
});

export const handler = createDeliverHandler({
  table,
  clock: systemClock,
  chance: systemChance,
  sinks: Object.fromEntries(sinks),
  sinkOf: nameOfQueue(config.sinkQueueUrls),
  telemetry: lambdaTelemetry({ tenant: config.tenant, namespace: metricsNamespace }),
});
