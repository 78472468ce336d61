/** The tables on SQLite. node:sqlite is synchronous, so a transaction is one function that nothing interrupts. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import {
  TableError,
  type Attributes,
  type Check,
  type Item,
  type Key,
  type Page,
  type QueryRange,
  type Table,
  type Waiting,
  type WaitingRange,
  type Write,
} from "../provisioning/ports.ts";
import { readable } from "../provisioning/format.ts";
import { addChange } from "./change-stream.ts";
import { inTransaction, prepared, primaryCode, sqliteCode } from "./database.ts";
import { itemBytes, keyBytes, transactionBytesMost } from "./item-size.ts";
import { compareBytes, conditionsHold, written } from "./item-write.ts";

/** As in DynamoDB, so that a caller who forgets `next` is noticed here. Units: bytes. */
const pageBytes = 1024 * 1024;

export interface SqliteTableOptions {
  /** What becomes of entries and steps of groups is kept for the stream, in the same transaction; told of each time. */
  readonly onChange?: () => void;
}

export function sqliteTable(db: DatabaseSync, { onChange }: SqliteTableOptions = {}): Table {
  const write = (writes: readonly (Write | Check)[]): void => {
    if (transact(db, writes, { streams: onChange !== undefined })) onChange?.();
  };
  return {
    get: async (key) => attempt(() => read(db, key)),
    batchGet: async (keys) => attempt(() => keys.map((key) => read(db, key))),
    query: async (range) => attempt(() => query(db, range)),
    waiting: async (key, options) => attempt(() => waiting(db, key, options)),
    write: async (one) => attempt(() => write([one])),
    transact: async (writes) => attempt(() => write(writes)),
  };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw tableError(error);
  }
}

/** An error of SQLite as the port tells it; any other as it is. */
export function tableError(error: unknown): unknown {
  switch (primaryCode(error)) {
    case sqliteCode.busy:
    case sqliteCode.locked:
      return new TableError("throttled", "another process holds the database", { cause: error });
    case sqliteCode.full:
      return new TableError("throttled", "the disk with the database is full", { cause: error });
    case sqliteCode.io:
      return new TableError("lost", "the disk with the database failed", { cause: error });
    default:
      return error;
  }
}

function read(db: DatabaseSync, key: Key): Item | undefined {
  const item = find(db, key);
  return item && readable(item);
}

function find(db: DatabaseSync, { table, pk, sk }: Key): Item | undefined {
  keyBytes({ pk, sk });
  const row = prepared(db, "SELECT attributes FROM item WHERE tbl = ? AND pk = ? AND sk = ?").get(table, pk, sk);
  return row === undefined ? undefined : { pk, sk, attributes: attributesOf(row) };
}

function attributesOf(row: Record<string, SQLOutputValue>): Attributes {
  return JSON.parse(String(row["attributes"]));
}

function query(db: DatabaseSync, range: QueryRange): Page {
  const { sql, bounds } = selection(range);
  const items: Item[] = [];
  let bytes = 0;
  for (const row of prepared(db, sql).iterate(range.table, range.pk, ...bounds)) {
    const last = items.at(-1);
    if (last !== undefined && (items.length === range.limit || bytes >= pageBytes)) return { items, next: last.sk };
    items.push(readable({ pk: range.pk, sk: String(row["sk"]), attributes: attributesOf(row) }));
    bytes += Buffer.byteLength(String(row["attributes"]));
  }
  return { items };
}

/** Where a page starts is one bound, not two: SQLite seeks by one of them and reads its way to the other. */
function selection({ from, to, after, descending = false }: QueryRange): { sql: string; bounds: string[] } {
  const tests = ["tbl = ?", "pk = ?"];
  const bounds: string[] = [];
  const bound = (test: string, value: string | undefined): void => {
    if (value === undefined) return;
    tests.push(test);
    bounds.push(value);
  };
  const [start, end] = descending ? [to, from] : [from, to];
  const [onward, backward] = descending ? ["<", ">"] : [">", "<"];
  const isFirstPage = after === undefined || (start !== undefined && isBefore(after, start, descending));
  if (isFirstPage) bound(`sk ${onward}= ?`, start);
  else bound(`sk ${onward} ?`, after);
  bound(`sk ${backward}= ?`, end);
  const order = descending ? "DESC" : "ASC";
  return { sql: `SELECT sk, attributes FROM item WHERE ${tests.join(" AND ")} ORDER BY sk ${order}`, bounds };
}

function isBefore(a: string, b: string, descending: boolean): boolean {
  return descending ? compareBytes(a, b) > 0 : compareBytes(a, b) < 0;
}

function waiting(
  db: DatabaseSync,
  key: string,
  { before, after, descending = false, limit }: WaitingRange,
): readonly Waiting[] {
  const [order, onward] = descending ? ["DESC", "<"] : ["ASC", ">"];
  const until = before === undefined ? "" : "AND wait_at <= ?";
  const behind = after === undefined ? "" : `AND (wait_at, tbl, pk, sk) ${onward} (?, 'scim', ?, ?)`;
  const rows = prepared(
    db,
    `SELECT pk, sk, wait_at, attributes ->> '$.pendingSince' AS pending_since, attributes ->> '$.reason' AS reason
     FROM item WHERE wait_key = ? ${until} ${behind}
     ORDER BY wait_at ${order}, tbl ${order}, pk ${order}, sk ${order} LIMIT ?`,
  ).all(
    key,
    ...(before === undefined ? [] : [before]),
    ...(after === undefined ? [] : [after.waitAt, after.pk, after.sk]),
    limit,
  );
  return rows.map((row) => ({
    pk: String(row["pk"]),
    sk: String(row["sk"]),
    waitAt: Number(row["wait_at"]),
    pendingSince: Number(row["pending_since"]),
    ...(typeof row["reason"] === "string" ? { reason: row["reason"] } : {}),
  }));
}

/** Whether the stream has something by it. */
function transact(db: DatabaseSync, writes: readonly (Write | Check)[], options: { streams: boolean }): boolean {
  return inTransaction(db, () => writeAll(db, writes, options));
}

/** The same within a transaction of the caller's, who takes back what it has written when it throws. */
export function writeAll(
  db: DatabaseSync,
  writes: readonly (Write | Check)[],
  { streams }: { streams: boolean },
): boolean {
  refuseMistakes(writes);
  let streamed = false;
  const before = writes.map(({ key }) => find(db, key)?.attributes);
  const failed = [...writes.keys()].filter((place) => !conditionsHold(writes[place]?.if, before[place]));
  if (failed.length > 0) throw new TableError("condition", "a condition did not hold", { failed });
  let bytes = 0;
  for (const [place, write] of writes.entries()) {
    if (write.kind === "check") continue;
    const after = written(write, before[place]);
    bytes += store(db, write.key, after);
    if (streams && addChange(db, write.key, before[place], after)) streamed = true;
  }
  if (bytes > transactionBytesMost)
    throw new Error(`a transaction has at most ${transactionBytesMost} bytes, this one has ${bytes}`);
  return streamed;
}

function refuseMistakes(writes: readonly (Write | Check)[]): void {
  if (writes.length < 1 || writes.length > 100)
    throw new Error(`a transaction has 1 to 100 items, this one has ${writes.length}`);
  const keys = new Set(writes.map(({ key }) => JSON.stringify([key.table, key.pk, key.sk])));
  if (keys.size < writes.length) throw new Error("a transaction names an item twice");
}

/** Its size in bytes. */
function store(db: DatabaseSync, { table, pk, sk }: Key, attributes: Attributes | undefined): number {
  if (attributes === undefined) {
    prepared(db, "DELETE FROM item WHERE tbl = ? AND pk = ? AND sk = ?").run(table, pk, sk);
    return 0;
  }
  const bytes = itemBytes({ table, pk, sk }, attributes);
  const { waitKey, waitAt, expires } = attributes;
  const waits = table === "scim" && typeof waitKey === "string" && typeof waitAt === "number";
  prepared(
    db,
    `INSERT INTO item (tbl, pk, sk, attributes, wait_key, wait_at, expires) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET attributes = excluded.attributes,
       wait_key = excluded.wait_key, wait_at = excluded.wait_at, expires = excluded.expires`,
  ).run(
    table,
    pk,
    sk,
    JSON.stringify(attributes),
    waits ? waitKey : null,
    waits ? waitAt : null,
    typeof expires === "number" ? expires : null,
  );
  return bytes;
}
