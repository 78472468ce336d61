/**
 * All three functions in this process, as they run in Lambda, on a table and lanes that fail now and then with errors full of
 * values; and everything that they print, send and bury.
 */
import { inspect } from "node:util";
import { vi } from "vitest";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { createApiHandler } from "../../lib/handlers/api.ts";
import { nameOfQueue } from "../../lib/handlers/name-of-queue.ts";
import { createSweeperHandler } from "../../lib/handlers/sweeper.ts";
import { lambdaTelemetry } from "../../lib/handlers/telemetry.ts";
import { createWorkerHandler } from "../../lib/handlers/worker.ts";
import { invocation } from "../../lib/local/context.ts";
import { purgeExpired } from "../../lib/local/purge.ts";
import { deleteMessage, receiveMessages, sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { sqsEvent } from "../../lib/local/sqs-event.ts";
import { laneNames } from "../../lib/ops/operations.ts";
import {
  type Lane,
  LaneError,
  type LaneName,
  type Table,
  TableError,
  type TableName,
} from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { putToken } from "../../lib/provisioning/token.ts";
import { systemChance } from "../../lib/system.ts";
import { hashToken, newToken } from "../../lib/token.ts";
import { apiEvent, type Asked } from "../handlers/event.ts";
import { temporaryDatabase } from "../local/temporary-database.ts";
import { randomFrom } from "../simulation/random.ts";

export interface PrintingWorld {
  readonly provisioning: Provisioning;
  readonly token: string;
  /** One call of the api function; undefined when the invocation failed. */
  readonly ask: (
    method: string,
    target: string,
    asked?: Asked,
  ) => Promise<APIGatewayProxyStructuredResultV2 | undefined>;
  /** For a client that speaks HTTP. */
  readonly fetch: typeof fetch;
  /** From now on, so many calls in a hundred of table and lanes fail; writes of the directory perhaps more often. */
  readonly failing: (percent: number, directoryPercent?: number) => void;
  /** So often: so many minutes pass, the sweeper runs, then the worker until the lanes are empty. */
  readonly pass: (times: number, minutes: number) => Promise<void>;
  /** Log lines, metrics, and what Lambda itself prints of an invocation that failed. */
  readonly printed: () => string;
  /** Both tables and both lanes, keys included; of a table, that one alone. */
  readonly stored: (table?: TableName) => string;
  /** The bodies and reasons of whatever was sent or buried. */
  readonly queued: () => string;
  readonly close: () => void;
}

export async function printingWorld(tenant: Tenant, seed: number): Promise<PrintingWorld> {
  const { db, close } = temporaryDatabase();
  const print = listenToOutput();
  const time = { aheadMs: 0 };
  const clock = {
    now: () => Date.now() + time.aheadMs,
    sleep: async (ms: number) => void (time.aheadMs += ms),
  };
  const faults = { percent: 0, directoryPercent: 0 };
  const random = randomFrom(seed);
  const queued: unknown[] = [];
  const lane = (name: LaneName) => failingLane(recording(sqliteLane({ db, name, clock }), queued), breakdown);
  const breakdown = (given: unknown): void => {
    const text = JSON.stringify(given);
    const percent = text.includes('"table":"directory","pk"') ? faults.directoryPercent : faults.percent;
    if (random.next() * 100 < percent) throw faultWith(random.next(), text);
  };
  const provisioning: Provisioning = {
    table: failingTable(sqliteTable(db), breakdown),
    lanes: { leavers: lane("leavers"), changes: lane("changes") },
    clock,
    chance: systemChance,
    tenant,
  };
  const { id, text: token } = newToken();
  await putToken(provisioning.table, { id, hash: hashToken(token), label: "Entra production", createdAt: clock.now() });
  const telemetry = lambdaTelemetry({ tenant: "acme", namespace: "Rollcall" });
  const api = asLambda(print.line, createApiHandler({ provisioning, telemetry }));
  const laneOf = nameOfQueue({ leavers: "leavers", changes: "changes" });
  const worker = { ...provisioning, workerId: systemChance.uuid() };
  const work = asLambda(print.line, createWorkerHandler({ worker, laneOf, telemetry }));
  const sweep = asLambda(print.line, createSweeperHandler({ provisioning, telemetry }));

  async function drain(): Promise<void> {
    for (let found = true; found;) {
      found = false;
      for (const name of laneNames) {
        const messages = receiveMessages({ db, name, clock }, { visibilityTimeoutSeconds: 30, maxReceiveCount: 5 });
        if (messages.length === 0) continue;
        found = true;
        const answer = await work(sqsEvent(name, messages), invocation("worker", 60));
        const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        for (const { id, receipt } of messages) if (!failed.has(id)) deleteMessage({ db, name, clock }, receipt);
      }
    }
  }

  const ask: PrintingWorld["ask"] = async (method, target, asked = {}) => {
    const headers = { authorization: `Bearer ${token}`, ...asked.headers };
    return await api(apiEvent(method, target, { ...asked, headers }), invocation("api", 28));
  };
  return {
    provisioning,
    token,
    ask,
    fetch: async (input, { method = "GET", headers, body } = {}) => {
      const { pathname, search } = new URL(input instanceof Request ? input.url : input);
      const sent = { headers: Object.fromEntries(new Headers(headers)), ...(typeof body === "string" && { body }) };
      const answer = await ask(method, `${pathname}${search}`, sent);
      const { statusCode = 500, body: text = "", isBase64Encoded } = answer ?? {};
      const bytes = isBase64Encoded === true ? Buffer.from(text, "base64") : Buffer.from(text);
      return new Response(statusCode === 204 ? null : bytes, { status: statusCode });
    },
    failing: (percent, directoryPercent = percent) => void Object.assign(faults, { percent, directoryPercent }),
    pass: async (times, minutes) => {
      for (let n = 0; n < times; n += 1) {
        time.aheadMs += minutes * 60_000;
        await sweep();
        await drain();
        purgeExpired(db, Math.floor(clock.now() / 1000));
      }
    },
    printed: print.text,
    stored: (table) => {
      const items = db.prepare("SELECT * FROM item WHERE ? IN (tbl, '')").all(table ?? "");
      return JSON.stringify([items, table === undefined ? db.prepare("SELECT * FROM message").all() : []]);
    },
    queued: () => JSON.stringify(queued),
    close: () => {
      print.end();
      close();
    },
  };
}

/** Powertools writes to standard output by a console of its own; whatever else prints uses the global one. */
function listenToOutput(): { line: (text: string) => void; text: () => string; end: () => void } {
  const lines: string[] = [];
  const line = (...parts: unknown[]): void => void lines.push(parts.map(String).join(" "));
  const write = (text: string | Uint8Array): boolean => lines.push(String(text)) > 0;
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(write),
    vi.spyOn(process.stderr, "write").mockImplementation(write),
    ...(["log", "info", "warn", "error", "debug"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(line),
    ),
  ];
  return { line, text: () => lines.join("\n"), end: () => spies.forEach((spy) => spy.mockRestore()) };
}

/** Lambda's runtime prints the error of a failed invocation with all that is in it. */
function asLambda<Given extends unknown[], Result>(
  line: (text: string) => void,
  handler: (...given: Given) => Promise<Result>,
): (...given: Given) => Promise<Result | undefined> {
  return async (...given) => {
    try {
      return await handler(...given);
    } catch (error) {
      line(`Invoke Error ${inspect(error, { depth: 20, maxStringLength: null })}`);
      return undefined;
    }
  };
}

type Breakdown = (given: unknown) => void;

function failingTable(table: Table, breakdown: Breakdown): Table {
  /** What cannot be read: the error then quotes what was found. */
  const misread = async <Result>(given: unknown, found: Promise<Result>): Promise<Result> => {
    const result = await found;
    breakdown([given, result]);
    return result;
  };
  const refuse = async (given: unknown, write: () => Promise<void>): Promise<void> => {
    breakdown(given);
    await write();
  };
  return {
    get: async (key) => await misread(key, table.get(key)),
    batchGet: async (keys) => await misread(keys, table.batchGet(keys)),
    query: async (range) => await misread(range, table.query(range)),
    waiting: async (key, options) => await misread(key, table.waiting(key, options)),
    write: async (write) => await refuse(write, async () => await table.write(write)),
    transact: async (writes) => await refuse(writes, async () => await table.transact(writes)),
  };
}

function failingLane(lane: Lane, breakdown: Breakdown): Lane {
  return {
    send: async (...given) => {
      breakdown(given);
      await lane.send(...given);
    },
    sendAll: async (...given) => {
      breakdown(given);
      await lane.sendAll(...given);
    },
    bury: async (...given) => {
      breakdown(given);
      await lane.bury(...given);
    },
    depth: async () => {
      breakdown([]);
      return await lane.depth();
    },
  };
}

function recording(lane: Lane, queued: unknown[]): Lane {
  return {
    send: async (pointer, options) => {
      queued.push(pointer);
      await lane.send(pointer, options);
    },
    sendAll: async (pointers) => {
      queued.push(...pointers);
      await lane.sendAll(pointers);
    },
    bury: async (message, reason) => {
      queued.push([message, reason]);
      await lane.bury(message, reason);
    },
    depth: async () => await lane.depth(),
  };
}

/** As bad as errors get: what was written stands in the message, in the stack, in the cause and in the fields of the cause. */
function faultWith(chance: number, text: string): Error {
  const reasons = [{ Code: "ConditionalCheckFailed", Message: text, Item: { resource: { S: text } } }];
  const cause = Object.assign(new Error(text), { name: "TransactionCanceledException", CancellationReasons: reasons });
  if (chance < 0.2) return new TableError("throttled", `DynamoDB: ${text}`, { cause });
  if (chance < 0.4) return new TableError("lost", `DynamoDB: ${text}`, { cause });
  if (chance < 0.6) return new LaneError(`SQS did not take ${text}`, { cause });
  if (chance < 0.8) return new SyntaxError(`Unexpected token in ${text}\n    at ${text}:1:1`, { cause });
  return Object.assign(new TypeError(text), { cause, item: text });
}
