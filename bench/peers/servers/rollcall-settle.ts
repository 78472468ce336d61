/** What the event source mapping does on AWS, until a lane is empty; the worker function's own CPU is kept apart. */
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { WorkerHandler } from "../../../lib/handlers/worker.ts";
import { invocation } from "../../../lib/local/context.ts";
import { sqsEvent } from "../../../lib/local/sqs-event.ts";
import type { LaneName } from "../../../lib/provisioning/ports.ts";
import type { Settled } from "../control.ts";

interface Settling {
  readonly sqs: SQSClient;
  readonly name: LaneName;
  readonly queueUrl: string;
  readonly work: WorkerHandler;
}

export async function settleLane({ sqs, name, queueUrl, work }: Settling): Promise<Settled> {
  let [applied, cpuMs] = [0, 0];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return { applied, cpuMs };
    const queueName = queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
    const { Records } = sqsEvent(name, Messages.map(received));
    const event = {
      Records: Records.map((record) => ({ ...record, eventSourceARN: `arn:aws:sqs:local:0:${queueName}` })),
    };
    const before = process.cpuUsage();
    const { batchItemFailures } = await work(event, invocation("worker", 60));
    const { user, system } = process.cpuUsage(before);
    if (batchItemFailures.length > 0) throw new Error(`the worker could not apply ${batchItemFailures.length} changes`);
    cpuMs += (user + system) / 1000;
    applied += Messages.length;
    const Entries = Messages.map(({ ReceiptHandle }, place) => ({ Id: String(place), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

const received = ({ MessageId: id = "", Body: body = "", ReceiptHandle: receipt = "" }: Message) => ({
  id,
  body,
  receipt,
  receiveCount: 1,
  sentAt: Date.now(),
});
