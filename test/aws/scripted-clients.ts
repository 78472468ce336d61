/** The SDK clients as they are, over a wire that a test plays: what was sent, and what comes back. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
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

export function scriptedDynamo(script: Script): Scripted<DynamoDBClient> {
  const { requestHandler, requests } = wire(script);
  return { client: dynamoClient({ ...account, requestHandler }), requests };
}

export function scriptedSqs(script: Script): Scripted<SQSClient> {
  const { requestHandler, requests } = wire(script);
  // The script does not compute the checksums of what it was sent.
  return { client: sqsClient({ ...account, requestHandler, md5: false }), requests };
}

const account = { region: "eu-central-1", credentials: { accessKeyId: "scripted", secretAccessKey: "scripted" } };

function wire(script: Script) {
  const requests: Request[] = [];
  const requestHandler = {
    handle: async (raw: { headers: Record<string, string>; body: string | Uint8Array }) => {
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
  return { requestHandler, requests };
}

function textOf(body: string | Uint8Array): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}
