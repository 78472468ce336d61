/**
 * What each function may do, by hand: nothing is granted by a construct, so that this page is the whole truth.
 * A transaction needs the rights of the writes in it; there is no IAM action `dynamodb:TransactWriteItems`.
 */
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { EventBus } from "aws-cdk-lib/aws-events";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Lane } from "./lane.ts";
import type { SinkQueue } from "./sink-queue.ts";
import { type TenantTable, waitingIndex } from "./tables.ts";

export interface Stores {
  readonly scim: TenantTable;
  readonly directory: TenantTable;
  readonly lanes: readonly Lane[];
}

export interface EventStores {
  readonly scim: TenantTable;
  readonly directory: TenantTable;
  readonly events: TenantTable;
  readonly sinks: readonly SinkQueue[];
}

const read = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"];
const write = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"];
/** Within a transaction, on an item that is not written in it. */
const check = "dynamodb:ConditionCheckItem";
/** Entries are put whole, members and lookups come and go. */
const replace = ["dynamodb:PutItem", "dynamodb:DeleteItem"];
const readStream = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map((one) => `dynamodb:${one}`);
const consume = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"];

/** Accepts and reads: writes what the identity provider said, reads members, and never writes the directory. */
export function apiRights({ scim, directory, lanes }: Stores): PolicyStatement[] {
  return [
    allow([...read, ...write], scim.tableArn),
    allow(read, directory.tableArn),
    allow(["sqs:SendMessage"], ...queues(lanes)),
  ];
}

/** Applies: the only writer of the directory. It stamps heads and accepts the removals that a deletion causes. */
export function workerRights({ scim, directory, lanes }: Stores): PolicyStatement[] {
  const deadLetters = lanes.map((lane) => lane.deadLetters);
  return [
    allow([...read, ...write, check], scim.tableArn),
    allow([...read, ...replace], directory.tableArn),
    allow(consume, ...queues(lanes)),
    allow(["sqs:SendMessage"], ...queues(lanes), ...arns(deadLetters)),
  ];
}

/** Sends again what waits, as far as the lanes have room: reads the sparse index, and notes on the head that it was sent. */
export function sweeperRights({ scim, lanes }: Stores): PolicyStatement[] {
  return [
    allow(["dynamodb:Query"], `${scim.tableArn}/index/${waitingIndex}`),
    allow(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"], scim.tableArn),
    allow(["sqs:SendMessage", "sqs:GetQueueAttributes"], ...queues(lanes)),
  ];
}

/** The tenant's application: it reads entries, members and lookups by key, and may list everybody. */
export function readerRights(directory: TenantTable): PolicyStatement[] {
  return [allow([...read, "dynamodb:Scan"], directory.tableArn)];
}

/** What starts a function by the clock: that one alone, and no version or alias of it. */
export function schedulerRights(functionArn: string): PolicyStatement {
  return allow(["lambda:InvokeFunction"], functionArn);
}

/** `logGroupArn` ends in `:*`, which is every stream of this one group. */
export function logRights(logGroupArn: string): PolicyStatement {
  return allow(["logs:CreateLogStream", "logs:PutLogEvents"], logGroupArn);
}

/**
 * Makes events: reads the stream, and where it has lost something both tables; writes the feed and what was told, and sends
 * pointers to the sinks. It cannot write what it tells of.
 */
export function publisherRights({ scim, directory, events, sinks }: EventStores, streamArn: string): PolicyStatement[] {
  return [
    allow(readStream, streamArn),
    allow(read, scim.tableArn, directory.tableArn),
    // The index also has each change by time: whether one was lost shows there.
    allow(["dynamodb:Query"], `${scim.tableArn}/index/${waitingIndex}`),
    allow([...read, ...write], events.tableArn),
    ...(sinks.length === 0 ? [] : [allow(["sqs:SendMessage"], ...queues(sinks))]),
  ];
}

/** Sends events: reads the feed, and notes what a sink answered. It reads nothing of the directory itself. */
export function deliverRights({ events, sinks }: EventStores, bus: EventBus | undefined): PolicyStatement[] {
  return [
    allow(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"], events.tableArn),
    ...(sinks.length === 0 ? [] : [allow(consume, ...queues(sinks))]),
    ...(sinks.length === 0 ? [] : [allow(["sqs:SendMessage"], ...arns(sinks.map(({ deadLetters }) => deadLetters)))]),
    ...(bus === undefined ? [] : [allow(["events:PutEvents"], bus.eventBusArn)]),
  ];
}

/** Answers whoever reads the feed: looks at the token, and writes nothing. */
export function feedRights({ scim, events }: EventStores): PolicyStatement[] {
  return [allow(["dynamodb:GetItem"], scim.tableArn), allow(["dynamodb:GetItem", "dynamodb:Query"], events.tableArn)];
}

/** Gives tokens: reads clients by id and cannot list them; notes tokens, wrong secrets and assertions that were used. */
export function oauthRights(scim: TenantTable): PolicyStatement[] {
  return [allow(["dynamodb:GetItem", "dynamodb:BatchGetItem", ...write], scim.tableArn)];
}

function queues(lanes: readonly (Lane | SinkQueue)[]): string[] {
  return arns(lanes.map((lane) => lane.queue));
}

function arns(queues: readonly Queue[]): string[] {
  return queues.map((queue) => queue.queueArn);
}

function allow(actions: readonly string[], ...resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources });
}
