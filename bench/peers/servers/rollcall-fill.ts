/**
 * Fills Rollcall's tables by its own code: people and groups are accepted and applied in an embedded store, where that is quick,
 * and what it then holds is copied, item by item, to DynamoDB.
 */
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { marshalItem, marshalKey } from "../../../lib/aws/marshal.ts";
import { tableName, type TableNames } from "../../../lib/aws/write-input.ts";
import { openDatabase } from "../../../lib/local/database.ts";
import { sqliteTable } from "../../../lib/local/sqlite-table.ts";
import { apply, type Worker } from "../../../lib/provisioning/apply.ts";
import type { Key, Lane, Pointer, Table } from "../../../lib/provisioning/ports.ts";
import { createResource } from "../../../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../../../lib/scim/resource-type.ts";
import type { Control } from "../control.ts";
import { bodyOfPerson } from "../people.ts";
import { bareClient, batchWriter } from "./batch-writer.ts";

const silentLane: Lane = { send: async () => {}, sendAll: async () => {}, bury: async () => {}, depth: async () => 0 };
/** Applied in pieces: one call walks for as long as a function may. */
const appliesMost = 1_000;

export function rollcallFill(real: Worker, endpoint: string, names: TableNames): Pick<Control, "fill" | "group"> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const database = openDatabase({ folder, tenant: "bench" });
  // It need not outlive this process.
  database.exec("PRAGMA synchronous = OFF");
  const { table, written } = watched(sqliteTable(database));
  const w: Worker = { ...real, table, lanes: { leavers: silentLane, changes: silentLane } };
  const ids: string[] = [];
  const caller = () => ({ caller: { requestId: randomUUID(), tokenId: "bench" } });
  const copy = async (): Promise<void> => {
    await copyItems(table, [...written.values()], endpoint, names);
    written.clear();
  };
  return {
    async fill(from, to) {
      for (let n = from; n < to; n += 1) {
        const { state } = await createResource(w, userType, bodyOfPerson(n), caller());
        ids[n] = state.id;
        await applied(w, { type: "User", id: state.id, version: state.version });
      }
      await copy();
      return ids.slice(from, to);
    },
    async group(size) {
      const members = ids.slice(0, size).map((value) => ({ value, type: "User" }));
      const { state } = await createResource(w, groupType, { displayName: randomUUID(), members }, caller());
      await applied(w, { type: "Group", id: state.id, version: state.version });
      await copy();
      return state.id;
    },
  };
}

async function applied(w: Worker, pointer: Pointer): Promise<void> {
  for (let n = 0; n < appliesMost; n += 1) {
    const { kind } = await apply(w, "changes", pointer);
    if (kind === "applied" || kind === "nothing") return;
    if (kind === "parked" || kind === "later") throw new Error(`what was put in is ${kind}`);
  }
  throw new Error(`what was put in is not applied after ${appliesMost} turns`);
}

/** Keeps the keys that were written. */
function watched(table: Table): { readonly table: Table; readonly written: Map<string, Key> } {
  const written = new Map<string, Key>();
  const note = (key: Key) => written.set(`${key.table} ${key.pk} ${key.sk}`, key);
  return {
    written,
    table: {
      ...table,
      write: async (write) => {
        await table.write(write);
        note(write.key);
      },
      transact: async (writes) => {
        await table.transact(writes);
        for (const one of writes) if (one.kind !== "check") note(one.key);
      },
    },
  };
}

/** What the requests of the bench change stays: the counts are added to, and nobody is written twice. */
async function copyItems(table: Table, keys: readonly Key[], endpoint: string, names: TableNames): Promise<void> {
  const writer = batchWriter(endpoint);
  for (const key of keys) {
    const item = await table.get(key);
    if (item === undefined || key.pk.startsWith("Count#")) continue;
    await writer.put(tableName(names, key.table), marshalItem(key, item.attributes));
  }
  await writer.end();
  const client = bareClient(endpoint);
  for (const key of keys.filter(({ pk }) => pk.startsWith("Count#"))) {
    const item = await table.get(key);
    const count = Number(item?.attributes["count"]);
    await client.send(
      new UpdateItemCommand({
        TableName: tableName(names, key.table),
        Key: marshalKey(key),
        UpdateExpression: "ADD #count :count",
        ExpressionAttributeNames: { "#count": "count" },
        ExpressionAttributeValues: { ":count": { N: String(count) } },
      }),
    );
    await table.write({ kind: "put", key, attributes: { ...item?.attributes, count: 0 } });
  }
  client.destroy();
}
