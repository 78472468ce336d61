/**
 * The one SQLite file that holds a tenant's tables and lanes in embedded mode. `npm start` and the command
 * `rollcall --local` are two processes on it.
 */
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

/** Primary result codes. Source: sqlite.org/rescode.html */
export const sqliteCode = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  noFile: 14,
  notDatabase: 26,
};

/** How long a write waits for another process. A write here takes less than a millisecond. */
const busyMsMax = 5000;

const lookAgainMs = 5;

/**
 * Keys compare as BINARY, which is by UTF-8 bytes, as in DynamoDB. What an index needs stands beside the attributes,
 * written with them. A message keeps its id for life: a receipt is made of it, so an id must never be used again.
 */
const firstSchema = `
  CREATE TABLE item (
    tbl TEXT NOT NULL,
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    attributes TEXT NOT NULL,
    wait_key TEXT,
    wait_at INTEGER,
    expires INTEGER,
    PRIMARY KEY (tbl, pk, sk)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX item_waiting ON item (wait_key, wait_at) WHERE wait_key IS NOT NULL;
  CREATE INDEX item_expires ON item (expires) WHERE expires IS NOT NULL;

  CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    reason TEXT,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX message_visible ON message (queue, visible_at);
  CREATE INDEX message_sent ON message (sent_at);
`;

/**
 * Queues of sinks keep an order: a message of theirs has a subject. `sent` remembers for five minutes what was sent, as SQS
 * does, also when the message has gone.
 */
const sinkQueues = `
  ALTER TABLE message ADD COLUMN subject TEXT;
  CREATE INDEX message_subject ON message (queue, subject, visible_at) WHERE subject IS NOT NULL;

  CREATE TABLE sent (
    queue TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (queue, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sent_at ON sent (at);
`;

/** What a stream of the Directory table would bring, until it was handled; empty where nobody is told of changes. */
const changes = `
  CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    before TEXT,
    after TEXT,
    at INTEGER NOT NULL
  ) STRICT;
`;

/**
 * What brings a file from each version to the next, from 0, which is an empty file. A file of an earlier release takes the
 * steps that it lacks when it is opened. A step never changes once it was released; for items see provisioning/format.ts.
 */
const steps: readonly string[] = [firstSchema, sinkQueues, changes];

/**
 * Opens `<folder>/<tenant>.sqlite`, and makes folder and file when they are not there.
 *
 * Errors: Error with one sentence for the person who chose the folder.
 */
export function openDatabase({ folder, tenant }: { folder: string; tenant: string }): DatabaseSync {
  const path = join(folder, `${tenant}.sqlite`);
  let db: DatabaseSync | undefined;
  try {
    makeFolder(folder);
    makeFile(path);
    db = new DatabaseSync(path, { timeout: busyMsMax });
    // FULL syncs the log at every commit, so that what was acknowledged outlives a power cut as well as kill -9.
    // NORMAL would do for kill -9 alone; measured, a transaction of five items: 190 µs against 80 µs.
    db.exec("PRAGMA synchronous = FULL");
    waitForWal(db);
    migrate(db);
    return db;
  } catch (error) {
    db?.close();
    throw openingError(error, folder, path);
  }
}

/** With its parents. Not mkdir's `recursive`: in Node 24 that never returns for a folder below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // The other process was quicker.
    if (!existsSync(folder)) throw error;
  }
}

/** For this user alone: it holds people. SQLite gives the files beside it, its log, the rights of this one. */
function makeFile(path: string): void {
  closeSync(openSync(path, "a", 0o600));
}

/**
 * Whoever makes a new file at the same moment holds a lock that SQLite does not wait for here, whatever the busy time-out:
 * two that want to change the mode would wait for each other.
 */
function waitForWal(db: DatabaseSync): void {
  const end = performance.now() + busyMsMax;
  for (;;) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (primaryCode(error) !== sqliteCode.busy || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookAgainMs);
    }
  }
}

/** Takes the write lock even when there is nothing to do: a file that cannot be written is noticed now, not at the first request. */
function migrate(db: DatabaseSync): void {
  inTransaction(db, () => {
    const version = db.prepare("PRAGMA user_version").get()?.["user_version"];
    if (typeof version !== "number" || version > steps.length) throw new NewerDatabase();
    if (version === steps.length) return;
    for (const step of steps.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

class NewerDatabase extends Error {}

function openingError(error: unknown, folder: string, path: string): Error {
  const cause = { cause: error };
  if (error instanceof NewerDatabase)
    return new Error(`${path} was made by a newer version of Rollcall: use that version, or name another data folder.`);
  switch (primaryCode(error)) {
    case sqliteCode.notDatabase:
    case sqliteCode.corrupt:
      return new Error(`${path} is not a sound SQLite database: move it away, or name another data folder.`, cause);
    case sqliteCode.busy:
      return new Error(`${path} is in use by another program: stop that program, or name another data folder.`, cause);
    default: {
      const why = error instanceof Error ? error.message : String(error);
      const cure = "make it a folder in which this user may write and which has space left, or name another one";
      return new Error(`The data folder ${folder} cannot be written (${why}): ${cure}.`, cause);
    }
  }
}

/**
 * All that `work` writes, or nothing of it.
 *
 * IMMEDIATE: a deferred transaction that reads first and then writes fails at once when another process has written
 * in between, whatever the busy time-out.
 */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // After some errors, such as a full disk, SQLite has rolled back by itself.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** A statement, prepared once for each connection. */
export function prepared(db: DatabaseSync, sql: string): StatementSync {
  const known = statements.get(db) ?? new Map<string, StatementSync>();
  statements.set(db, known);
  const statement = known.get(sql) ?? db.prepare(sql);
  known.set(sql, statement);
  return statement;
}

/** Undefined when the error is not SQLite's. */
export function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}
