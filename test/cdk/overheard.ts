/** Calls of our adapters as they would go over the wire, noted in the words of IAM, while the embedded store gives the answers. */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { dynamoTable } from "../../lib/aws/dynamo-table.ts";
import { eventBusSend } from "../../lib/aws/event-bus.ts";
import { sqsLane } from "../../lib/aws/sqs-lane.ts";
import { sqsSinkMessages, sqsSinkQueue } from "../../lib/aws/sqs-sink-queue.ts";
import type { SinkMessages, SinkQueue } from "../../lib/events/ports.ts";
import type { Send } from "../../lib/events/send.ts";
import { sqliteSinkMessages, type SqliteSinkOptions, sqliteSinkQueue } from "../../lib/local/sqlite-sink-queue.ts";
import type { Lane, LaneName, Lanes, Table } from "../../lib/provisioning/ports.ts";
import { ok, type Request, scriptedDynamo, scriptedSqs } from "../aws/scripted-clients.ts";

/** Each call is also sent over a wire on which nobody answers but with nothing. */
export function overheardTable(table: Table, calls: Set<string>): Table {
  const { client, requests } = scriptedDynamo([ok()]);
  const names = { scim: "Scim table", directory: "Directory table", events: "Events table" };
  const wire = dynamoTable({ client, names });
  const heard = async (send: () => Promise<unknown>): Promise<void> => {
    const before = requests.length;
    await send();
    for (const request of requests.slice(before)) for (const call of rightsFor(request)) calls.add(call);
  };
  return {
    get: async (key) => (await heard(() => wire.get(key)), await table.get(key)),
    batchGet: async (keys) => (await heard(() => wire.batchGet(keys)), await table.batchGet(keys)),
    query: async (range) => (await heard(() => wire.query(range)), await table.query(range)),
    waiting: async (key, options) => (await heard(() => wire.waiting(key, options)), await table.waiting(key, options)),
    write: async (write) => (await heard(() => wire.write(write)), await table.write(write)),
    transact: async (writes) => (await heard(() => wire.transact(writes)), await table.transact(writes)),
  };
}

/** A transaction needs the rights of what is in it; there is no action for the transaction. */
function rightsFor({ operation, body }: Request): string[] {
  if (operation === "TransactWriteItems") {
    return body.TransactItems.flatMap((one: object) =>
      Object.entries(one).map(([kind, { TableName }]) => `dynamodb:${inTransaction[kind] ?? kind} ${TableName}`),
    );
  }
  if (operation === "BatchGetItem")
    return Object.keys(body.RequestItems).map((name) => `dynamodb:${operation} ${name}`);
  const index = body.IndexName === undefined ? "" : `/index/${body.IndexName}`;
  return [`dynamodb:${operation} ${body.TableName}${index}`];
}

const inTransaction: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

export function overheardLanes(laneOf: (name: LaneName) => Lane, calls: Set<string>): Lanes {
  const overheard = (name: LaneName, title: string): Lane => {
    const lane = laneOf(name);
    const { client, requests } = scriptedSqs([ok()]);
    const wire = sqsLane({ client, queueUrl: urlOf(`${title} queue`), deadLetterUrl: urlOf(`${title} dead letters`) });
    const heard = async (send: () => Promise<unknown>): Promise<void> => {
      const before = requests.length;
      await send();
      for (const { operation, body } of requests.slice(before)) calls.add(sqsRight(operation, body.QueueUrl));
    };
    return {
      send: async (pointer, options) => (
        await heard(() => wire.send(pointer, options)),
        await lane.send(pointer, options)
      ),
      sendAll: async (pointers) => (await heard(() => wire.sendAll(pointers)), await lane.sendAll(pointers)),
      bury: async (message, reason) => (
        await heard(() => wire.bury(message, reason)),
        await lane.bury(message, reason)
      ),
      depth: async () => (await heard(() => wire.depth()), await lane.depth()),
    };
  };
  return { leavers: overheard("leavers", "Leavers"), changes: overheard("changes", "Changes") };
}

export interface OverheardSink {
  readonly queue: SinkQueue;
  readonly messages: SinkMessages;
}

export function overheardSink(options: SqliteSinkOptions, calls: Set<string>): OverheardSink {
  const { client, requests } = scriptedSqs([ok()]);
  const [queueUrl, deadLetterUrl] = [urlOf(`${options.sink} queue`), urlOf(`${options.sink} dead letters`)];
  const [wireQueue, queue] = [sqsSinkQueue({ client, queueUrl }), sqliteSinkQueue(options)];
  const [wire, messages] = [sqsSinkMessages({ client, queueUrl, deadLetterUrl }), sqliteSinkMessages(options)];
  const heard = async (send: () => Promise<unknown>): Promise<void> => {
    const before = requests.length;
    await send();
    for (const { operation, body } of requests.slice(before)) calls.add(sqsRight(operation, body.QueueUrl));
  };
  return {
    queue: {
      sendAll: async (...given) => (await heard(() => wireQueue.sendAll(...given)), await queue.sendAll(...given)),
      depth: async () => (await heard(() => wireQueue.depth()), await queue.depth()),
    },
    messages: {
      postpone: async (...given) => (await heard(() => wire.postpone(...given)), await messages.postpone(...given)),
      bury: async (...given) => (await heard(() => wire.bury(...given)), await messages.bury(...given)),
    },
  };
}

/** It takes nothing. */
export function overheardBus(calls: Set<string>): Send {
  const client = new EventBridgeClient({ region: "eu-central-1" });
  client.send = async () => {
    calls.add("events:PutEvents Event bus");
    return { FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure" }] };
  };
  return eventBusSend({ client, busName: "rollcall-acme", tenant: "acme" });
}

/** A batch needs the right to send its messages. */
function sqsRight(operation: string, queueUrl: string): string {
  return `sqs:${operation === "SendMessageBatch" ? "SendMessage" : operation} ${nameOf(queueUrl)}`;
}

const urlOf = (name: string): string => `https://sqs.eu-central-1.amazonaws.com/${encodeURIComponent(name)}`;
const nameOf = (url: string): string => decodeURIComponent(url.split("/").at(-1) ?? "");
