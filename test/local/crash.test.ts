/**
 * `npm start` is killed with SIGKILL at random moments while an identity provider provisions into it. Nothing that was
 * acknowledged may be missing after the next start, and everything pending is applied.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../../lib/local/database.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { waitKeys } from "../../lib/provisioning/keys.ts";
import type { LaneName, Table } from "../../lib/provisioning/ports.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { systemChance, systemClock } from "../../lib/system.ts";
import { freePort } from "../free-port.ts";
import { randomFrom } from "../simulation/random.ts";
import { acme } from "./served.ts";
import { temporaryFolder } from "./temporary-database.ts";

const rounds = 6;
const callers = 8;
const seed = Number(process.env["ROLLCALL_SEED"] ?? 7);
const token = `rc_crash_${"0123456789abcdef".repeat(2)}`;
const folder = temporaryFolder();
const running: ChildProcess[] = [];

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  folder.remove();
});

async function start(port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../bin/serve.ts")], {
    env: { ...process.env, PORT: String(port), HOST: "127.0.0.1", ROLLCALL_DATA: folder.path, ROLLCALL_TOKEN: token },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  let said = "";
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (/^ready /m.test(said)) return child;
  }
  throw new Error(`it did not start: ${said}`);
}

/** What was acknowledged. */
interface Ledger {
  readonly users: Map<string, { active: boolean; title: string | undefined }>;
  readonly members: Set<string>;
  group: string;
}

async function ask(
  url: string,
  method: string,
  body?: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** Provisions until the server is gone; only what was answered goes into the ledger. */
async function provision(baseUrl: string, ledger: Ledger, name: string): Promise<void> {
  const patch = (...Operations: object[]) => ({ Operations });
  try {
    for (let n = 0; ; n += 1) {
      const created = await ask(`${baseUrl}/Users`, "POST", { userName: `${name}-${n}@crash.example` });
      if (created.status !== 201) continue;
      const id = String(created.body["id"]);
      const known = { active: true, title: undefined as string | undefined };
      ledger.users.set(id, known);
      const added = await ask(
        `${baseUrl}/Groups/${ledger.group}`,
        "PATCH",
        patch({ op: "Add", path: "members", value: [{ value: id }] }),
      );
      if (added.status === 204) ledger.members.add(id);
      const title = `t${n}`;
      const titled = await ask(
        `${baseUrl}/Users/${id}`,
        "PATCH",
        patch({ op: "replace", path: "title", value: title }),
      );
      if (titled.status === 200) known.title = title;
      if (n % 3 !== 0) continue;
      const left = await ask(
        `${baseUrl}/Users/${id}`,
        "PATCH",
        patch({ op: "Replace", path: "active", value: "False" }),
      );
      if (left.status === 200) known.active = false;
    }
  } catch {
    // The server was killed: whatever was under way has no answer, so nobody may rely on it.
  }
}

const pause = async (ms: number) => await new Promise<void>((resolve) => void setTimeout(resolve, ms));

async function untilNothingWaits(table: Table): Promise<void> {
  const deadline = Date.now() + 50_000;
  for (;;) {
    const keys = [...waitKeys("leaver"), ...waitKeys("due")];
    const waiting = await Promise.all(keys.map((key) => table.waiting(key, { limit: 1 })));
    if (waiting.flat().length === 0) return;
    if (Date.now() > deadline) throw new Error(`still pending: ${JSON.stringify(waiting.flat())}`);
    await pause(250);
  }
}

test(
  `kill -9 at ${rounds} random moments (seed ${seed}): nothing acknowledged is missing, everything pending is applied`,
  { timeout: 120_000 },
  async () => {
    const random = randomFrom(seed);
    const port = await freePort();
    const baseUrl = `http://127.0.0.1:${port}/scim/v2`;
    const ledger: Ledger = { users: new Map(), members: new Set(), group: "" };
    let server = await start(port);
    ledger.group = String((await ask(`${baseUrl}/Groups`, "POST", { displayName: "all" })).body["id"]);
    for (let round = 0; round < rounds; round += 1) {
      const before = ledger.users.size;
      const clients = Array.from({ length: callers }, (_, n) => provision(baseUrl, ledger, `${round}-${n}`));
      await pause(150 + random.int(600));
      // On a busy machine that may have been too short for a single answer.
      while (ledger.users.size < before + 2) await pause(20);
      server.kill("SIGKILL");
      await Promise.all([once(server, "exit"), ...clients]);
      server = await start(port);
    }

    const db = openDatabase({ folder: folder.path, tenant: "acme" });
    const table = sqliteTable(db);
    // What was killed between accept and send waits for the sweep; it comes a minute early, so that the test need not wait.
    const early = { ...systemClock, now: () => Date.now() + 61_000 };
    const lane = (name: LaneName) => sqliteLane({ db, name, clock: systemClock });
    const lanes = { leavers: lane("leavers"), changes: lane("changes") };
    await sweep({ table, lanes, clock: early, chance: systemChance, tenant: acme });
    await untilNothingWaits(table);
    const group = await ask(`${baseUrl}/Groups/${ledger.group}`, "GET");
    const members = new Set((group.body["members"] as { value: string }[]).map((member) => member.value));
    expect([...ledger.members].filter((id) => !members.has(id))).toEqual([]);
    for (const [id, known] of ledger.users) {
      const { status, body } = await ask(`${baseUrl}/Users/${id}`, "GET");
      expect(status).toBe(200);
      // What had no answer may have been accepted all the same; what had one must be there.
      const title = known.title === undefined ? {} : { title: known.title };
      expect(body).toMatchObject({ ...title, ...(known.active ? {} : { active: false }) });
      const entry = await table.get({ table: "directory", pk: `User#${id}`, sk: "Entry" });
      expect(entry?.attributes).toMatchObject({ state: body["active"] === true ? "active" : "suspended" });
      expect(JSON.parse(String(entry?.attributes["profile"]))).toEqual(
        expect.objectContaining({
          login: body["userName"],
          ...(body["title"] === undefined ? {} : { title: body["title"] }),
        }),
      );
      const member = await table.get({ table: "directory", pk: `Group#${ledger.group}`, sk: `Member#${id}` });
      expect(member !== undefined).toBe(members.has(id));
    }
    db.close();
  },
);
