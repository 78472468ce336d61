import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { dynamoClient, sqsClient } from "../../lib/aws/clients.ts";

interface Raw {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

interface Given {
  readonly statusCode?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

const region = "eu-central-1";
const lasting = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const temporary = { ...lasting, sessionToken: "a token//of a role==" };

/** A wire that keeps requests as they are; the last answer is given for ever. */
function wire(...answers: Given[]) {
  const sent: Raw[] = [];
  const handle = async (request: Raw): Promise<unknown> => {
    const { statusCode = 200, headers = {}, body = "{}" } = answers[sent.length] ?? answers.at(-1) ?? {};
    sent.push({ ...request, headers: { ...request.headers }, body: textOf(request.body) });
    const bytes = typeof body === "string" ? Readable.from([Buffer.from(body)]) : body;
    return { response: { statusCode, headers, body: bytes } };
  };
  return { sent, requestHandler: { handle } };
}

function textOf(body: string | Uint8Array): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}

function dynamo(given: { credentials?: object; answers?: Given[] } = {}) {
  const { sent, requestHandler } = wire(...(given.answers ?? []));
  return { sent, client: dynamoClient({ region, requestHandler, credentials: lasting, ...given } as never) };
}

const get = () =>
  new GetItemCommand({ TableName: "scim", Key: { pk: { S: "ä" }, sk: { S: "b" } }, ConsistentRead: true });
const put = () => new PutItemCommand({ TableName: "scim", Item: { pk: { S: "a" }, sk: { S: "b" } } });
const transact = () =>
  new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: "scim", Item: { pk: { S: "a" } } } }] });
const queueUrl = "https://sqs.eu-central-1.amazonaws.com/1/lane";
const message = () => new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "hello" });
const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const taken = (text: string) => JSON.stringify({ MessageId: "1", MD5OfMessageBody: md5(text) });

const wentTheSdksWay = ({ headers }: Raw | undefined = {} as Raw) => headers["amz-sdk-request"] !== undefined;

const signedHeaders = ({ headers }: Raw) =>
  /SignedHeaders=([^,]+)/.exec(headers["authorization"] ?? "")?.[1]?.split(";") ?? [];

// The SDK's pauses are at their shortest.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

describe("a signature", () => {
  test("is made with the credentials of the moment", async () => {
    let now = { ...temporary, expiration: new Date() };
    const { client, sent } = dynamo({ credentials: async () => now });
    await client.send(get());
    now = { accessKeyId: "AKIDNEXT", secretAccessKey: "next", sessionToken: "next token", expiration: new Date() };
    await client.send(get());
    await client.send(get());
    const { headers } = sent[2] as Raw;
    expect(headers["authorization"]).toContain("Credential=AKIDNEXT/");
    expect(headers["x-amz-security-token"]).toBe("next token");
  });
});

describe("a later request", () => {
  test.each<[string, (client: DynamoDBClient) => Promise<unknown>]>([
    ["a read", (client) => client.send(get())],
    ["a transaction", (client) => client.send(transact())],
  ])("asks what the first one asked, in the same place: %s", async (_, ask) => {
    const { client, sent } = dynamo();
    await ask(client);
    await ask(client);
    const [first, later] = sent as [Raw, Raw];
    expect([wentTheSdksWay(first), wentTheSdksWay(later)]).toEqual([true, false]);
    const place = ({ protocol, hostname, port, method, path }: Raw) => ({ protocol, hostname, port, method, path });
    expect(place(later)).toEqual(place(first));
    expect(later.hostname).toBe("dynamodb.eu-central-1.amazonaws.com");
    const without = ({ body }: Raw) => ({ ...JSON.parse(body), ClientRequestToken: "-" });
    expect(without(later)).toEqual(without(first));
    for (const name of ["content-type", "content-length", "host", "user-agent", "x-amz-target"])
      expect(later.headers[name]).toBe(first.headers[name]);
    // The SDK says who it is and counts its attempts in headers of their own.
    expect(signedHeaders(later)).toEqual(signedHeaders(first).filter((name) => !/^amz-sdk-|-user-agent$/.test(name)));
  });

  test("to SQS goes to the host of its queue, and its checksum is compared", async () => {
    const { sent, requestHandler } = wire({ body: taken("hello") }, { body: taken("hello") }, { body: taken("hallo") });
    const client = sqsClient({ region, requestHandler, credentials: lasting });
    await client.send(message());
    expect(await client.send(message())).toMatchObject({ MessageId: "1" });
    await expect(client.send(message())).rejects.toThrow("InvalidChecksumError");
    expect(sent.map(wentTheSdksWay)).toEqual([true, false, false]);
    expect(sent[1]?.hostname).toBe("sqs.eu-central-1.amazonaws.com");
    expect(sent[1]?.headers["x-amzn-query-mode"]).toBe(sent[0]?.headers["x-amzn-query-mode"]);
  });

  test("to a queue elsewhere does not go where the last queue was", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    const { sent, requestHandler } = wire({ body: taken("hello") });
    const client = sqsClient({ region, requestHandler, credentials: lasting });
    const elsewhere = { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/1/lane", MessageBody: "hello" };
    for (const _ of ["first", "later"]) {
      await client.send(message());
      await client.send(new SendMessageCommand(elsewhere));
    }
    expect(sent.map(({ hostname }) => hostname.split(".")[1])).toEqual([region, "eu-west-1", region, "eu-west-1"]);
  });

  test("of another kind goes the SDK's way", async () => {
    const { client, sent } = dynamo();
    await client.send(get());
    await client.send(new DescribeTableCommand({ TableName: "scim" }));
    expect(sent.map(wentTheSdksWay)).toEqual([true, true]);
  });
});

describe("a later request that does not succeed", () => {
  const busy = { statusCode: 500, body: '{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}' };

  test("was the first attempt of three", async () => {
    const { client, sent } = dynamo({ answers: [{}, busy] });
    await client.send(get());
    await expect(client.send(get())).rejects.toMatchObject({ name: "InternalServerError", $metadata: { attempts: 3 } });
    expect(sent.slice(1).map(({ headers }) => headers["amz-sdk-request"])).toEqual([
      undefined,
      "attempt=2; max=3",
      "attempt=3; max=3",
    ]);
  });

  test("is answered by an attempt after it, and the next request is short again", async () => {
    const { client, sent } = dynamo({ answers: [{}, busy, { body: '{"Item":{"n":{"N":"1"}}}' }] });
    await client.send(get());
    expect(await client.send(get())).toMatchObject({ Item: { n: { N: "1" } } });
    await client.send(get());
    expect(sent.map(wentTheSdksWay)).toEqual([true, false, true, false]);
  });

  test("because its answer broke off is sent again when it reads, and lost when it writes", async () => {
    const broken = { body: Readable.from(brokenOff()) };
    const reading = dynamo({ answers: [{}, broken, {}] });
    await reading.client.send(get());
    await reading.client.send(get());
    expect(reading.sent).toHaveLength(3);
    const writing = dynamo({ answers: [{}, { body: Readable.from(brokenOff()) }, {}] });
    await writing.client.send(put());
    await expect(writing.client.send(put())).rejects.toMatchObject({ name: "Unanswered" });
    expect(writing.sent).toHaveLength(2);
  });

  test("because of this machine's clock is signed with the right time, and so is the next one", async () => {
    const right = Date.now() + 3_600_000;
    const body = '{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"Signature expired: now"}';
    const skewed = { statusCode: 400, headers: { date: new Date(right).toUTCString() }, body };
    const { client, sent } = dynamo({ answers: [{}, skewed, {}] });
    await client.send(get());
    await client.send(get());
    await client.send(get());
    const hour = new Date(right).toISOString().slice(0, 13).replaceAll("-", "");
    expect(sent.map(({ headers }) => headers["x-amz-date"]?.startsWith(hour))).toEqual([false, false, true, true]);
    expect(wentTheSdksWay(sent[3])).toBe(false);
  });
});

async function* brokenOff() {
  yield Buffer.from('{"Item":');
  throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}
