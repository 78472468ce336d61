/**
 * What each function asks of AWS when it does its work: the requests of our adapters as they would go over the wire, while
 * the embedded store gives the answers. In the words of IAM, so that they can be held against the roles.
 */
import { dynamoTable } from "../../lib/aws/dynamo-table.ts";
import { sqsLane } from "../../lib/aws/sqs-lane.ts";
import { createApiHandler } from "../../lib/handlers/api.ts";
import { nameOfQueue } from "../../lib/handlers/name-of-queue.ts";
import { createSweeperHandler } from "../../lib/handlers/sweeper.ts";
import { createWorkerHandler } from "../../lib/handlers/worker.ts";
import { invocation } from "../../lib/local/context.ts";
import { deleteMessage, receiveMessages, sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { sqsEvent } from "../../lib/local/sqs-event.ts";
import type { Lane, LaneName, Lanes, Table } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { putToken } from "../../lib/provisioning/token.ts";
import { systemChance } from "../../lib/system.ts";
import { hashToken, newToken } from "../../lib/token.ts";
import { ok, type Request, scriptedDynamo, scriptedSqs } from "../aws/scripted-clients.ts";
import { apiEvent } from "../handlers/event.ts";
import { listening } from "../handlers/harness.ts";
import { manualClock, temporaryDatabase } from "../local/temporary-database.ts";
import type { FunctionName } from "./template.ts";

export interface Deployed {
  /** As an identity provider does; the id of what was made or changed. `path` below `/scim/v2`. */
  readonly ask: (method: string, path: string, body?: object) => Promise<string>;
  readonly work: () => Promise<void>;
  readonly sweep: () => Promise<void>;
  readonly pass: (ms: number) => Promise<void>;
  /** `dynamodb:GetItem Scim table`, each once. */
  readonly calledBy: (name: FunctionName) => string[];
  readonly close: () => void;
}

const laneNames: readonly LaneName[] = ["leavers", "changes"];

export async function deployed(tenant: Tenant): Promise<Deployed> {
  const { db, close } = temporaryDatabase();
  const clock = manualClock();
  const calls = { Api: new Set<string>(), Worker: new Set<string>(), Sweeper: new Set<string>() };
  const { telemetry } = listening();
  const store = (name: FunctionName): Provisioning => ({
    table: overheardTable(sqliteTable(db), calls[name]),
    lanes: overheardLanes((lane) => sqliteLane({ db, name: lane, clock }), calls[name]),
    clock,
    chance: systemChance,
    tenant,
  });
  const token = newToken();
  await putToken(sqliteTable(db), { id: token.id, hash: hashToken(token.text), label: "test", createdAt: clock.now() });
  const api = createApiHandler({ provisioning: store("Api"), telemetry });
  const worker = createWorkerHandler({
    worker: { ...store("Worker"), workerId: "test" },
    laneOf: nameOfQueue({ leavers: "leavers", changes: "changes" }),
    telemetry,
  });
  const sweeper = createSweeperHandler({ provisioning: store("Sweeper"), telemetry });
  return {
    ask: async (method, path, body) => {
      const headers = { authorization: `Bearer ${token.text}` };
      const event = apiEvent(method, `/scim/v2${path}`, { headers, ...(body === undefined ? {} : { body }) });
      const { body: text = "" } = await api(event, invocation("api", 28));
      const { id = "" }: { id?: string } = text === "" ? {} : JSON.parse(text);
      return id;
    },
    work: async () => {
      for (const name of laneNames) {
        const options = { db, name, clock };
        const limits = { visibilityTimeoutSeconds: 30, maxReceiveCount: 5 };
        for (;;) {
          const messages = receiveMessages(options, limits);
          if (messages.length === 0) break;
          await worker(sqsEvent(name, messages), invocation("worker", 60));
          for (const { id, receipt } of messages) deleteMessage(options, receipt || id);
        }
      }
    },
    sweep: async () => void (await sweeper()),
    pass: async (ms) => await clock.sleep(ms),
    calledBy: (name) => [...calls[name]].toSorted(),
    close,
  };
}

/** Each call is also sent over a wire on which nobody answers but with nothing. */
function overheardTable(table: Table, calls: Set<string>): Table {
  const { client, requests } = scriptedDynamo([ok()]);
  const names = { scim: "Scim table", directory: "Directory table" };
  const wire = dynamoTable({ client, names });
  const heard = async (send: () => Promise<unknown>): Promise<void> => {
    const before = requests.length;
    await send();
    for (const request of requests.slice(before)) for (const call of rightsFor(request)) calls.add(call);
  };
  return {
    get: async (key) => (await heard(() => wire.get(key)), await table.get(key)),
    batchGet: async (keys) => (await heard(() => wire.batchGet(keys)), await table.batchGet(keys)),
    query: async (range) => (await heard(() => wire.query(range)), await table.query(range)),
    waiting: async (key, options) => (await heard(() => wire.waiting(key, options)), await table.waiting(key, options)),
    write: async (write) => (await heard(() => wire.write(write)), await table.write(write)),
    transact: async (writes) => (await heard(() => wire.transact(writes)), await table.transact(writes)),
  };
}

/** A transaction needs the rights of what is in it; there is no action for the transaction. */
function rightsFor({ operation, body }: Request): string[] {
  if (operation === "TransactWriteItems") {
    return body.TransactItems.flatMap((one: object) =>
      Object.entries(one).map(([kind, { TableName }]) => `dynamodb:${inTransaction[kind] ?? kind} ${TableName}`),
    );
  }
  if (operation === "BatchGetItem")
    return Object.keys(body.RequestItems).map((name) => `dynamodb:${operation} ${name}`);
  const index = body.IndexName === undefined ? "" : `/index/${body.IndexName}`;
  return [`dynamodb:${operation} ${body.TableName}${index}`];
}

const inTransaction: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

function overheardLanes(laneOf: (name: LaneName) => Lane, calls: Set<string>): Lanes {
  const overheard = (name: LaneName, title: string): Lane => {
    const lane = laneOf(name);
    const { client, requests } = scriptedSqs([ok()]);
    const wire = sqsLane({ client, queueUrl: urlOf(`${title} queue`), deadLetterUrl: urlOf(`${title} dead letters`) });
    const heard = async (send: () => Promise<unknown>): Promise<void> => {
      const before = requests.length;
      await send();
      // A batch needs the right to send its messages.
      for (const { operation, body } of requests.slice(before)) {
        calls.add(`sqs:${operation === "SendMessageBatch" ? "SendMessage" : operation} ${nameOf(body.QueueUrl)}`);
      }
    };
    return {
      send: async (pointer, options) => (
        await heard(() => wire.send(pointer, options)),
        await lane.send(pointer, options)
      ),
      sendAll: async (pointers) => (await heard(() => wire.sendAll(pointers)), await lane.sendAll(pointers)),
      bury: async (message, reason) => (
        await heard(() => wire.bury(message, reason)),
        await lane.bury(message, reason)
      ),
      depth: async () => (await heard(() => wire.depth()), await lane.depth()),
    };
  };
  return { leavers: overheard("leavers", "Leavers"), changes: overheard("changes", "Changes") };
}

const urlOf = (name: string): string => `https://sqs.eu-central-1.amazonaws.com/${encodeURIComponent(name)}`;
const nameOf = (url: string): string => decodeURIComponent(url.split("/").at(-1) ?? "");
