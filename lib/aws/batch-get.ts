/** BatchGetItem for any number of keys: cut into requests, and asked again for what DynamoDB left over. */
import { setTimeout as sleep } from "node:timers/promises";
import { BatchGetItemCommand, type DynamoDBClient, type KeysAndAttributes } from "@aws-sdk/client-dynamodb";
import { TableError, type Item, type Key, type TableName } from "../provisioning/ports.ts";
import { readable } from "../provisioning/format.ts";
import { chunks, inParallel } from "../provisioning/in-parallel.ts";
import { marshalKey, unmarshalItem } from "./marshal.ts";
import { tableName, type TableNames } from "./write-input.ts";

/** The most that BatchGetItem takes; it answers at most 16 MB and leaves the rest unprocessed. */
const keysPerRequest = 100;
const requestsAtOnce = 4;
/** In a row, with nothing read in any of them: the table is throttled. 25 ms to 1.6 s of jitter is about 3 s in all. */
const emptyAnswersMax = 7;
const backoffMsFirst = 25;

type Requested = Record<string, KeysAndAttributes>;

/** Errors: TableError `throttled` when DynamoDB keeps leaving everything over; other errors as the client throws them. */
export async function batchGet(
  client: DynamoDBClient,
  names: TableNames,
  keys: readonly Key[],
): Promise<(Item | undefined)[]> {
  // DynamoDB refuses a key that is named twice.
  const distinct = [...new Map(keys.map((key) => [identity(key), key])).values()];
  const found = new Map<string, Item>();
  await inParallel(chunks(distinct, keysPerRequest), requestsAtOnce, (chunk) => readChunk(client, names, chunk, found));
  return keys.map((key) => found.get(identity(key)));
}

async function readChunk(
  client: DynamoDBClient,
  names: TableNames,
  keys: readonly Key[],
  found: Map<string, Item>,
): Promise<void> {
  let emptyAnswers = 0;
  let left: Requested = requestFor(keys, names);
  while (Object.keys(left).length > 0) {
    const output = await client.send(new BatchGetItemCommand({ RequestItems: left }));
    const before = found.size;
    for (const table of ["scim", "directory", "events"] as const) {
      for (const raw of output.Responses?.[names[table] ?? ""] ?? []) {
        const item = readable(unmarshalItem(raw));
        found.set(identity({ table, pk: item.pk, sk: item.sk }), item);
      }
    }
    left = output.UnprocessedKeys ?? {};
    if (Object.keys(left).length === 0) return;
    emptyAnswers = found.size > before ? 0 : emptyAnswers + 1;
    if (emptyAnswers === emptyAnswersMax) throw leftOver(left);
    await sleep(Math.random() * backoffMsFirst * 2 ** emptyAnswers);
  }
}

function requestFor(keys: readonly Key[], names: TableNames): Requested {
  const byTable = Map.groupBy(keys, (key) => tableName(names, key.table));
  return Object.fromEntries(
    [...byTable].map(([name, own]) => [name, { Keys: own.map((key) => marshalKey(key)), ConsistentRead: true }]),
  );
}

function leftOver(left: Requested): TableError {
  const count = Object.values(left).reduce((sum, { Keys }) => sum + (Keys?.length ?? 0), 0);
  return new TableError(
    "throttled",
    `DynamoDB: BatchGetItem left ${count} keys unread, ${emptyAnswersMax} times in a row`,
  );
}

function identity({ table, pk, sk }: { table: TableName; pk: string; sk: string }): string {
  return JSON.stringify([table, pk, sk]);
}
