/**
 * The publisher function: what the stream of the Directory table brings goes into the feed and to the sinks' queues; each hour
 * it looks for what the stream has lost. A batch that fails comes again.
 */
import type { AttributeValue, Context, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { catchUp } from "../events/catch-up.ts";
import type { DirectoryChange } from "../events/ports.ts";
import { publish, type Publisher, type StreamRecord, type Unpublished } from "../events/publish.ts";
import { type QueueErrors, queueUp, UnfinishedError } from "../events/queue-up.ts";
import type { Attributes } from "../provisioning/ports.ts";
import { errorForLog, type Telemetry } from "./telemetry.ts";
import { withoutValues } from "./without-values.ts";

export type PublisherEvent = DynamoDBStreamEvent | { readonly catchUp: true };

export interface PublisherOptions {
  readonly publisher: Publisher;
  readonly telemetry: Telemetry;
  /** An item of the stream, key included. Errors: any, for one that is not as we write it. */
  readonly unmarshal: (image: Record<string, AttributeValue>) => Attributes;
}

export type PublisherHandler = (event: PublisherEvent, context: Context) => Promise<void>;

/** A batch of a transaction, and what it waits for others. */
const endMs = 20_000;
/** A queue that does not take pointers fails the batch, so that Lambda tries again soon; for longer it would hold up the feed. */
const queuePatienceMs = 300_000;

export function createPublisherHandler({ publisher, telemetry, unmarshal }: PublisherOptions): PublisherHandler {
  const { clock } = publisher;
  return withoutValues(telemetry, "not published; it comes again", async (event, context) => {
    try {
      const deadline = clock.now() + context.getRemainingTimeInMillis() - endMs;
      if ("catchUp" in event) {
        await hourly(publisher, telemetry, deadline);
        return;
      }
      const records = event.Records.map((record) => streamRecord(record, unmarshal));
      const { events, latenciesMs, unpublished, queueErrors } = await publish(publisher, records, deadline);
      if (events > 0) telemetry.count("Published", events);
      for (const ms of latenciesMs) telemetry.count("PublishLatencyMs", ms);
      tellUnpublished(telemetry, unpublished);
      if (events > 0) telemetry.logger.info("published", { events });
      const youngest = Math.max(...event.Records.map(createdAt));
      tellQueues(telemetry, queueErrors, { fails: clock.now() - youngest < queuePatienceMs });
    } finally {
      telemetry.flush();
    }
  });
}

async function hourly(publisher: Publisher, telemetry: Telemetry, deadline: number): Promise<void> {
  const now = publisher.clock.now();
  // What it tells is to be sent to the queues as well.
  const report = await catchUp(publisher, { deadline: now + (deadline - now) / 2 });
  if (report.events > 0) telemetry.count("Published", report.events);
  const isOnItsWay = report.events > 0 || report.seen > 0;
  const stuck = report.left + (isOnItsWay ? 0 : report.unfinished);
  if (stuck > 0) telemetry.count("Unpublished", stuck);
  // A first walk over an empty directory is no news.
  const level = stuck > 0 || (report.walk !== "none" && report.events > 0) ? "warn" : "info";
  telemetry.logger[level]("caught up", { ...report });
  const errors = await queueUp(publisher, publisher.queues, deadline);
  const [onTheirWay, others] = [new Map<string, unknown>(), new Map<string, unknown>()];
  for (const [sink, error] of errors)
    (error instanceof UnfinishedError && error.isBegun ? onTheirWay : others).set(sink, error);
  if (onTheirWay.size > 0)
    telemetry.logger.warn("a sink's queue has more to get: the next hour goes on", { sinks: [...onTheirWay.keys()] });
  tellQueues(telemetry, others, { fails: true });
}

function tellUnpublished({ count, logger }: Telemetry, unpublished: readonly Unpublished[]): void {
  for (const { subject, error } of unpublished) {
    count("Unpublished");
    logger.error("a change that cannot be made into an event: left for catch-up", { subject, ...errorForLog(error) });
  }
}

/** Errors: the first of them, when it `fails`. */
function tellQueues({ logger }: Telemetry, errors: QueueErrors, { fails }: { fails: boolean }): void {
  for (const [sink, error] of errors)
    logger.error("a sink's queue did not take everything: the rest goes with the next events", {
      sink,
      ...errorForLog(error),
    });
  const [first] = errors.values();
  if (first !== undefined && fails) throw first;
}

function streamRecord({ dynamodb = {} }: DynamoDBRecord, unmarshal: PublisherOptions["unmarshal"]): StreamRecord {
  const { Keys = {}, OldImage, NewImage } = dynamodb;
  const [pk, sk] = [Keys["pk"]?.S ?? "", Keys["sk"]?.S ?? ""];
  const read = (): DirectoryChange => ({
    pk,
    sk,
    ...(OldImage && { before: unmarshal(OldImage) }),
    ...(NewImage && { after: unmarshal(NewImage) }),
  });
  return { pk, sk, read };
}

/** Milliseconds since 1970. */
function createdAt({ dynamodb }: DynamoDBRecord): number {
  return (dynamodb?.ApproximateCreationDateTime ?? 0) * 1000;
}
