/**
 * The functions as they are deployed, but for the servers: their real handlers and clients over a server that answers each
 * request as DynamoDB Local did the first time (replay-server.ts). The same request can be made as often as a measurement
 * needs it, and nothing is different the next time.
 *
 * The clock of provisioning stands still, so that the notes of each minute are not written. Log lines and metrics go to
 * /dev/null by a write of their own, as Lambda's pipe would take them.
 */
import { randomUUID } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { dynamoClient, sqsClient } from "../lib/aws/clients.ts";
import { dynamoTable } from "../lib/aws/dynamo-table.ts";
import { sqsLane } from "../lib/aws/sqs-lane.ts";
import { createTableInputs } from "../lib/aws/table-definition.ts";
import { createApiHandler } from "../lib/handlers/api.ts";
import { lambdaTelemetry } from "../lib/handlers/telemetry.ts";
import { createWorkerHandler } from "../lib/handlers/worker.ts";
import { invocation } from "../lib/local/context.ts";
import type { Worker } from "../lib/provisioning/apply.ts";
import { firsts, noteContact } from "../lib/provisioning/contact.ts";
import type { Lane, LaneName } from "../lib/provisioning/ports.ts";
import { putToken, readToken } from "../lib/provisioning/token.ts";
import { systemChance, systemClock } from "../lib/system.ts";
import { benchTenant } from "./tenant.ts";
import { hashToken, newToken } from "../lib/token.ts";
import { apiEvent } from "../test/handlers/event.ts";
import { startDynamoDbLocal } from "../test/real/servers.ts";
import { type Call, recordCalls } from "./recorder.ts";
import { type Replay, startReplay } from "./replay.ts";
import { checkAnswer, type NamedRequest, type Request } from "./requests.ts";

export interface Clients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
}

export interface World {
  readonly worker: Worker;
  readonly replay: Replay;
  readonly token: string;
  readonly ours: Clients;
  readonly bare: Clients;
  /** While it is set, new resources get this id: a repetition then asks what the first one asked. */
  readonly next: { id?: string };
  readonly close: () => Promise<void>;
}

/** A request that can be made again and again. */
export interface Replayed {
  readonly handle: () => Promise<void>;
  /** Its calls, by one client after the other. */
  readonly calls: readonly Call[];
}

/** Makes a request once, and remembers what was asked and read. */
export async function replayed(world: World, { prepare }: NamedRequest): Promise<Replayed> {
  const { worker, replay, token, ours, next } = world;
  const handle = quietly(handlers(world));
  await replay.order("record");
  delete next.id;
  const request = await prepare(worker, token);
  // The first request of a handler leaves its counts; that is not what is recorded.
  await handle({ to: "api", event: discovery(token), status: 200 });
  await replay.order("record");
  next.id = randomUUID();
  const { calls, end } = recordCalls(ours);
  await handle(request);
  end();
  await replay.order("replay");
  return { handle: () => handle(request), calls };
}

function discovery(token: string) {
  return apiEvent("GET", "/scim/v2/ServiceProviderConfig", { headers: { authorization: `Bearer ${token}` } });
}

/** Afresh for each request, for they count. */
function handlers({ worker }: World): (request: Request) => Promise<void> {
  const telemetry = lambdaTelemetry({ tenant: "bench", namespace: "Bench" });
  const api = createApiHandler({ provisioning: worker, telemetry });
  const laneOf = (queueArn: string): LaneName => (queueArn.endsWith(":leavers") ? "leavers" : "changes");
  const work = createWorkerHandler({ worker, telemetry, laneOf });
  return async (request) => {
    const context = invocation("bench", 28);
    const answer = request.to === "api" ? await api(request.event, context) : await work(request.event, context);
    checkAnswer(request, answer);
  };
}

/** What is told goes where Lambda's pipe would be. */
function quietly(handle: (request: Request) => Promise<void>): (request: Request) => Promise<void> {
  const sink = openSync("/dev/null", "w");
  return async (request) => {
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text: string | Uint8Array) => writeSync(sink, String(text)) >= 0;
    try {
      await handle(request);
    } finally {
      process.stdout.write = write;
    }
  };
}

export async function openWorld(): Promise<World> {
  const server = await startDynamoDbLocal();
  const replay = await startReplay(server.url);
  const config = {
    region: "eu-central-1",
    endpoint: replay.url,
    credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  };
  const ours = { dynamo: dynamoClient(config), sqs: sqsClient(config) };
  const bare = { dynamo: new DynamoDBClient(config), sqs: new SQSClient(config) };
  const names = { scim: `scim-${randomUUID()}`, directory: `directory-${randomUUID()}` };
  for (const input of createTableInputs(names)) await ours.dynamo.send(new CreateTableCommand(input));
  const lane = (name: LaneName): Lane =>
    sqsLane({ client: ours.sqs, queueUrl: `${replay.url}/0/${name}`, deadLetterUrl: `${replay.url}/0/${name}-dead` });
  const now = systemClock.now();
  const next: World["next"] = {};
  const worker: Worker = {
    table: dynamoTable({ client: ours.dynamo, names }),
    lanes: { leavers: lane("leavers"), changes: lane("changes") },
    clock: { ...systemClock, now: () => now },
    chance: { ...systemChance, uuid: () => next.id ?? randomUUID() },
    tenant: benchTenant,
    workerId: "bench",
  };
  return {
    worker,
    replay,
    token: await knownToken(worker),
    ours,
    bare,
    next,
    close: async () => {
      for (const { dynamo, sqs } of [ours, bare]) {
        dynamo.destroy();
        sqs.destroy();
      }
      await replay.stop();
      await server.stop();
    },
  };
}

/** One that has been in use: nothing about it is news. */
async function knownToken({ table, clock }: Worker): Promise<string> {
  const { id, text } = newToken();
  await putToken(table, { id, hash: hashToken(text), label: "bench", createdAt: clock.now(), idp: "entra" });
  for (const first of firsts)
    for (const kind of ["read", "write"] as const) {
      const token = await readToken(table, id);
      if (token !== undefined) await noteContact(table, token, { kind, requestId: "bench", first }, clock.now());
    }
  return text;
}
