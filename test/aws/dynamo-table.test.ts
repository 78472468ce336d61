import { describe, expect, test } from "vitest";
import { dynamoTable } from "../../lib/aws/dynamo-table.ts";
import type { Condition, QueryRange, Update } from "../../lib/provisioning/ports.ts";
import { ok, scriptedDynamo, type Script } from "./scripted-clients.ts";

const names = { scim: "Scim", directory: "Directory" };
const key = { table: "scim", pk: "User#0", sk: "1" } as const;
const Key = { pk: { S: "User#0" }, sk: { S: "1" } };

function scripted(script: Script = [ok()]) {
  const { client, requests } = scriptedDynamo(script);
  return { table: dynamoTable({ client, names }), requests };
}

describe("values", () => {
  test("are written as DynamoDB's types, and read back", async () => {
    const attributes = { text: "", number: -1, flag: false, list: ["b", "a"], none: [] };
    const Item = {
      ...Key,
      text: { S: "" },
      number: { N: "-1" },
      flag: { BOOL: false },
      list: { L: [{ S: "b" }, { S: "a" }] },
      none: { L: [] },
    };
    const { table, requests } = scripted([ok(), ok({ Item })]);
    await table.write({ kind: "put", key, attributes });
    expect(requests[0]).toEqual({ operation: "PutItem", body: { TableName: "Scim", Item } });
    expect(await table.get(key)).toEqual({ pk: "User#0", sk: "1", attributes });
  });

  test.each([
    ["a map", { M: { secret: { S: "x" } } }],
    ["a null", { NULL: true }],
    ["a list of numbers", { L: [{ N: "1" }] }],
  ])("of a type that Rollcall never writes are an error that names the attribute: %s", async (_, odd) => {
    const { table } = scripted([ok({ Item: { ...Key, odd } })]);
    await expect(table.get(key)).rejects.toThrow(/^attribute "odd" of an item in DynamoDB: found the type [A-Z]+, /);
  });
});

describe("conditions", () => {
  test.each<[Condition[], object]>([
    [[{ is: "absent" }], { ConditionExpression: "attribute_not_exists(#0)", ExpressionAttributeNames: { "#0": "pk" } }],
    [[{ is: "present" }], { ConditionExpression: "attribute_exists(#0)", ExpressionAttributeNames: { "#0": "pk" } }],
    [
      [{ is: "missing", attribute: "state" }],
      { ConditionExpression: "attribute_not_exists(#0)", ExpressionAttributeNames: { "#0": "state" } },
    ],
    [
      [
        { is: "equal", attribute: "version", value: 3 },
        { is: "below", attribute: "version", value: 4 },
      ],
      {
        ConditionExpression: "#0 = :0 AND #0 < :1",
        ExpressionAttributeNames: { "#0": "version" },
        ExpressionAttributeValues: { ":0": { N: "3" }, ":1": { N: "4" } },
      },
    ],
    [[], {}],
  ])("%j", async (conditions, expected) => {
    const { table, requests } = scripted();
    await table.write({ kind: "delete", key, if: conditions });
    expect(requests).toEqual([{ operation: "DeleteItem", body: { TableName: "Scim", Key, ...expected } }]);
  });
});

describe("updates", () => {
  test.each<[Omit<Update, "kind" | "key">, object]>([
    [
      { set: { state: "active" }, setIfMissing: { waitAt: 5 }, remove: ["reason"], add: { count: -1 } },
      {
        UpdateExpression: "SET #0 = :0, #1 = if_not_exists(#1, :1) REMOVE #2 ADD #3 :2",
        ExpressionAttributeNames: { "#0": "state", "#1": "waitAt", "#2": "reason", "#3": "count" },
        ExpressionAttributeValues: { ":0": { S: "active" }, ":1": { N: "5" }, ":2": { N: "-1" } },
      },
    ],
    [
      { set: { version: 2 }, if: [{ is: "equal", attribute: "version", value: 1 }] },
      {
        ConditionExpression: "#0 = :0",
        UpdateExpression: "SET #0 = :1",
        ExpressionAttributeNames: { "#0": "version" },
        ExpressionAttributeValues: { ":0": { N: "1" }, ":1": { N: "2" } },
      },
    ],
  ])("%j", async (update, expected) => {
    const { table, requests } = scripted();
    await table.write({ ...update, kind: "update", key });
    expect(requests).toEqual([{ operation: "UpdateItem", body: { TableName: "Scim", Key, ...expected } }]);
  });
});

describe("transactions", () => {
  test("name the table of each item", async () => {
    const { table, requests } = scripted();
    const entry = { table: "directory", pk: "User#1", sk: "Entry" } as const;
    await table.transact([
      { kind: "put", key: entry, attributes: { v: 1 } },
      { kind: "check", key, if: [{ is: "present" }] },
      { kind: "delete", key: { ...key, sk: "2" } },
    ]);
    expect(requests[0]?.body.TransactItems).toEqual([
      { Put: { TableName: "Directory", Item: { pk: { S: "User#1" }, sk: { S: "Entry" }, v: { N: "1" } } } },
      {
        ConditionCheck: {
          TableName: "Scim",
          Key,
          ConditionExpression: "attribute_exists(#0)",
          ExpressionAttributeNames: { "#0": "pk" },
        },
      },
      { Delete: { TableName: "Scim", Key: { ...Key, sk: { S: "2" } } } },
    ]);
  });
});

describe("queries", () => {
  test("read consistently, and give the sort key to go on after", async () => {
    const LastEvaluatedKey = Key;
    const { table, requests } = scripted([ok({ Items: [Key], LastEvaluatedKey })]);
    const page = await table.query({ table: "scim", pk: "User#0", from: "1", descending: true, limit: 1 });
    expect(page).toEqual({ items: [{ pk: "User#0", sk: "1", attributes: {} }], next: "1" });
    expect(requests[0]?.body).toMatchObject({ ConsistentRead: true, ScanIndexForward: false, Limit: 1 });
  });

  // DynamoDB answers such requests with a ValidationException.
  test.each<[string, Partial<QueryRange>]>([
    ["bounds the wrong way round", { from: "b", to: "a" }],
    ["a start behind the end", { to: "b", after: "c" }],
    ["a start behind the end, descending", { from: "b", after: "a", descending: true }],
    ["bounds the wrong way round in UTF-8 alone", { from: "😀", to: "～" }],
  ])("are not sent when nothing can be found: %s", async (_, range) => {
    const { table, requests } = scripted();
    expect(await table.query({ ...range, table: "scim", pk: "User#0" })).toEqual({ items: [] });
    expect(requests).toEqual([]);
  });

  test.each<[string, Partial<QueryRange>]>([
    ["ascending", { from: "b", after: "a" }],
    ["descending", { to: "b", after: "c", descending: true }],
  ])("begin at the bound when they start before it, %s", async (_, range) => {
    const { table, requests } = scripted();
    await table.query({ ...range, table: "scim", pk: "User#0" });
    expect(requests[0]?.body).not.toHaveProperty("ExclusiveStartKey");
  });
});

describe("the list of what waits", () => {
  test("is read page by page up to the limit", async () => {
    const row = (waitAt: number) => ({ ...Key, waitAt: { N: String(waitAt) }, pendingSince: { N: "1" } });
    const LastEvaluatedKey = { ...row(1), waitKey: { S: "due#0" } };
    const { table, requests } = scripted([ok({ Items: [row(1)], LastEvaluatedKey }), ok({ Items: [row(2)] })]);
    const rows = await table.waiting("due#0", { before: 9, limit: 3 });
    expect(rows.map(({ waitAt }) => waitAt)).toEqual([1, 2]);
    expect(requests.map(({ body }) => [body.IndexName, body.Limit])).toEqual([
      ["waiting", 3],
      ["waiting", 2],
    ]);
    expect(requests[1]?.body.ExclusiveStartKey).toEqual(LastEvaluatedKey);
  });
});
