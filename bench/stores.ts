/** The stores that are measured, each with a worker over it and a bare call of its own as the baseline. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoTable } from "../lib/aws/dynamo-table.ts";
import { createTableInputs } from "../lib/aws/table-definition.ts";
import { openDatabase } from "../lib/local/database.ts";
import { sqliteTable } from "../lib/local/sqlite-table.ts";
import type { Worker } from "../lib/provisioning/apply.ts";
import type { Lane, Table } from "../lib/provisioning/ports.ts";
import { systemChance, systemClock } from "../lib/system.ts";
import { benchTenant } from "./tenant.ts";
import { startDynamoDbLocal } from "../test/real/servers.ts";

export interface Store {
  readonly name: string;
  readonly worker: Worker;
  /** Absent where the store does not count them. */
  readonly units?: { readonly write: () => number; readonly read: () => number };
  close(): Promise<void>;
}

/** The queue's own cost is not the point here. */
const silentLane: Lane = { send: async () => {}, sendAll: async () => {}, bury: async () => {}, depth: async () => 0 };

function workerOn(table: Table): Worker {
  return {
    table,
    lanes: { leavers: silentLane, changes: silentLane },
    clock: systemClock,
    chance: systemChance,
    tenant: benchTenant,
    workerId: "bench",
  };
}

export function embeddedOn(db: DatabaseSync): Worker {
  return workerOn(sqliteTable(db));
}

export async function embeddedStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const database = openDatabase({ folder, tenant: "bench" });
  return {
    name: "embedded (SQLite)",
    worker: embeddedOn(database),
    close: async () => {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function dynamoDbLocalStore(): Promise<Store> {
  const server = await startDynamoDbLocal();
  const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  const client = new DynamoDBClient({ endpoint: server.url, region: "eu-central-1", credentials });
  const names = { scim: `scim-${randomUUID()}`, directory: `directory-${randomUUID()}` };
  for (const input of createTableInputs(names)) await client.send(new CreateTableCommand(input));
  const units = countUnits(client);
  return {
    name: "DynamoDB Local",
    worker: workerOn(dynamoTable({ client, names })),
    units,
    close: async () => {
      client.destroy();
      await server.stop();
    },
  };
}

/** Every answer says what it consumed, indexes included; transactions count twice, as they are billed. */
function countUnits(client: DynamoDBClient): NonNullable<Store["units"]> {
  let [write, read] = [0, 0];
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const input = { ...args.input, ReturnConsumedCapacity: "INDEXES" };
        const result = await next({ ...args, input });
        const { ConsumedCapacity } = result.output as { ConsumedCapacity?: Consumed | Consumed[] };
        const total = [ConsumedCapacity ?? []].flat().reduce((sum, consumed) => sum + (consumed.CapacityUnits ?? 0), 0);
        if (/Get|Query/.test(commandName ?? "")) read += total;
        else write += total;
        return result;
      },
    { step: "initialize" },
  );
  return { write: () => write, read: () => read };
}

interface Consumed {
  readonly CapacityUnits?: number;
}
