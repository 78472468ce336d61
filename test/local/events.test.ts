import { openDatabase } from "../../lib/local/database.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { feedEnd, readFeed } from "../../lib/events/feed.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { differences, foldEvents, foldOfDirectory } from "../events/fold.ts";
import { acme, eventually, groupSchema, idOf, patch, startServer, type TestServer, user } from "./served.ts";
import { temporaryFolder } from "./temporary-database.ts";

const telling: Tenant = { ...acme, events: { values: true, sinks: [] } };

/** What an application knows by the feed, against the directory. */
async function untold({ dataDir, operations: { table } }: TestServer): Promise<string[]> {
  const db = openDatabase({ folder: dataDir, tenant: "acme" });
  const rows = db.prepare("SELECT pk, sk, attributes FROM item WHERE tbl = 'directory'").all();
  const items = rows.map((row) => ({
    pk: String(row["pk"]),
    sk: String(row["sk"]),
    attributes: JSON.parse(String(row["attributes"])),
  }));
  db.close();
  const fed = await readFeed(table, { after: 0, limit: 10_000, now: 0 });
  expect(fed.length).toBe(await feedEnd(table));
  return differences(foldEvents(fed.map(({ event }) => event)), foldOfDirectory(items));
}

async function someChanges(server: TestServer): Promise<void> {
  const ask: TestServer["ask"] = async (...asked) => await server.ask(...asked);
  const ids: string[] = [];
  for (let n = 0; n < 40; n += 1) ids.push(idOf(await ask("POST", "/Users", user(`p${n}@example.com`))));
  const [ann = "", bob = ""] = ids;
  const members = ids.map((value) => ({ value }));
  const group = idOf(await ask("POST", "/Groups", { schemas: [groupSchema], displayName: "Sales", members }));
  await ask("PATCH", `/Users/${ann}`, patch({ op: "replace", path: "title", value: "Head" }));
  await ask("PATCH", `/Users/${bob}`, patch({ op: "replace", path: "active", value: false }));
  await ask("PATCH", `/Groups/${group}`, patch({ op: "remove", path: `members[value eq "${ann}"]` }));
  await ask("DELETE", `/Users/${ann}`);
}

async function atRest({ operations: { table, lanes } }: TestServer): Promise<boolean> {
  const depths = await Promise.all([lanes.leavers.depth(), lanes.changes.depth()]);
  // A deletion is looked at once more after a minute.
  return depths[0] <= 1 && depths[1] <= 1 && (await feedEnd(table)) > 80;
}

describe("the embedded server of a tenant with events", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ tenant: telling });
  });
  afterAll(async () => await server.close());

  test("what an application folds from the feed is the directory", async () => {
    await someChanges(server);
    await eventually(async () => (await atRest(server)) && (await untold(server)).length === 0);
    expect(await untold(server)).toEqual([]);
  });
});

describe("a server that had no events before", () => {
  test("tells what is there already, and then what changes", async () => {
    const folder = temporaryFolder();
    const { events: _, ...silent } = acme;
    const before = await startServer({ dataDir: folder.path, tenant: silent });
    await someChanges(before);
    await eventually(async () => {
      const { lanes } = before.operations;
      return (await lanes.changes.depth()) === 0 && (await lanes.leavers.depth()) <= 1;
    });
    await before.close();
    // A file shows what was written at once: nothing has to be waited for.
    const clock = { now: () => Date.now(), sleep: async () => {} };
    const after = await startServer({ dataDir: folder.path, tenant: telling, clock });
    await after.ask("POST", "/Users", user("new@example.com"));
    await eventually(async () => (await feedEnd(after.operations.table)) > 80 && (await untold(after)).length === 0);
    expect(await untold(after)).toEqual([]);
    await after.close();
    folder.remove();
  });
});
