/**
 * CPU of a whole handler beside the CPU of its SDK calls alone, warm, in the same run: what our own code costs on top of them.
 *
 * Each request is made once against DynamoDB Local, through a server that keeps what was read, and then again and again against
 * that server alone (replay-server.ts): the same event, the same answers, no state that a repetition would change. Its calls are
 * sent once more by bare clients, as `new DynamoDBClient()` gives them, and by ours (lib/aws/clients.ts), in turns with the
 * handler. The clock of provisioning stands still, so that the notes of each minute are not written; the counts of each 25
 * requests are, and count as ours. Log lines and metrics go to /dev/null by a write of their own.
 */
import { randomUUID } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
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
import { loadTenant } from "../lib/tenant-folder.ts";
import { hashToken, newToken } from "../lib/token.ts";
import { apiEvent } from "../test/handlers/event.ts";
import { startDynamoDbLocal } from "../test/real/servers.ts";
import { median } from "./median.ts";
import { kindsOf, recordCalls, repeatable, sendAgain } from "./recorder.ts";
import { type Replay, startReplay } from "./replay.ts";
import { checkAnswer, type NamedRequest, type Request, requests } from "./requests.ts";

const rounds = 15;
/** A single call is shorter than the clock of CPU time is fine. */
const timesPerRound = 20;
const warmTimes = 200;
const goalMs = 0.5;

interface World {
  readonly worker: Worker;
  readonly replay: Replay;
  readonly token: string;
  readonly ours: { readonly dynamo: DynamoDBClient; readonly sqs: SQSClient };
  readonly bare: { readonly dynamo: DynamoDBClient; readonly sqs: SQSClient };
  /** While it is set, new resources get this id: a repetition then asks what the first one asked. */
  readonly next: { id?: string };
  readonly close: () => Promise<void>;
}

export async function sdk(): Promise<void> {
  const world = await openWorld();
  console.log(
    `\nmilliseconds of CPU per request, warm, medians of ${rounds} rounds of ${timesPerRound}; goal: ours at most ${goalMs}\n`,
  );
  console.log(
    "| request | SDK calls | handler | bare SDK | on top | calls by our clients | ours on top |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |",
  );
  try {
    for (const request of requests) await measure(world, request);
  } finally {
    await world.close();
  }
}

async function measure(world: World, { name, prepare }: NamedRequest): Promise<void> {
  const { worker, replay, token, ours, bare, next } = world;
  const handle = quietly(handlers(world));
  await replay.order("record");
  delete next.id;
  const request = await prepare(worker, token);
  // The first request of a handler leaves its counts; that is not what is recorded.
  await handle({ to: "api", event: discovery(token), status: 200 });
  await replay.order("record");
  next.id = randomUUID();
  const recorded = recordCalls(ours);
  await handle(request);
  recorded.end();
  await replay.order("replay");
  const calls = recorded.calls.map(repeatable);
  const runs = [() => handle(request), () => sendAgain(bare, calls), () => sendAgain(ours, calls)];
  for (const run of runs) for (let n = 0; n < warmTimes; n += 1) await run();
  const spent: number[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [n, run] of runs.entries()) spent[n]?.push(await cpuMs(run));
  const [whole = [], alone = [], tuned = []] = spent;
  // Round by round: whatever else the machine does then, both have suffered from it.
  const onTopOf = (others: readonly number[]) => whole.map((ms, round) => ms - (others[round] ?? 0));
  const cells = [whole, alone, onTopOf(alone), tuned, onTopOf(tuned)].map((ms) => median(ms).toFixed(2));
  console.log(`| ${name} | ${kindsOf(recorded.calls)} | ${cells.join(" | ")} |`);
}

/** The mean of a round. */
async function cpuMs(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < timesPerRound; n += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / timesPerRound;
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

async function openWorld(): Promise<World> {
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
    tenant: loadTenant(join(import.meta.dirname, "..", "tenants"), "acme").tenant,
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
