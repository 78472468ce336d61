/**
 * Answers as DynamoDB and SQS do, in a process of its own, so that nothing of it is counted as CPU of whoever asks.
 *
 * Recording, it passes reads and writes on to the server whose URL is its argument, and keeps what was read. Replaying, it gives
 * the same bytes to the same reads, and takes every write: a request can be repeated as often as a measurement needs it.
 * SQS it plays itself, the checksums that its client compares included.
 *
 * It is started by `startReplay` of replay.ts, which tells it over IPC what to do.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Order, Ready } from "./replay.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const [upstream = ""] = process.argv.slice(2);
const reads = new Set(["GetItem", "BatchGetItem", "Query"]);
const contentType = "application/x-amz-json-1.0";
/** DynamoDB sends the checksum of each answer; this is the one of `{}`. */
const written: Answer = {
  status: 200,
  headers: { "content-type": contentType, "x-amz-crc32": "2745614147" },
  body: Buffer.from("{}"),
};

let mode: Order = "record";
/** By what was asked; one question may have been answered several times. */
let kept = new Map<string, { readonly answers: Answer[]; next: number }>();

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request
    .on("data", (part: Buffer) => parts.push(part))
    .on("end", () => {
      answer(request, Buffer.concat(parts)).then(
        (given) => give(response, given),
        (error: unknown) => give(response, refusal(String(error))),
      );
    });
});
server.keepAliveTimeout = 600_000;

async function answer({ headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const [service = "", operation = ""] = String(headers["x-amz-target"]).split(".");
  if (service === "AmazonSQS") return asSqs(operation, body);
  const asked = `${operation} ${JSON.stringify(sorted(JSON.parse(body.toString())))}`;
  if (mode === "replay") return reads.has(operation) ? again(asked) : written;
  const given = await passedOn(headers, body);
  if (!reads.has(operation)) return given;
  const before = kept.get(asked);
  if (before === undefined) kept.set(asked, { answers: [given], next: 0 });
  else before.answers.push(given);
  return given;
}

/** Clients write the same request in different orders. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const names = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(names.map(([name, inner]) => [name, sorted(inner)]));
}

function again(asked: string): Answer {
  const found = kept.get(asked);
  const given = found?.answers[found.next % found.answers.length];
  if (found === undefined || given === undefined) return refusal(`never recorded: ${asked.slice(0, 300)}`);
  found.next += 1;
  return given;
}

async function passedOn(headers: IncomingMessage["headers"], body: Buffer): Promise<Answer> {
  const sent = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    /^(?:x-amz-|authorization|content-type)/.test(name) ? [[name, String(value)]] : [],
  );
  const given = await fetch(upstream, { method: "POST", headers: sent, body: new Uint8Array(body) });
  const told = [...given.headers].filter(([name]) => /^(?:x-amz|content-type)/.test(name));
  return {
    status: given.status,
    headers: Object.fromEntries(told),
    body: Buffer.from(await given.arrayBuffer()),
  };
}

interface Sent {
  readonly Id?: string;
  readonly MessageBody?: string;
  readonly Entries?: readonly Sent[];
}

function asSqs(operation: string, body: Buffer): Answer {
  const { Entries, ...alone }: Sent = JSON.parse(body.toString());
  const taken = ({ Id, MessageBody = "" }: Sent): object => ({
    ...(Id !== undefined && { Id }),
    MessageId: "00000000-0000-4000-8000-000000000000",
    MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex"),
  });
  const given =
    operation === "SendMessageBatch" ? { Successful: (Entries ?? []).map(taken), Failed: [] } : taken(alone);
  return { status: 200, headers: { "content-type": contentType }, body: Buffer.from(JSON.stringify(given)) };
}

/** One that the SDK does not try again. */
function refusal(message: string): Answer {
  const body = JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#ValidationException", message });
  return { status: 400, headers: { "content-type": contentType }, body: Buffer.from(body) };
}

function give(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": body.length });
  response.end(body);
}

process.on("message", (order: Order) => {
  if (order === "record") kept = new Map();
  mode = order;
  process.send?.({} satisfies Ready);
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } satisfies Ready);
});
