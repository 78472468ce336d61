/** The application's side: what makes events of the Directory table's stream, what sends them, and who may read the feed. */
import { Duration, Stack } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import { StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import { Construct } from "constructs";
import { type CommonProps, lambdaFunction } from "./lambda-function.ts";
import { deliverRights, type EventStores, feedRights, publisherRights } from "./rights.ts";
import { schedulerRole } from "./scheduler-role.ts";
import { SinkQueue } from "./sink-queue.ts";

/** What the tenant file says about events. */
export interface EventSettings {
  readonly bus: boolean;
  /** By name. */
  readonly webhooks: Readonly<Record<string, unknown>>;
}

export interface EventsProps extends CommonProps {
  readonly settings: EventSettings;
  readonly tables: Pick<EventStores, "scim" | "directory" | "events">;
  /** Of the directory. */
  readonly streamArn: string;
}

/** Below the five minutes for which a queue knows what it was sent: what a run that was cut off sent, the next one sends in time. */
const publisherTimeout = Duration.seconds(240);
const deliverTimeout = Duration.seconds(120);

/** Batches of one sink at once, so that one that hangs leaves the account's concurrency to others. */
const deliveriesAtOnce = 5;

export class Events extends Construct {
  readonly publisher: NodejsFunction;
  readonly deliver: NodejsFunction;
  readonly feed: NodejsFunction;
  /** By the name of the sink. */
  readonly sinks: Readonly<Record<string, SinkQueue>>;
  readonly bus?: EventBus;

  constructor(scope: Construct, id: string, { settings, tables, streamArn, ...common }: EventsProps) {
    super(scope, id);
    const names = [...(settings.bus ? ["bus"] : []), ...Object.keys(settings.webhooks)];
    this.sinks = Object.fromEntries(
      names.map((name) => [name, new SinkQueue(this, `Sink-${name}`, { deliverTimeout })]),
    );
    // Named, so that an application's rules find it: a bus holds nothing that a new stack could stand in the way of.
    if (settings.bus) this.bus = new EventBus(this, "Bus", { eventBusName: Stack.of(this).stackName });
    const stores = { ...tables, sinks: Object.values(this.sinks) };
    const table = { EVENTS_TABLE: tables.events.tableName };
    const queueUrls = { SINK_QUEUE_URLS: this.urls("queue") };

    this.publisher = lambdaFunction(this, "Publisher", common, {
      entry: "publisher",
      description: "Rollcall: makes events of what changes in the directory",
      memorySize: 1024,
      timeout: publisherTimeout,
      rights: publisherRights(stores, streamArn),
      environment: { ...table, ...queueUrls },
      // The next hour is the retry.
      retryAttempts: 0,
    });
    // Without an end of retries: what cannot be told is noted by the function, and nothing is passed over.
    this.publisher.addEventSourceMapping("Stream", {
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      parallelizationFactor: 1,
    });
    new Schedule(this, "EveryHour", {
      schedule: ScheduleExpression.rate(Duration.hours(1)),
      description: "Rollcall: what the stream has lost is told from the table",
      target: new LambdaInvoke(this.publisher, {
        input: ScheduleTargetInput.fromObject({ catchUp: true }),
        retryAttempts: 0,
        maxEventAge: Duration.hours(1),
        role: schedulerRole(this, this.publisher.functionArn).withoutPolicyUpdates(),
      }),
    });

    this.deliver = lambdaFunction(this, "Deliver", common, {
      entry: "deliver",
      description: "Rollcall: sends events to the bus and to webhooks",
      memorySize: 512,
      timeout: deliverTimeout,
      rights: deliverRights(stores, this.bus),
      environment: {
        ...table,
        ...queueUrls,
        SINK_DEAD_LETTER_URLS: this.urls("deadLetters"),
        ...(this.bus !== undefined && { EVENT_BUS_NAME: this.bus.eventBusName }),
      },
    });
    for (const [name, { queue }] of Object.entries(this.sinks)) {
      this.deliver.addEventSourceMapping(name, {
        eventSourceArn: queue.queueArn,
        batchSize: 10,
        maxConcurrency: deliveriesAtOnce,
        reportBatchItemFailures: true,
      });
    }

    this.feed = lambdaFunction(this, "Feed", common, {
      entry: "feed",
      description: "Rollcall: answers whoever reads the feed of events",
      // It waits more than it computes.
      memorySize: 256,
      // The gateway gives up after 30 s.
      timeout: Duration.seconds(28),
      rights: feedRights(stores),
      environment: table,
    });
  }

  /** JSON: the URL of each sink's queue, by the sink's name. */
  urls(which: "queue" | "deadLetters"): string {
    const urls = Object.entries(this.sinks).map(([name, sink]) => [name, sink[which].queueUrl]);
    return Stack.of(this).toJsonString(Object.fromEntries(urls));
  }
}
