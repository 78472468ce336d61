/** The sinks of a deployed stack. One that the tenant file has and the stack does not is not deployed yet, and is not there. */
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { eventBusSend } from "../aws/event-bus.ts";
import { sqsDeadLetters } from "../aws/sqs-dead-letters.ts";
import { sqsSinkQueue } from "../aws/sqs-sink-queue.ts";
import { secretsOf } from "../events/secrets.ts";
import type { Send } from "../events/send.ts";
import { webhookSend } from "../events/webhook.ts";
import type { EventOperations } from "../ops/operations.ts";
import { publicPost } from "../outbound/public-post.ts";
import type { Table } from "../provisioning/ports.ts";
import type { Sink, Tenant } from "../provisioning/tenant.ts";
import type { StackOutputs } from "../stack-outputs.ts";
import { systemClock } from "../system.ts";

export interface DeployedEventsOptions {
  readonly tenant: Tenant;
  readonly outputs: Pick<StackOutputs, "SinkQueueUrls" | "SinkDeadLetterUrls" | "EventBusName">;
  readonly table: Table;
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
}

export function deployedEvents({ tenant, outputs, table, sqs, eventBridge }: DeployedEventsOptions): EventOperations {
  const urls = (json = "{}") => new Map(Object.entries(JSON.parse(json) as Record<string, string>));
  const [queues, deadLetters] = [urls(outputs.SinkQueueUrls), urls(outputs.SinkDeadLetterUrls)];
  const post = publicPost();
  const senderFor = (sink: Sink): Send => {
    if (sink.kind === "bus") {
      return eventBusSend({ client: eventBridge, busName: outputs.EventBusName ?? "", tenant: tenant.name });
    }
    return webhookSend({ url: sink.url, post, secrets: secretsOf(table, sink.name, systemClock), clock: systemClock });
  };
  const sinks = (tenant.events?.sinks ?? []).filter(({ name }) => queues.has(name));
  const each = <T>(make: (sink: Sink) => T): Record<string, T> =>
    Object.fromEntries(sinks.map((sink) => [sink.name, make(sink)]));
  return {
    queues: each(({ name }) => sqsSinkQueue({ client: sqs, queueUrl: queues.get(name) ?? "" })),
    deadLetters: each(({ name }) => sqsDeadLetters({ client: sqs, queueUrl: deadLetters.get(name) ?? "" })),
    senders: each(senderFor),
  };
}
