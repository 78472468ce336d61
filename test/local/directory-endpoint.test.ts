/** An application on the directory of `npm start`, with the SDK's own client. */
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { directory } from "../../lib/directory/index.ts";
import { eventually, idOf, startServer, type TestServer, user } from "./served.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => await server.close());

const TableName = "whatever it is called";

function client(accessKeyId = server.token): DynamoDBClient {
  const endpoint = server.baseUrl.replace("/scim/v2", "/dynamodb");
  return new DynamoDBClient({
    endpoint,
    region: "local",
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey: "any" },
  });
}

describe("the embedded directory (npm start) as a DynamoDB table", () => {
  test("is read by an application as the deployed one is", async () => {
    const id = idOf(await server.ask("POST", "/Users", user("ada@example.com")));
    const read = directory({ client: client(), tableName: TableName });
    await eventually(async () => (await read.getUser(id)) !== undefined);
    expect(await read.findUser({ login: "ADA@example.com" })).toMatchObject({ id, state: "active" });
  });

  test("lets nobody in who has no token of the server", async () => {
    const read = directory({ client: client("AKIAIOSFODNN7EXAMPLE"), tableName: TableName });
    await expect(read.getUser("5b6f0c4e-1111-4222-8333-944444444444")).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      message: expect.stringContaining("the access key is to be a token of this server"),
    });
  });

  test("is not written", async () => {
    const Item = { pk: { S: "User#1" }, sk: { S: "Entry" } };
    await expect(client().send(new PutItemCommand({ TableName, Item }))).rejects.toThrow(/PutItem is not offered here/);
    const { Item: found } = await client().send(new GetItemCommand({ TableName, Key: Item }));
    expect(found).toBeUndefined();
  });

  test("says which expressions it understands", async () => {
    const asked = new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :pk AND sk > :sk",
      ExpressionAttributeValues: { ":pk": { S: "User#1" }, ":sk": { S: "" } },
    });
    await expect(client().send(asked)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("begins_with(sk, :prefix)"),
    });
  });
});
