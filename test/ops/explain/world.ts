/**
 * A tenant as its identity provider and its operator see it: requests go through the handler of the deployed function, the
 * worker runs when a test says so, and the clock, the tenant file and the faults are the test's.
 */
import type { DatabaseSync } from "node:sqlite";
import { createApiHandler } from "../../../lib/handlers/api.ts";
import { nameOfQueue } from "../../../lib/handlers/name-of-queue.ts";
import { createSweeperHandler } from "../../../lib/handlers/sweeper.ts";
import { createWorkerHandler } from "../../../lib/handlers/worker.ts";
import { invocation } from "../../../lib/local/context.ts";
import { deleteMessage, receiveMessages, sqliteDeadLetters, sqliteLane } from "../../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../../lib/local/sqlite-table.ts";
import { sqsEvent } from "../../../lib/local/sqs-event.ts";
import { laneNames, type Operations } from "../../../lib/ops/operations.ts";
import { createToken } from "../../../lib/ops/tokens.ts";
import { type LaneName, type Table, TableError } from "../../../lib/provisioning/ports.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import type { Tenant } from "../../../lib/provisioning/tenant.ts";
import type { JsonObject } from "../../../lib/scim/json.ts";
import { systemChance } from "../../../lib/system.ts";
import { apiEvent } from "../../handlers/event.ts";
import { listening } from "../../handlers/harness.ts";
import { acme } from "../../local/served.ts";
import { manualClock, temporaryDatabase } from "../../local/temporary-database.ts";

export interface Answer {
  readonly status: number;
  readonly requestId: string;
  readonly body: JsonObject;
}

export interface World {
  readonly operations: Operations;
  readonly db: DatabaseSync;
  /** `path` below `/scim/v2`; shows the latest token of `newToken` unless another one is given, or null for none. */
  readonly ask: (method: string, path: string, body?: object, token?: string | null) => Promise<Answer>;
  /** The text of a fresh token, which is shown from now on. */
  readonly newToken: (options?: { idp?: string; expiresInDays?: number }) => Promise<string>;
  /** Handles what is in the lanes. */
  readonly work: () => Promise<void>;
  /** Looks for what is pending and due, once. */
  readonly sweep: () => Promise<void>;
  readonly pass: (ms: number) => Promise<void>;
  /** Another tenant file is deployed. */
  readonly deploy: (file: object) => void;
  /** From now on every access to such a partition fails; undefined: none. */
  readonly breakPartitions: (prefix: string | undefined) => void;
  /** How often the table was asked since the last call, by method; and the partitions of the queries. */
  readonly reads: () => { readonly calls: number; readonly queries: readonly string[] };
  readonly close: () => void;
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Nobody is told here: what explain says of that is in told.test.ts. */
const { events: _, ...quiet } = acme;

export function world(tenant: Tenant = quiet): World {
  const { db, close } = temporaryDatabase();
  const clock = manualClock(Date.UTC(2026, 10, 24, 8));
  const state = { tenant, broken: undefined as string | undefined, token: "", calls: 0, queries: [] as string[] };
  const table = watched(sqliteTable(db), state);
  const options = (name: LaneName) => ({ db, name, clock });
  const operations: Operations = {
    table,
    lanes: { leavers: sqliteLane(options("leavers")), changes: sqliteLane(options("changes")) },
    deadLetters: { leavers: sqliteDeadLetters(options("leavers")), changes: sqliteDeadLetters(options("changes")) },
    clock,
    chance: systemChance,
    get tenant() {
      return state.tenant;
    },
  };
  const { telemetry } = listening();
  const made = () => {
    const provisioning = { ...operations, tenant: state.tenant };
    return {
      api: createApiHandler({ provisioning, telemetry }),
      sweeper: createSweeperHandler({ provisioning, telemetry }),
      worker: createWorkerHandler({
        worker: { ...provisioning, workerId: "test" },
        laneOf: nameOfQueue({ leavers: "leavers", changes: "changes" }),
        telemetry,
      }),
    };
  };
  let handlers = made();
  return {
    operations,
    db,
    ask: async (method, path, body, token = state.token) => {
      const event = apiEvent(method, `/scim/v2${path}`, {
        ...(body === undefined ? {} : { body }),
        headers: { authorization: token === null ? undefined : `Bearer ${token}` },
      });
      const { statusCode = 0, body: text = "" } = await handlers.api(event, invocation("api", 28));
      const parsed: JsonObject = text === "" ? {} : JSON.parse(text);
      return { status: statusCode, requestId: event.requestContext.requestId, body: parsed };
    },
    newToken: async ({ idp, expiresInDays } = {}) => {
      const asked = { label: "test", ...(idp && { idp }), ...(expiresInDays && { expiresInDays }) };
      state.token = (await createToken(operations, asked)).token;
      return state.token;
    },
    work: async () => {
      for (const name of laneNames) {
        for (;;) {
          const messages = receiveMessages(options(name), { visibilityTimeoutSeconds: 30, maxReceiveCount: 5 });
          if (messages.length === 0) break;
          const { batchItemFailures } = await handlers.worker(sqsEvent(name, messages), invocation("worker", 60));
          const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
          for (const { id, receipt } of messages) if (!failed.has(id)) deleteMessage(options(name), receipt);
        }
      }
    },
    sweep: async () => {
      await handlers.sweeper();
    },
    pass: async (ms) => await clock.sleep(ms),
    deploy: (file) => {
      state.tenant = readTenantFile("acme", file);
      handlers = made();
    },
    breakPartitions: (prefix) => {
      state.broken = prefix;
    },
    reads: () => {
      const { calls, queries } = state;
      state.calls = 0;
      state.queries = [];
      return { calls, queries };
    },
    close,
  };
}

function watched(table: Table, state: { broken: string | undefined; calls: number; queries: string[] }): Table {
  const read = (...keys: readonly string[]): void => {
    state.calls += 1;
    const { broken } = state;
    if (broken !== undefined && keys.some((pk) => pk.startsWith(broken))) throw new TableError("lost", "no answer");
  };
  return {
    get: async (key) => {
      read(key.pk);
      return await table.get(key);
    },
    batchGet: async (keys) => {
      read(...keys.map(({ pk }) => pk));
      return await table.batchGet(keys);
    },
    query: async (range) => {
      read(range.pk);
      state.queries.push(range.pk);
      return await table.query(range);
    },
    waiting: async (key, options) => {
      read(key);
      return await table.waiting(key, options);
    },
    write: async (write) => {
      read(write.key.pk);
      await table.write(write);
    },
    transact: async (writes) => {
      read(...writes.map(({ key }) => key.pk));
      await table.transact(writes);
    },
  };
}

export function idOf({ status, body: { id } }: Answer): string {
  if (typeof id !== "string") throw new Error(`an answer without an id: ${status}`);
  return id;
}
