/** The Directory table as it is read: consistently, page by page, a hundred entries at a time. */
import { BatchGetItemCommand, GetItemCommand, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { entryPartition, isPossibleId } from "../provisioning/keys.ts";
import { DirectoryError } from "./error.ts";
import type { Item } from "./read-entry.ts";
import type { DirectoryTable } from "./types.ts";

const batchMost = 100;
const batchAttemptsMost = 8;
const firstPauseMs = 50;

export async function getItem(
  { client, tableName }: DirectoryTable,
  type: string,
  id: string,
): Promise<Item | undefined> {
  if (!isPossibleId(id)) return undefined;
  const input = { TableName: tableName, Key: entryKeyOf(type, id), ConsistentRead: true };
  return (await client.send(new GetItemCommand(input))).Item;
}

/** Those that are there, in the order of the ids. Errors: DirectoryError `throttled`. */
export async function getItems(table: DirectoryTable, type: string, ids: readonly string[]): Promise<Item[]> {
  const found = new Map<string, Item>();
  for (let at = 0; at < ids.length; at += batchMost) {
    for (const item of await getBatch(table, type, ids.slice(at, at + batchMost))) found.set(item["pk"]?.S ?? "", item);
  }
  return ids.flatMap((id) => {
    const item = found.get(entryPartition(type, id));
    return item === undefined ? [] : [item];
  });
}

/** A large answer comes in parts, and so does one that DynamoDB cannot give at once. */
async function getBatch({ client, tableName }: DirectoryTable, type: string, ids: readonly string[]): Promise<Item[]> {
  const items: Item[] = [];
  let keys: Item[] = ids.map((id) => entryKeyOf(type, id));
  for (let attempt = 0; keys.length > 0; attempt += 1) {
    if (attempt === batchAttemptsMost) {
      const told = `DynamoDB left ${keys.length} entries unanswered ${attempt} times: the table is throttled.`;
      throw new DirectoryError("throttled", told);
    }
    if (attempt > 0) await pause(firstPauseMs * 2 ** (attempt - 1));
    const RequestItems = { [tableName]: { Keys: keys, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems }));
    items.push(...(Responses?.[tableName] ?? []));
    keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return items;
}

/** All items of a partition whose sort key begins so, ascending. */
export async function* queryItems(
  { client, tableName }: DirectoryTable,
  pk: string,
  prefix = "",
): AsyncGenerator<Item, void, undefined> {
  const condition =
    prefix === ""
      ? { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": { S: pk } } }
      : {
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
          ExpressionAttributeValues: { ":pk": { S: pk }, ":prefix": { S: prefix } },
        };
  for (let start: Item | undefined, more = true; more; more = start !== undefined) {
    const input = {
      TableName: tableName,
      ConsistentRead: true,
      ...condition,
      ...(start && { ExclusiveStartKey: start }),
    };
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(input));
    yield* Items;
    start = LastEvaluatedKey;
  }
}

/** All entries of a type: it reads the whole table, and costs as much. */
export async function* scanEntries(
  { client, tableName }: DirectoryTable,
  type: string,
): AsyncGenerator<Item, void, undefined> {
  const filter = {
    FilterExpression: "sk = :entry AND begins_with(pk, :type)",
    ExpressionAttributeValues: { ":entry": { S: "Entry" }, ":type": { S: entryPartition(type, "") } },
  };
  for (let start: Item | undefined, more = true; more; more = start !== undefined) {
    const input = { TableName: tableName, ConsistentRead: true, ...filter, ...(start && { ExclusiveStartKey: start }) };
    const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand(input));
    yield* Items;
    start = LastEvaluatedKey;
  }
}

function entryKeyOf(type: string, id: string): Item {
  return { pk: { S: entryPartition(type, id) }, sk: { S: "Entry" } };
}

async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => void setTimeout(resolve, ms));
}
