import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../lib/local/database.ts";
import { enqueue } from "../../lib/local/message-queue.ts";
import { sqliteDeadLetters } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { entryKey } from "../../lib/provisioning/keys.ts";
import type { LaneName } from "../../lib/provisioning/ports.ts";
import { listTokens } from "../../lib/provisioning/token.ts";
import { systemClock } from "../../lib/system.ts";
import { newToken } from "../../lib/token.ts";
import { createToken } from "../../lib/ops/tokens.ts";
import { appendMany } from "../events/fed.ts";
import { acme, eventually, idOf, patch, startServer, type TestServer, user } from "./served.ts";
import { temporaryFolder } from "./temporary-database.ts";

describe("the embedded server", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => await server.close());

  test("applies what was accepted, milliseconds later", async () => {
    const id = idOf(await server.ask("POST", "/Users", user("applied@example.com")));
    const db = openDatabase({ folder: server.dataDir, tenant: "acme" });
    const entry = entryKey("User", id);
    await eventually(async () => (await sqliteTable(db).get(entry)) !== undefined);
    expect(await sqliteTable(db).get(entry)).toMatchObject({ attributes: { id, version: 1, state: "active" } });
    db.close();
  });

  test("answers while a backlog is applied, and leavers do not wait for the others", async () => {
    const id = idOf(await server.ask("POST", "/Users", user("leaves@example.com")));
    const other = idOf(await server.ask("POST", "/Users", user("stays@example.com")));
    const db = openDatabase({ folder: server.dataDir, tenant: "acme" });
    const waiting = () => Number(db.prepare("SELECT count(*) AS n FROM message WHERE queue = 'changes'").get()?.["n"]);
    await eventually(() => waiting() === 0);
    const pointer = JSON.stringify({ type: "User", id: other, version: 1 });
    enqueue(
      { db, name: "changes", clock: systemClock },
      Array.from({ length: 3_000 }, () => pointer),
    );
    await eventually(() => waiting() < 3_000);
    const answer = await server.ask("PATCH", `/Users/${id}`, patch({ op: "replace", path: "active", value: false }));
    expect(answer.status).toBe(200);
    await eventually(
      async () => (await sqliteTable(db).get(entryKey("User", id)))?.attributes["state"] === "suspended",
    );
    expect(waiting()).toBeGreaterThan(1_000);
    db.exec("DELETE FROM message WHERE queue = 'changes'");
    db.close();
  });

  test.each<LaneName>(["leavers", "changes"])(
    "a message that is not ours on the lane %s becomes a dead letter with a reason",
    async (name) => {
      const db = openDatabase({ folder: server.dataDir, tenant: "acme" });
      enqueue({ db, name, clock: systemClock }, ["not a pointer"]);
      const letters = sqliteDeadLetters({ db, name, clock: systemClock });
      await eventually(async () => (await letters.depth()) === 1);
      expect(await letters.receive({ hiddenSeconds: 1 })).toMatchObject([
        { body: "not a pointer", reason: "unreadable-message" },
      ]);
      db.close();
    },
  );

  test("locations are those that the client can reach (R27)", async () => {
    const answer = await server.ask("POST", "/Users", user("reach@example.com"));
    expect(answer.headers.get("location")).toBe(`${server.baseUrl}/Users/${idOf(answer)}`);
  });

  test("a body beyond what API Gateway takes: 413 with a SCIM body (R88, R124)", async () => {
    const answer = await server.ask("POST", "/Users", user("x".repeat(11 * 1024 * 1024)));
    expect(answer).toMatchObject({ status: 413, body: { status: "413" } });
  });

  test("a path that cannot be decoded: 400 with a SCIM body", async () => {
    expect(await rawStatus(server, "/scim/v2/Users/%ff")).toEqual([400, "application/scim+json"]);
  });

  test("a client that goes away leaves the server as it was", async () => {
    const { host, port } = addressOf(server);
    await new Promise<void>((resolve) => {
      const sent = request({
        host,
        port,
        path: "/scim/v2/Users",
        method: "POST",
        headers: { "content-length": 1_000 },
      });
      sent.on("error", () => resolve());
      sent.write("{");
      setTimeout(() => sent.destroy(new Error("gone")), 20);
    });
    expect((await server.ask("GET", "/ServiceProviderConfig")).status).toBe(200);
  });
});

describe("the feed of events", () => {
  const withEvents = { ...acme, events: { values: false, sinks: [] } };

  test("is beside the API, with a token of its own, and does not hold up the end of the server", async () => {
    const server = await startServer({ tenant: withEvents });
    const { token } = await createToken(server.operations, { label: "the application", use: "events" });
    const headers = { authorization: `Bearer ${token}` };
    const { table, clock } = server.operations;
    await appendMany(table, 2, clock.now());
    const page = await fetch(String(server.feedUrl), { headers });
    expect(page.headers.get("content-type")).toBe("application/json");
    const { events, next } = (await page.json()) as { events: object[]; next: string };
    expect(events).toHaveLength(2);
    const waiting = fetch(`${server.feedUrl}?wait=20&after=${next}`, { headers });
    await pause(100);
    const began = performance.now();
    await server.close();
    expect(await (await waiting).json()).toMatchObject({ events: [], more: false });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test("is not there for a tenant without events: no address, and a 404 in its place", async () => {
    const { events: _, ...without } = acme;
    const server = await startServer({ tenant: without });
    expect(server.feedUrl).toBeUndefined();
    const headers = { authorization: `Bearer ${server.token}` };
    expect((await fetch(new URL("/events", server.baseUrl), { headers })).status).toBe(404);
    await server.close();
  });
});

describe("starting", () => {
  test("on the data of the start before: users are there, its own token is replaced, others are kept", async () => {
    const folder = temporaryFolder();
    const kept = newToken("kept").text;
    await (await startServer({ dataDir: folder.path, token: kept })).close();
    const first = await startServer({ dataDir: folder.path });
    await first.ask("POST", "/Users", user("stays@example.com"));
    await first.close();
    const second = await startServer({ dataDir: folder.path });
    expect((await second.ask("GET", "/Users")).body["totalResults"]).toBe(1);
    const ask = async (token: string) =>
      await second.ask("GET", "/Users", undefined, { authorization: `Bearer ${token}` });
    expect([(await ask(first.token)).status, (await ask(kept)).status]).toEqual([401, 200]);
    const db = openDatabase({ folder: folder.path, tenant: "acme" });
    expect((await listTokens(sqliteTable(db))).map(({ id }) => id)).toEqual(["kept", "start"]);
    db.close();
    await second.close();
    folder.remove();
  });

  test("on a port that is in use fails in a sentence", async () => {
    const server = await startServer();
    const { port } = addressOf(server);
    await expect(startServer({ port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use: stop the program that has it, or choose another port with PORT.`,
    );
    await server.close();
  });

  test("on an address that this machine does not have fails in a sentence", async () => {
    await expect(startServer({ host: "192.0.2.1" })).rejects.toThrow('This machine has no address "192.0.2.1"');
  });

  test("on a folder that cannot be written fails in a sentence", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder.path, "file"), "");
    const dataDir = join(folder.path, "file", "data");
    await expect(startServer({ dataDir })).rejects.toThrow(
      /^The data folder .* cannot be written \(.*\): make it a folder/,
    );
    await expect(startServer({ dataDir: "/proc/rollcall" })).rejects.toThrow(
      /^The data folder \/proc\/rollcall cannot be written/,
    );
    folder.remove();
  });

  test("with a token of another form fails in a sentence", async () => {
    await expect(startServer({ token: "secret" })).rejects.toThrow("The token does not have the form rc_<id>_<secret>");
  });
});

describe("stopping", () => {
  test("answers the requests that are under way", async () => {
    const server = await startServer();
    const body = JSON.stringify(user("late@example.com"));
    const headers = { authorization: `Bearer ${server.token}`, "content-length": body.length };
    const sent = request({ ...addressOf(server), path: "/scim/v2/Users", method: "POST", headers });
    const answered = new Promise((resolve, reject) => {
      sent.on("response", (answer) => resolve(answer.resume().statusCode));
      sent.on("error", reject);
    });
    sent.write(body.slice(0, 10));
    await pause(50);
    const closed = server.close();
    await pause(50);
    sent.end(body.slice(10));
    expect(await answered).toBe(201);
    await closed;
  });

  test("does not wait for a client that only keeps its connection open", async () => {
    const server = await startServer();
    await server.ask("GET", "/ServiceProviderConfig");
    const before = performance.now();
    await server.close();
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

function addressOf({ baseUrl }: TestServer): { host: string; port: number } {
  const { hostname, port } = new URL(baseUrl);
  return { host: hostname, port: Number(port) };
}

/** As it stands: fetch would mend the path. */
async function rawStatus(server: TestServer, path: string): Promise<[number | undefined, string | undefined]> {
  return await new Promise((resolve, reject) => {
    const sent = request({ ...addressOf(server), path }, (answer) => {
      answer.resume();
      resolve([answer.statusCode, answer.headers["content-type"]]);
    });
    sent.on("error", reject);
    sent.end();
  });
}
