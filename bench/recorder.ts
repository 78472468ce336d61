/**
 * What an SDK client was asked to send, so that the same can be sent once more on a bare client: what an operation would cost
 * if there were nothing but its calls.
 */
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

export interface Call {
  /** `GetItemCommand` */
  readonly name: string;
  readonly input: object;
}

const onDynamo: Readonly<Record<string, new (input: never) => object>> = {
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
};
const onSqs: Readonly<Record<string, new (input: never) => object>> = { SendMessageBatchCommand, SendMessageCommand };

interface Clients {
  readonly dynamo: DynamoDBClient;
  readonly sqs?: SQSClient;
}

/** Keeps, in order, what the clients are asked for, until it is ended. */
export function recordCalls({ dynamo, sqs }: Clients): { readonly calls: readonly Call[]; readonly end: () => void } {
  const calls: Call[] = [];
  const clients = [dynamo, ...(sqs === undefined ? [] : [sqs])];
  for (const client of clients) {
    const send = client.send.bind(client) as (command: object, ...more: unknown[]) => unknown;
    // Not by a middleware: a client that keeps its stack of them for each command would not see it.
    const recording = (command: { readonly input: object }, ...more: unknown[]): unknown => {
      calls.push({ name: command.constructor.name, input: command.input });
      return send(command, ...more);
    };
    Object.assign(client, { send: recording });
  }
  return { calls, end: () => clients.forEach((client) => Reflect.deleteProperty(client, "send")) };
}

/** Sends the calls, one after the other; only the SDK works for it. Errors: Error for a command that is not in the lists above. */
export async function sendAgain({ dynamo, sqs }: Clients, calls: readonly Call[]): Promise<void> {
  for (const { name, input } of calls) {
    const [client, Command] = name in onDynamo ? [dynamo, onDynamo[name]] : [sqs, onSqs[name]];
    if (client === undefined || Command === undefined) throw new Error(`bench/recorder.ts cannot send a ${name}`);
    await (client as DynamoDBClient).send(new Command(input as never) as GetItemCommand);
  }
}

/** By kind, for a table: `2 GetItem, 1 TransactWriteItems`. */
export function kindsOf(calls: readonly Call[]): string {
  const kinds = Map.groupBy(calls, ({ name }) => name.replace(/Command$/, ""));
  return [...kinds].map(([kind, some]) => `${some.length} ${kind}`).join(", ");
}

/**
 * A call that a real store takes any number of times: each condition is or-ed with its opposite, so that it is written,
 * sent and checked as before, and always holds.
 */
export function repeatable(call: Call): Call {
  return { ...call, input: withConditionsThatHold(call.input) };
}

function withConditionsThatHold(value: object): object {
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]) => {
    if (name === "ConditionExpression") return [name, `(${String(inner)}) OR NOT (${String(inner)})`];
    if (name === "TransactItems") return [name, (inner as object[]).map(withConditionsThatHold)];
    const isWrite = /^(?:Put|Update|Delete|ConditionCheck)$/.test(name);
    return [name, isWrite ? withConditionsThatHold(inner as object) : inner];
  });
  return Object.fromEntries(entries);
}
