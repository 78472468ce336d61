import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../lib/local/database.ts";
import { sqliteDeadLetters, sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { LaneError, type Key, type Table } from "../../lib/provisioning/ports.ts";
import { systemClock } from "../../lib/system.ts";
import { valueOf } from "../contract/table/fresh.ts";
import { temporaryFolder } from "./temporary-database.ts";

const counter: Key = { table: "directory", pk: "Counter", sk: "-" };

describe("durability", () => {
  test("kill -9 loses nothing that was acknowledged", async () => {
    const folder = newFolder();
    const { child, printed } = writeLoop(folder, "killed");
    while (printed().length < 300) await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "close");

    const db = open(folder);
    const acknowledged = printed();
    const items = await sqliteTable(db).batchGet(acknowledged.map((sk) => ({ table: "scim", pk: "killed", sk })));
    expect(items.filter((item) => item === undefined)).toEqual([]);
    const messages = db.prepare("SELECT body FROM message").all();
    const versions = new Set(messages.map(({ body }) => String(JSON.parse(String(body)).version)));
    expect(acknowledged.filter((version) => !versions.has(version))).toEqual([]);
  });

  test("kill -9 leaves no half of a transaction", async () => {
    const folder = newFolder();
    const { child, printed } = writeLoop(folder, "killed");
    while (printed().length < 50) await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "close");

    const db = open(folder);
    const items = db.prepare("SELECT count(*) AS n FROM item WHERE pk = 'killed'").get()?.["n"];
    expect(await valueOf(sqliteTable(db), counter, "n")).toBe(items);
  });
});

describe("two processes on one file", () => {
  test("both write at once, and neither loses or fails a write", async () => {
    const folder = newFolder();
    const table = sqliteTable(open(folder));
    const { child, exit } = writeLoop(folder, "other", 300);
    await once(child.stdout, "data");
    await addToCounter(table, 300);
    expect(await exit).toBe(0);
    expect(await valueOf(table, counter, "n")).toBe(600);
  });

  test("four that make the same new file at once agree", async () => {
    const folder = newFolder();
    const exits = ["a", "b", "c", "d"].map((name) => writeLoop(folder, name, 5).exit);
    expect(await Promise.all(exits)).toEqual([0, 0, 0, 0]);
    expect(await valueOf(sqliteTable(open(folder)), counter, "n")).toBe(20);
  });

  test("one that comes while the other is making the file waits for it", async () => {
    const folder = newFolder();
    const making = `const db = new (require("node:sqlite").DatabaseSync)(process.argv[1]);
      db.exec("BEGIN IMMEDIATE; CREATE TABLE other (n)");
      process.stdout.write("making");
      setTimeout(() => db.exec("COMMIT"), 200);`;
    const other = spawn(process.execPath, ["-e", making, join(folder, "acme.sqlite")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(other.stdout, "data");
    const table = sqliteTable(open(folder));
    await table.write({ kind: "put", key: counter, attributes: { n: 1 } });
    expect(await valueOf(table, counter, "n")).toBe(1);
  });
});

describe("two connections to one file", () => {
  test("each sees at once what the other has written", async () => {
    const folder = newFolder();
    const [one, other] = [open(folder), open(folder)];
    await sqliteTable(one).write({ kind: "put", key: counter, attributes: { n: 1 } });
    expect(await valueOf(sqliteTable(other), counter, "n")).toBe(1);
    await sqliteLane({ db: other, name: "leavers", clock: systemClock }).bury("?", "unreadable-message");
    expect(await sqliteDeadLetters({ db: one, name: "leavers", clock: systemClock }).depth()).toBe(1);
  });

  test("a reader is not held up by a writer, and sees nothing of what it has not committed", async () => {
    const folder = newFolder();
    const [reader, writer] = [open(folder), open(folder)];
    writer.exec(
      "BEGIN IMMEDIATE; INSERT INTO item (tbl, pk, sk, attributes) VALUES ('directory', 'Counter', '-', '{}')",
    );
    expect(await sqliteTable(reader).get(counter)).toBeUndefined();
  });

  test("a write that waits too long for another is throttled: nothing was written", async () => {
    const { table, lane } = impatientWriter();
    await expect(table.write({ kind: "put", key: counter, attributes: {} })).rejects.toMatchObject({
      name: "TableError",
      kind: "throttled",
    });
    await expect(lane.sendAll([{ type: "User", id: "a", version: 1 }])).rejects.toThrow(LaneError);
    expect(await table.get(counter)).toBeUndefined();
  });

  test("a write that meets a full disk is throttled: nothing was written, and reads go on", async () => {
    const db = open(newFolder());
    const table = sqliteTable(db);
    await table.write({ kind: "put", key: counter, attributes: { n: 1 } });
    db.exec("PRAGMA max_page_count = 1");
    const large = { kind: "put", key: { ...counter, sk: "large" }, attributes: { text: "x".repeat(100_000) } } as const;
    const both = table.transact([{ kind: "update", key: counter, set: { n: 2 } }, large]);
    await expect(both).rejects.toMatchObject({
      name: "TableError",
      kind: "throttled",
      message: expect.stringContaining("full"),
    });
    expect(await valueOf(table, counter, "n")).toBe(1);
    db.exec("PRAGMA max_page_count = 1000000");
    await table.write(large);
    expect(await table.get(large.key)).toBeDefined();
  });
});

describe("a data folder", () => {
  test("is made when it is not there", async () => {
    const db = open(join(newFolder(), "not", "yet"));
    expect(await sqliteTable(db).get(counter)).toBeUndefined();
  });

  test("is opened again with what is in it", async () => {
    const folder = newFolder();
    await sqliteTable(open(folder)).write({ kind: "put", key: counter, attributes: { n: 1 } });
    expect(await valueOf(sqliteTable(open(folder)), counter, "n")).toBe(1);
  });

  test.each([
    ["is a file", "file"],
    ["is inside a file", "file/folder"],
  ])("that %s cannot be written: the error names it and the cure", (_, name) => {
    const parent = newFolder();
    writeFileSync(join(parent, "file"), "");
    const folder = join(parent, name);
    expect(() => open(folder)).toThrow(`The data folder ${folder} cannot be written`);
    expect(() => open(folder)).toThrow(/: make it a folder in which this user may write .*, or name another one\.$/);
  });

  // Nothing is read-only to root.
  test.skipIf(process.getuid?.() === 0).each([
    ["folder", ""],
    ["file", "acme.sqlite"],
  ])("with a read-only %s cannot be written: found at the start, not at the first request", (_, name) => {
    const folder = newFolder();
    if (name !== "") openDatabase({ folder, tenant: "acme" }).close();
    chmodSync(join(folder, name), 0o555);
    expect(() => open(folder)).toThrow(`The data folder ${folder} cannot be written`);
  });

  test("with something else in the database's place: the error names the file", () => {
    const folder = newFolder();
    const path = join(folder, "acme.sqlite");
    writeFileSync(path, "no database, but long enough to look like one ".repeat(100));
    expect(() => open(folder)).toThrow(
      `${path} is not a sound SQLite database: move it away, or name another data folder.`,
    );
  });

  test("of a newer version of Rollcall is left alone", () => {
    const folder = newFolder();
    open(folder).exec("PRAGMA user_version = 999");
    expect(() => open(folder)).toThrow("was made by a newer version of Rollcall");
  });
});

function newFolder(): string {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  return folder.path;
}

function open(folder: string): DatabaseSync {
  const db = openDatabase({ folder, tenant: "acme" });
  onTestFinished(() => db.close());
  return db;
}

/** Ports on a database that another connection has locked, and that wait for it no longer than a moment. */
function impatientWriter(): { table: Table; lane: ReturnType<typeof sqliteLane> } {
  const folder = newFolder();
  const [waits, holds] = [open(folder), open(folder)];
  waits.exec("PRAGMA busy_timeout = 20");
  holds.exec("BEGIN IMMEDIATE");
  return { table: sqliteTable(waits), lane: sqliteLane({ db: waits, name: "changes", clock: systemClock }) };
}

async function addToCounter(table: Table, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await table.write({ kind: "update", key: counter, add: { n: 1 } });
    await setImmediate();
  }
}

function writeLoop(folder: string, name: string, writes?: number) {
  const script = fileURLToPath(new URL("./write-loop.ts", import.meta.url));
  const args = [script, folder, name, ...(writes === undefined ? [] : [String(writes)])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const exit = once(child, "close").then(() => child.exitCode);
  // The last piece is empty, or a line that was cut off.
  return { child, exit, printed: () => output.split("\n").slice(0, -1) };
}
