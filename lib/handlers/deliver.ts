/**
 * The deliver function: a batch of pointers from one sink's queue. One event after the other within a subject, a few subjects
 * at once; an event that is not taken holds back those of its subject alone, which come again behind it.
 */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { deliver, type Delivery, type DeliveryOutcome } from "../events/delivery.ts";
import { lastAnswers } from "../events/last-answers.ts";
import type { SinkMessages, SinkPointer } from "../events/ports.ts";
import type { Send } from "../events/send.ts";
import { readSinkPointer } from "../events/sink-pointer.ts";
import { eachOf } from "../provisioning/in-parallel.ts";
import type { Chance, Clock, Table } from "../provisioning/ports.ts";
import { unreadableMessage } from "../provisioning/sync-error.ts";
import { errorForLog, type Telemetry } from "./telemetry.ts";
import { withoutValues } from "./without-values.ts";

export interface DeliverOptions {
  readonly table: Table;
  readonly clock: Clock;
  readonly chance: Chance;
  /** By the name of the sink. */
  readonly sinks: Readonly<Record<string, { readonly send: Send; readonly messages: SinkMessages }>>;
  /** Which sink's a queue is. Errors: any, for a queue that is none's: the batch then fails. */
  readonly sinkOf: (queueArn: string) => string;
  readonly telemetry: Telemetry;
}

const subjectsAtOnce = 5;
/** So long before its time-out the function begins no further event: one takes at most ten seconds, and its notes. */
const endMsBefore = 20_000;
/** After an error of ours, such as a table that is busy: so often that a day's trouble does not reach the queue's hundred receives. */
const againSeconds = (receiveCount: number): number => Math.min(30 * receiveCount, 900);

export type DeliverHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

export function createDeliverHandler(options: DeliverOptions): DeliverHandler {
  const { table, clock, chance, sinks, sinkOf, telemetry } = options;
  const noteLast = lastAnswers({ table, clock });
  return withoutValues(telemetry, "a batch failed; its messages come again", async (event, context) => {
    try {
      const name = sinkOf(event.Records[0]?.eventSourceARN ?? "");
      const sink = sinks[name];
      if (sink === undefined) throw new Error(`there is no sink ${name}`);
      const delivery: Delivery = {
        table,
        clock,
        chance,
        sink: name,
        ...sink,
        noteLast: async (answer) => await noteLast(name, answer),
        onUnnoted: (error) =>
          telemetry.logger.warn("what a sink answered is not noted", { name, ...errorForLog(error) }),
      };
      const isOver = () => context.getRemainingTimeInMillis() < endMsBefore;
      const failed: string[] = [];
      const subjects = Map.groupBy(event.Records, ({ attributes }) => attributes.MessageGroupId ?? "");
      await eachOf(subjects.values(), subjectsAtOnce, async (records) => {
        failed.push(...(await deliverInOrder(delivery, records, isOver, telemetry)));
      });
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      telemetry.flush();
    }
  });
}

/** Gives the ids of the messages that are to come again: the first that is not done with, and all behind it. */
async function deliverInOrder(
  d: Delivery,
  records: readonly SQSRecord[],
  isOver: () => boolean,
  telemetry: Telemetry,
): Promise<string[]> {
  for (const [place, record] of records.entries()) {
    const isBegun = !isOver();
    if (isBegun && (await isDone(d, record, telemetry))) continue;
    // Given back at once: while one of them is hidden the whole subject is, and the one in front says for how long.
    const rest = records.slice(isBegun ? place + 1 : place);
    for (const { receiptHandle } of rest) await postponed(d, receiptHandle, 0);
    return records.slice(place).map(({ messageId }) => messageId);
  }
  return [];
}

async function isDone(d: Delivery, record: SQSRecord, telemetry: Telemetry): Promise<boolean> {
  const { body, messageId, receiptHandle, attributes } = record;
  const { sink } = d;
  const { logger } = telemetry;
  const pointer = readSinkPointer(body);
  try {
    if (pointer === "newer") {
      logger.error("a message of a newer release, it comes again", { sink, messageId });
      return false;
    }
    if (pointer === undefined) {
      await d.messages.bury(body, unreadableMessage);
      logger.error("a message that is no pointer: moved to the dead-letter queue", { sink, messageId });
      return true;
    }
    const outcome = await deliver(d, {
      pointer,
      receipt: receiptHandle,
      sentAt: Number(attributes.SentTimestamp),
      receiveCount: Number(attributes.ApproximateReceiveCount),
    });
    tell(telemetry, sink, pointer, outcome);
    return outcome.kind !== "later";
  } catch (error) {
    const facts = { sink, messageId, ...(typeof pointer === "object" && pointer), ...errorForLog(error) };
    logger.error("not delivered, the message comes again", facts);
    await postponed(d, receiptHandle, againSeconds(Number(attributes.ApproximateReceiveCount)));
    return false;
  }
}

/** What cannot be postponed comes again after the queue's own time. */
async function postponed({ messages, onUnnoted }: Delivery, receipt: string, seconds: number): Promise<void> {
  await messages.postpone(receipt, seconds).catch(onUnnoted);
}

function tell({ logger, count }: Telemetry, sink: string, pointer: SinkPointer, outcome: DeliveryOutcome): void {
  const facts = { sink, ...pointer, ...outcome };
  switch (outcome.kind) {
    case "taken":
      count("Delivered");
      count("DeliveryLatencyMs", outcome.latencyMs);
      logger.info("delivered", facts);
      break;
    case "takenBefore":
      logger.info("delivered before", facts);
      break;
    case "later":
      logger.warn("not taken yet, tried again later", facts);
      break;
    case "parked":
      count("Undelivered");
      logger.error("parked: the sink did not take it", facts);
      break;
  }
}
