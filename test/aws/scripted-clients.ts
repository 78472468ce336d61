/** The SDK clients as they are, over a wire that a test plays: what was sent, and what comes back. */
import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { dynamoClient, sqsClient } from "../../lib/aws/clients.ts";

export interface Request {
  /** `PutItem` */
  readonly operation: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects in there.
  readonly body: any;
}

/** An Error: no answer, as node's sockets report it. */
export type Answer = { readonly status: number; readonly body: object } | Error;

export const ok = (body: object = {}): Answer => ({ status: 200, body });

export function failure(type: string, status = 400, more: object = {}): Answer {
  return { status, body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: `said ${type}`, ...more } };
}

export const networkError = (code: string): Error => Object.assign(new Error(`socket: ${code}`), { code });

export interface Scripted<Client> {
  readonly client: Client;
  /** What has been sent, in order. */
  readonly requests: readonly Request[];
}

/** Gives the answers one after another, and the last one for ever; or what a function makes of the request. */
export type Script = readonly Answer[] | ((request: Request) => Answer);

/** `first`: nothing has been asked before. Otherwise requests take the short path (lib/aws/short-path.ts), as nearly all do. */
interface Options {
  readonly first?: boolean;
}

export function scriptedDynamo(script: Script, { first = false }: Options = {}): Scripted<DynamoDBClient> {
  const { requestHandler, requests, unscripted } = wire(script);
  const client = dynamoClient({ ...account, requestHandler });
  if (first) return { client, requests };
  const Key = { pk: { S: "before" }, sk: { S: "before" } };
  return { client: askedBefore(client, unscripted, () => new GetItemCommand({ TableName: "Scim", Key })), requests };
}

export function scriptedSqs(script: Script, { first = false }: Options = {}): Scripted<SQSClient> {
  const { requestHandler, requests, unscripted } = wire(script);
  // The script does not compute the checksums of what it was sent.
  const client = sqsClient({ ...account, requestHandler, md5: false });
  if (first) return { client, requests };
  const before = ({ input }: { input: object }) =>
    new SendMessageCommand({
      MessageBody: "before",
      ...("QueueUrl" in input ? { QueueUrl: String(input.QueueUrl) } : { QueueUrl: "" }),
    });
  return { client: askedBefore(client, unscripted, before), requests };
}

/** The client, with a request in front of the first one to each place, which no script knows of. */
function askedBefore<C extends DynamoDBClient | SQSClient>(
  client: C,
  unscripted: (work: () => Promise<unknown>) => Promise<unknown>,
  request: (command: { input: object }) => object,
): C {
  const send = client.send.bind(client) as (command: object) => Promise<unknown>;
  const places = new Map<unknown, Promise<unknown>>();
  const sendAfter = async (command: { input: object }): Promise<unknown> => {
    const place = (command.input as { QueueUrl?: string }).QueueUrl;
    const before = places.get(place) ?? unscripted(() => send(request(command)));
    places.set(place, before);
    await before;
    return await send(command);
  };
  return Object.assign(client, { send: sendAfter });
}

const account = { region: "eu-central-1", credentials: { accessKeyId: "scripted", secretAccessKey: "scripted" } };

function wire(script: Script) {
  const requests: Request[] = [];
  let isScripted = true;
  const unscripted = async (work: () => Promise<unknown>): Promise<unknown> => {
    isScripted = false;
    return await work().finally(() => (isScripted = true));
  };
  const requestHandler = {
    handle: async (raw: { headers: Record<string, string>; body: string | Uint8Array }) => {
      if (!isScripted) return { response: { statusCode: 200, headers: {}, body: Buffer.from("{}") } };
      const operation = (raw.headers["x-amz-target"] ?? "").split(".").at(-1) ?? "";
      const request = { operation, body: JSON.parse(textOf(raw.body)) };
      requests.push(request);
      const answer =
        typeof script === "function" ? script(request) : script[Math.min(requests.length, script.length) - 1];
      if (answer === undefined) throw new Error("the script is empty");
      if (answer instanceof Error) throw answer;
      const headers = { "content-type": "application/x-amz-json-1.0" };
      return { response: { statusCode: answer.status, headers, body: Buffer.from(JSON.stringify(answer.body)) } };
    },
  };
  return { requestHandler, requests, unscripted };
}

function textOf(body: string | Uint8Array): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}
