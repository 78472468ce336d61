/**
 * Embedded mode: the handlers of the deployed functions on one SQLite file, behind a gateway of our own.
 *
 * What was accepted or enqueued is in the file: after kill -9 the next start goes on where this one was.
 */
import type { DatabaseSync } from "node:sqlite";
import { createApiHandler } from "../handlers/api.ts";
import { createFeedHandler } from "../handlers/feed.ts";
import { nameOfQueue } from "../handlers/name-of-queue.ts";
import { createOAuthHandler, tokenPath } from "../handlers/oauth.ts";
import { createPublisherHandler } from "../handlers/publisher.ts";
import { createSweeperHandler } from "../handlers/sweeper.ts";
import { quietTelemetry, type Telemetry } from "../handlers/telemetry.ts";
import { createWorkerHandler, type WorkerHandler } from "../handlers/worker.ts";
import type { SinkQueues } from "../events/ports.ts";
import type { EventOperations, Operations } from "../ops/operations.ts";
import type { LoopbackWebhooks } from "../outbound/loopback-post.ts";
import type { Clock, LaneName } from "../provisioning/ports.ts";
import type { Provisioning } from "../provisioning/state.ts";
import type { Tenant } from "../provisioning/tenant.ts";
import { putToken } from "../provisioning/token.ts";
import { systemChance, systemClock } from "../system.ts";
import { hashToken, newToken, type NewToken, tokenId } from "../token.ts";
import { attributesOf, type WireItem } from "./attribute-value.ts";
import { invocation } from "./context.ts";
import { openDatabase } from "./database.ts";
import { directoryEndpoint, directoryPath } from "./directory-endpoint.ts";
import { gateway, type Handler } from "./gateway.ts";
import { closeServer, listen, StartError } from "./listen.ts";
import { onlyServerOn } from "./one-server.ts";
import { politeTable } from "./polite-table.ts";
import { purgeExpired } from "./purge.ts";
import { repeat } from "./repeat.ts";
import { localEvents, sinkLoops } from "./sinks.ts";
import { wakingQueue } from "./sink-loop.ts";
import { sqliteDeadLetters, sqliteLane } from "./sqlite-lane.ts";
import { sqliteTable } from "./sqlite-table.ts";
import { publisherSeconds, streamLoop } from "./stream-loop.ts";
import { inTurns } from "./turns.ts";
import type { WakingLoop } from "./waking-loop.ts";
import { wakingLane, workerLoop } from "./worker-loop.ts";

export interface ServeOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly dataDir: string;
  readonly tenant: Tenant;
  /** `rc_<id>_<secret>`; absent: a fresh one, which replaces the fresh one of the start before. */
  readonly token?: string;
  readonly telemetry?: Telemetry;
  /** Absent: that of this machine. It may be slow, and never goes back. */
  readonly clock?: Clock;
  /** Webhooks that are sent to a program on this machine in place of the tenant file's address. */
  readonly webhooks?: LoopbackWebhooks;
  /** What is to be open as well, before anything is changed: when it fails, so does the start. */
  readonly alsoOpen?: (served: Pick<Served, "baseUrl" | "operations">) => Promise<void>;
}

export interface Served {
  /** `http://<host>:<port>/scim/v2` */
  readonly baseUrl: string;
  readonly token: string;
  /** `http://<host>:<port>/events`; absent: the tenant file has no `events`. */
  readonly feedUrl?: string;
  /** What an operator can ask of it, or do. */
  readonly operations: Operations;
  /** Finishes the requests and the applies that are under way. */
  close(): Promise<void>;
}

const laneNames: readonly LaneName[] = ["leavers", "changes"];
const feedPath = "/events";
const minute = 60_000;
const hour = 60 * minute;
const patienceMs = 10_000;
const requestsAtOnce = 8;

/** Errors: StartError, and openDatabase's: one sentence each. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { host, port, dataDir, tenant, telemetry = quietTelemetry({ tenant: tenant.name }) } = options;
  const { clock = systemClock } = options;
  const token = options.token === undefined ? newToken("start") : given(options.token);
  const { db, release } = openAlone({ folder: dataDir, tenant: tenant.name });
  const { provisioning, loops, wakers } = embedded(db, tenant, clock);
  const api = inTurns(createApiHandler({ provisioning, telemetry }), requestsAtOnce);
  let isEnding = false;
  const routes = besides(db, provisioning, { telemetry, isEnding: () => isEnding });
  const server = gateway(api, { routes, trustsProxy: tenant.trustsProxy === true });
  const events = tenant.events && localEvents(db, provisioning, options.webhooks);
  const operations = { ...provisioning, deadLetters: deadLettersIn(db, clock), ...(events && { events }) };
  let origin: string;
  let baseUrl: string;
  try {
    const opened = await listen(server, host, port);
    origin = `http://${host.includes(":") ? `[${host}]` : host}:${opened}`;
    baseUrl = `${origin}/scim/v2`;
    await options.alsoOpen?.({ baseUrl, operations });
    // Only now: a start that fails must not replace the token of the server that has the port.
    const stored = { id: token.id, hash: hashToken(token.text), label: "npm start", createdAt: clock.now() };
    await putToken(provisioning.table, stored);
  } catch (error) {
    server.close();
    db.close();
    release();
    throw error;
  }
  const background = { ...provisioning, table: politeTable(provisioning.table) };
  const handler = workerFor({ provisioning: background, telemetry });
  const running = [
    ...laneNames.map((name) => startLoop(db, name, { provisioning, loops }, handler)),
    repeat(createSweeperHandler({ provisioning: background, telemetry }), minute),
    repeat(async () => purgeExpired(db, Math.floor(clock.now() / 1000)), hour),
    ...(events === undefined ? [] : telling(db, { provisioning: background, wakers, telemetry, events })),
  ];
  return {
    baseUrl,
    ...(tenant.events && { feedUrl: `${origin}${feedPath}` }),
    token: token.text,
    operations,
    close: async () => {
      isEnding = true;
      await closeServer(server, patienceMs);
      await Promise.all(running.map((one) => one.stop()));
      db.close();
      release();
    },
  };
}

function openAlone(file: { folder: string; tenant: string }): {
  readonly db: DatabaseSync;
  readonly release: () => void;
} {
  const db = openDatabase(file);
  try {
    return { db, ...onlyServerOn(file) };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What there is beside SCIM, by its path: the directory for whoever reads it, and what the tenant file switches on. */
function besides(
  db: DatabaseSync,
  provisioning: Provisioning,
  { telemetry, isEnding }: { readonly telemetry: Telemetry; readonly isEnding: () => boolean },
): Readonly<Record<string, Handler>> {
  const { oauth, events } = provisioning.tenant;
  return {
    [directoryPath]: directoryEndpoint(db, provisioning),
    ...(oauth && { [tokenPath]: createOAuthHandler({ provisioning, telemetry }) }),
    ...(events && { [feedPath]: createFeedHandler({ feed: provisioning, telemetry, isEnding }) }),
  };
}

function deadLettersIn(db: DatabaseSync, clock: Clock): Operations["deadLetters"] {
  const of = (name: LaneName) => sqliteDeadLetters({ db, name, clock });
  return { leavers: of("leavers"), changes: of("changes") };
}

interface Embedded {
  readonly provisioning: Provisioning;
  /** A lane wakes its loop, and the loop's worker sends to the lane: so the loops come later. */
  readonly loops: Map<LaneName, WakingLoop>;
  /** Told when the directory has changed. */
  readonly wakers: (() => void)[];
}

function embedded(db: DatabaseSync, tenant: Tenant, clock: Clock): Embedded {
  const loops = new Map<LaneName, WakingLoop>();
  const lane = (name: LaneName) => wakingLane(sqliteLane({ db, name, clock }), () => loops.get(name)?.wake());
  const lanes = { leavers: lane("leavers"), changes: lane("changes") };
  const wakers: (() => void)[] = [];
  const onChange = () => {
    for (const wake of wakers) wake();
  };
  const table = sqliteTable(db, tenant.events === undefined ? {} : { onChange });
  return { provisioning: { table, lanes, clock, chance: systemChance, tenant }, loops, wakers };
}

/** What tells of the directory's changes: from its stream, each hour what was lost of it, and to each sink. */
function telling(
  db: DatabaseSync,
  {
    provisioning,
    wakers,
    telemetry,
    events,
  }: Omit<Embedded, "loops"> & { readonly telemetry: Telemetry; readonly events: EventOperations },
): { stop(): Promise<void> }[] {
  const sinks = sinkLoops(db, { ...provisioning, events, telemetry });
  const queues = Object.entries(events.queues).map(([name, queue]) => [
    name,
    wakingQueue(queue, () => sinks[name]?.wake()),
  ]);
  const unmarshal = (image: object) => attributesOf(image as WireItem);
  const publisher = { ...provisioning, queues: Object.fromEntries(queues) as SinkQueues };
  const handler = createPublisherHandler({ publisher, telemetry, unmarshal });
  const loop = streamLoop(db, handler);
  wakers.push(() => loop.wake());
  const catchUp = async () => await handler({ catchUp: true }, invocation("publisher", publisherSeconds));
  return [loop, repeat(catchUp, hour), ...Object.values(sinks)];
}

/** One worker for both lanes, a batch at a time: its applies never overlap, so it never waits for a step of its own. */
function workerFor({
  provisioning,
  telemetry,
}: Pick<Embedded, "provisioning"> & { telemetry: Telemetry }): WorkerHandler {
  const worker = { ...provisioning, workerId: systemChance.uuid() };
  const laneOf = nameOfQueue({ leavers: "leavers", changes: "changes" });
  const handler = createWorkerHandler({ worker, laneOf, telemetry });
  let last: Promise<unknown> = Promise.resolve();
  return async (event, context) => {
    const turn = last.then(async () => await handler(event, context));
    last = turn.catch(() => {});
    return await turn;
  };
}

function startLoop(
  db: DatabaseSync,
  name: LaneName,
  { loops, provisioning: { clock } }: Omit<Embedded, "wakers">,
  handler: WorkerHandler,
): WakingLoop {
  const loop = workerLoop({ db, name, clock }, handler);
  loops.set(name, loop);
  return loop;
}

function given(text: string): NewToken {
  const id = tokenId(text);
  if (id !== undefined) return { id, text };
  const form = "id: 3 to 32 of a-z and 0-9; secret: at least 32 letters and digits";
  throw new StartError(`The token does not have the form rc_<id>_<secret> (${form}).`);
}
