/** The Table port on two DynamoDB tables, by the low-level commands. */
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { Item, Key, Page, QueryRange, Table, Waiting, Write } from "../provisioning/ports.ts";
import { readable } from "../provisioning/format.ts";
import { batchGet } from "./batch-get.ts";
import { marshalKey, textOf, unmarshalItem } from "./marshal.ts";
import { queryInput } from "./query-input.ts";
import { tableError } from "./table-error.ts";
import { listWaiting } from "./waiting.ts";
import { deleteInput, putInput, tableName, transactInput, updateInput, type TableNames } from "./write-input.ts";

/** `client` comes from clients.ts, which sends a single write no more than once. */
export function dynamoTable({ client, names }: { client: DynamoDBClient; names: TableNames }): Table {
  return {
    get: (key) => translating(() => get(client, names, key)),
    batchGet: (keys) => translating(() => batchGet(client, names, keys)),
    query: (range) => translating(() => query(client, names, range)),
    waiting: (key, options): Promise<readonly Waiting[]> =>
      translating(() => listWaiting(client, names.scim, { ...options, waitKey: key })),
    write: (write) => translating(() => send(client, names, write)),
    transact: (writes) =>
      translating(async () => {
        // The SDK adds the ClientRequestToken, the same one when it sends the request again.
        const TransactItems = writes.map((write) => transactInput(write, names));
        await client.send(new TransactWriteItemsCommand({ TransactItems }));
      }),
  };
}

async function translating<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw tableError(error);
  }
}

async function get(client: DynamoDBClient, names: TableNames, key: Key): Promise<Item | undefined> {
  const input = { TableName: tableName(names, key.table), Key: marshalKey(key), ConsistentRead: true };
  const { Item } = await client.send(new GetItemCommand(input));
  return Item === undefined ? undefined : readable(unmarshalItem(Item));
}

async function query(client: DynamoDBClient, names: TableNames, range: QueryRange): Promise<Page> {
  const input = queryInput(range, names);
  if (input === undefined) return { items: [] };
  const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(input));
  const items = Items.map((raw) => readable(unmarshalItem(raw)));
  return LastEvaluatedKey === undefined ? { items } : { items, next: textOf("sk", LastEvaluatedKey["sk"]) };
}

async function send(client: DynamoDBClient, names: TableNames, write: Write): Promise<void> {
  switch (write.kind) {
    case "put":
      await client.send(new PutItemCommand(putInput(write, names)));
      return;
    case "update":
      await client.send(new UpdateItemCommand(updateInput(write, names)));
      return;
    case "delete":
      await client.send(new DeleteItemCommand(deleteInput(write, names)));
  }
}
