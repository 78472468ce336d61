/**
 * `node test/formats/run.ts <folder of a release> <its name>`: plays the company through a release as it was, and writes what
 * it left in its tables and queues to test/formats/releases/<name>.json. Each release is played once, before the next one
 * changes a format:
 *
 *   git worktree add --detach ../release <commit> && ln -s "$PWD/node_modules" ../release/node_modules
 *   node test/formats/run.ts ../release <commit>
 *
 * The release is only asked over HTTP; its worker is held by triggers in its own SQLite file.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { applied, halfDone, pending, type Sent } from "./company.ts";
import { type Fixture, token } from "./fixture.ts";

const [release, name] = process.argv.slice(2);
if (release === undefined || name === undefined || !/^[a-z0-9.-]+$/.test(name)) {
  throw new Error("Usage: node test/formats/run.ts <folder of a release> <its name>");
}
const tenant = "formats";
const folder = mkdtempSync(join(tmpdir(), "rollcall-formats-"));
const tenantFile = join(resolve(release), `tenants/${tenant}.json`);
cpSync(join(import.meta.dirname, "tenant.json"), tenantFile);
const server = spawn(process.execPath, ["bin/serve.ts"], {
  cwd: release,
  env: { PATH: process.env["PATH"], PORT: "0", ROLLCALL_DATA: folder, ROLLCALL_TENANT: tenant, ROLLCALL_TOKEN: token },
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = new Promise<void>((done) => server.once("close", () => done()));

try {
  const baseUrl = await readyUrl();
  const ids = new Map<string, string>();
  const send = async (sent: Sent) => await ask(baseUrl, ids, sent);
  const db = new DatabaseSync(join(folder, `${tenant}.sqlite`), { timeout: 5_000 });
  for (const sent of applied) await send(sent);
  await until("everything is applied", () => waiting(db, "due") === 0 && waiting(db, "parked") === 1);
  stopAfterTheFirstStep(db, ids.get(halfDone.group) ?? "");
  await send(halfDone.sent);
  await until("the walk has begun", () => cursorOf(db, ids.get(halfDone.group) ?? "") !== undefined);
  holdMessages(db);
  for (const sent of pending) await send(sent);
  const { nextCursor } = await ask(baseUrl, ids, { method: "GET", path: "/Users?cursor=&count=5" });
  server.kill("SIGTERM");
  await ended;
  db.exec("DROP TRIGGER hold; DROP TRIGGER step");
  const fixture = { ...dump(db), release: name, cursor: String(nextCursor), ids: Object.fromEntries(ids) };
  db.close();
  writeFileSync(join(import.meta.dirname, `releases/${name}.json`), `${JSON.stringify(fixture satisfies Fixture)}\n`);
  console.log(`${fixture.items.length} items and ${fixture.messages.length} messages of ${name}`);
} finally {
  server.kill("SIGKILL");
  rmSync(tenantFile, { force: true });
  rmSync(folder, { recursive: true, force: true });
}

async function readyUrl(): Promise<string> {
  let said = "";
  for await (const data of server.stdout) {
    said += String(data);
    const [, url] = /^ready (\S+)$/m.exec(said) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`The release did not start: ${said}`);
}

async function ask(
  baseUrl: string,
  ids: Map<string, string>,
  { method, path, body }: Omit<Sent, "method"> & { method: string },
): Promise<Record<string, unknown>> {
  const named = (text: string) => text.replaceAll(/\{([A-Za-z]+[0-9]*)\}/g, (_, who: string) => ids.get(who) ?? who);
  const answer = await fetch(`${baseUrl}${named(path)}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
    ...(body !== undefined && { body: named(JSON.stringify(body)) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  const json: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
  const { id, userName, displayName } = json;
  if (method === "POST") ids.set(String(userName ?? displayName).replace("@example.com", ""), String(id));
  return json;
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (isSo()) return;
    await sleep(100);
  }
  throw new Error(`A minute has passed, and it is not so that ${what}.`);
}

function waiting(db: DatabaseSync, kind: string): number {
  return Number(db.prepare("SELECT count(*) AS n FROM item WHERE wait_key LIKE ?").get(`${kind}#%`)?.["n"]);
}

function cursorOf(db: DatabaseSync, id: string): unknown {
  const sql =
    "SELECT attributes ->> '$.cursor' AS cursor FROM item WHERE pk LIKE 'Group#%' AND sk = ? AND tbl = 'scim'";
  return db.prepare(sql).get(id)?.["cursor"] ?? undefined;
}

/** As if the worker's machine had gone: nothing of the head can be written any more. */
function stopAfterTheFirstStep(db: DatabaseSync, id: string): void {
  db.exec(`CREATE TRIGGER step BEFORE UPDATE ON item
    WHEN OLD.sk = '${id}' AND OLD.attributes ->> '$.cursor' IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the worker is gone'); END`);
}

/** Nobody receives anything that is sent from now on. */
function holdMessages(db: DatabaseSync): void {
  db.exec(`CREATE TRIGGER hold AFTER INSERT ON message
    BEGIN UPDATE message SET visible_at = 8640000000000000 WHERE id = NEW.id; END`);
}

function dump(db: DatabaseSync): Omit<Fixture, "release" | "cursor" | "ids"> {
  const rows = (sql: string) => db.prepare(sql).all();
  return {
    at: Date.now(),
    userVersion: Number(db.prepare("PRAGMA user_version").get()?.["user_version"]),
    schema: rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'").map(({ sql }) =>
      String(sql),
    ),
    items: rows("SELECT tbl, pk, sk, attributes FROM item ORDER BY tbl, pk, sk").map(({ tbl, pk, sk, attributes }) => ({
      table: tbl === "scim" ? "scim" : "directory",
      pk: String(pk),
      sk: String(sk),
      attributes: JSON.parse(String(attributes)),
    })),
    messages: rows("SELECT queue, body, reason, sent_at FROM message ORDER BY id").map(
      ({ queue, body, reason, sent_at }) => ({
        queue: String(queue),
        body: String(body),
        ...(reason !== null && { reason: String(reason) }),
        sentAt: Number(sent_at),
      }),
    ),
  };
}
