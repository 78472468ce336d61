/**
 * What each function asks of AWS when it does its work: the requests of our adapters as they would go over the wire, while
 * the embedded store gives the answers. In the words of IAM, so that they can be held against the roles.
 */
import { type Marshalled, unmarshalItem } from "../../lib/aws/marshal.ts";
import { secretsOf } from "../../lib/events/secrets.ts";
import { webhookSend } from "../../lib/events/webhook.ts";
import { createDeliverHandler } from "../../lib/handlers/deliver.ts";
import { deliverBatch } from "../../lib/local/sink-loop.ts";
import { createApiHandler } from "../../lib/handlers/api.ts";
import { nameOfQueue } from "../../lib/handlers/name-of-queue.ts";
import { createFeedHandler } from "../../lib/handlers/feed.ts";
import { createOAuthHandler } from "../../lib/handlers/oauth.ts";
import { createPublisherHandler } from "../../lib/handlers/publisher.ts";
import { createSweeperHandler } from "../../lib/handlers/sweeper.ts";
import { createWorkerHandler } from "../../lib/handlers/worker.ts";
import { nextChanges, removeChanges } from "../../lib/local/change-stream.ts";
import { invocation } from "../../lib/local/context.ts";
import { deleteMessage, receiveMessages, sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { sqsEvent } from "../../lib/local/sqs-event.ts";
import { createClient, type MadeClient } from "../../lib/ops/clients.ts";
import { createToken } from "../../lib/ops/tokens.ts";
import type { PublicKey } from "../../lib/provisioning/client.ts";
import type { LaneName } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { putToken } from "../../lib/provisioning/token.ts";
import { systemChance } from "../../lib/system.ts";
import { hashToken, newToken } from "../../lib/token.ts";
import { apiEvent } from "../handlers/event.ts";
import { listening } from "../handlers/harness.ts";
import { manualClock, temporaryDatabase } from "../local/temporary-database.ts";
import { overheardBus, overheardLanes, overheardSink, overheardTable } from "./overheard.ts";
import type { FunctionName } from "./template.ts";

export interface Deployed {
  /** As an identity provider does; the id of what was made or changed. `path` below `/scim/v2`. */
  readonly ask: (method: string, path: string, body?: object) => Promise<string>;
  readonly work: () => Promise<void>;
  readonly sweep: () => Promise<void>;
  readonly pass: (ms: number) => Promise<void>;
  readonly now: () => number;
  /** Makes events of what changed since. */
  readonly publish: () => Promise<void>;
  /** Neither sink takes anything. */
  readonly deliver: () => Promise<void>;
  /** They are over their 24 hours. */
  readonly loseChanges: () => void;
  /** What the hourly schedule asks for. */
  readonly catchUp: () => Promise<void>;
  /** A client of the token endpoint, with a secret, or with a key that signs. */
  readonly newClient: (keys?: readonly PublicKey[]) => Promise<MadeClient>;
  /** As a client does at the token endpoint. */
  readonly askToken: (form: Readonly<Record<string, string>>, credentials?: string) => Promise<string>;
  /** As the application does; without a token: its own. */
  readonly readFeed: (query?: string, token?: string) => Promise<void>;
  /** `dynamodb:GetItem Scim table`, each once. */
  readonly calledBy: (name: FunctionName) => string[];
  readonly close: () => void;
}

const sinkNames = ["bus", "payroll"] as const;
const laneNames: readonly LaneName[] = ["leavers", "changes"];

export async function deployed(tenant: Tenant): Promise<Deployed> {
  const { db, close } = temporaryDatabase();
  const clock = manualClock();
  const calls: Record<FunctionName, Set<string>> = {
    Api: new Set(),
    Worker: new Set(),
    Sweeper: new Set(),
    Publisher: new Set(),
    Deliver: new Set(),
    Feed: new Set(),
    OAuth: new Set(),
  };
  const { telemetry } = listening();
  const store = (name: FunctionName): Provisioning => ({
    table: overheardTable(sqliteTable(db, { onChange: () => {} }), calls[name]),
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
  const sinkOf = (sink: string, by: FunctionName) => overheardSink({ db, sink, clock }, calls[by]);
  const publisher = createPublisherHandler({
    publisher: {
      ...store("Publisher"),
      queues: Object.fromEntries(sinkNames.map((name) => [name, sinkOf(name, "Publisher").queue])),
    },
    telemetry,
    unmarshal: (image) => unmarshalItem(image as Marshalled).attributes,
  });
  const delivering = store("Deliver");
  const deliver = createDeliverHandler({
    ...delivering,
    telemetry,
    sinks: {
      bus: { send: overheardBus(calls.Deliver), messages: sinkOf("bus", "Deliver").messages },
      payroll: {
        send: webhookSend({
          url: "https://app.example.com/rollcall",
          post: async () => ({ status: 500 }),
          secrets: secretsOf(delivering.table, "payroll", clock),
          clock,
        }),
        messages: sinkOf("payroll", "Deliver").messages,
      },
    },
    sinkOf: nameOfQueue({ bus: "bus", payroll: "payroll" }),
  });
  const oauth = createOAuthHandler({ provisioning: store("OAuth"), telemetry });
  const feed = createFeedHandler({ feed: store("Feed"), telemetry });
  const reader = await createToken({ ...store("Sweeper"), table: sqliteTable(db) }, { label: "test", use: "events" });
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
    now: () => clock.now(),
    pass: async (ms) => await clock.sleep(ms),
    publish: async () => {
      for (let batch = nextChanges(db, 100); batch !== undefined; batch = nextChanges(db, 100)) {
        await publisher(batch.event, invocation("publisher", 300));
        removeChanges(db, batch.to);
      }
    },
    deliver: async () => {
      for (const sink of sinkNames) while ((await deliverBatch({ db, sink, clock }, deliver)) === "done");
    },
    loseChanges: () => removeChanges(db, Number.MAX_SAFE_INTEGER),
    catchUp: async () => await publisher({ catchUp: true }, invocation("publisher", 300)),
    newClient: async (keys) =>
      await createClient({ table: sqliteTable(db), clock, tenant }, { label: "test", ...(keys && { keys }) }),
    askToken: async (form, credentials) => {
      const type = { "content-type": "application/x-www-form-urlencoded" };
      const headers = credentials === undefined ? type : { ...type, authorization: `Basic ${btoa(credentials)}` };
      const event = apiEvent("POST", "/oauth/token", { headers, body: new URLSearchParams(form).toString() });
      const { body: text = "{}" } = await oauth(event);
      const { access_token: made = "" }: { access_token?: string } = JSON.parse(text);
      return made;
    },
    readFeed: async (query = "", shown = reader.token) => {
      const event = apiEvent("GET", `/events${query}`, { headers: { authorization: `Bearer ${shown}` } });
      await feed(event, invocation("feed", 28));
    },
    calledBy: (name) => [...calls[name]].toSorted(),
    close,
  };
}
