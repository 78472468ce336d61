/** What a later release stored, met by this one: after a rollback, or while a deployment replaces the functions one by one. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { doctor } from "../../lib/ops/doctor/doctor.ts";
import { apply } from "../../lib/provisioning/apply.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { format } from "../../lib/provisioning/format.ts";
import { isParked, readHead } from "../../lib/provisioning/head.ts";
import { entryKey, headKey, logKey } from "../../lib/provisioning/keys.ts";
import type { Item, Key } from "../../lib/provisioning/ports.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { user } from "../local/served.ts";
import { type Harness, harness, textOf } from "../handlers/harness.ts";
import { mendedTenant, type TestStore, testStore } from "../ops/store.ts";

const minute = 60_000;
const newer = { kind: "newer", message: expect.stringMatching(/^an item of \w+ was written by a newer release/) };

describe("a function and what a later release stored", () => {
  let api: Harness;
  beforeEach(async () => {
    api = await harness();
  });
  afterEach(() => api.close());

  const ada = `/scim/v2/Users?filter=${encodeURIComponent('userName eq "ada@example.com"')}`;
  const change = {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "remove", path: "title" }],
  };

  test.each([
    ["GET", "", {}],
    ["PATCH", "", { body: change }],
    ["PUT", "", { body: user("ada@example.com") }],
    ["DELETE", "", {}],
    ["GET", ada, {}],
    ["GET", "/scim/v2/Users", {}],
    ["POST", "/scim/v2/Users", { body: user("ada@example.com") }],
  ])("%s %s is a 503 that says what to do, at once, and changes nothing", async (method, path, asked) => {
    const { body: created } = await api.ask("POST", "/scim/v2/Users", { body: user("ada@example.com") });
    const { table, clock } = api.provisioning;
    const key = headKey("User", textOf(created["id"]));
    const before = await table.get(key);
    await table.write(from(format + 1, key));
    const began = clock.now();
    const { status, headers, body } = await api.ask(method, path === "" ? `/scim/v2/Users/${key.sk}` : path, asked);
    expect({ status, headers, detail: body["detail"] }).toMatchObject({
      status: 503,
      headers: { "retry-after": "60", "content-type": expect.stringContaining("application/scim+json") },
      detail: expect.stringContaining("newer release"),
    });
    expect(clock.now() - began).toBeLessThan(1_000);
    await table.write(from(format, key));
    expect(withoutFormat(await table.get(key))).toEqual(before);
  });
});

describe("a worker and what a later release stored", () => {
  let store: TestStore;
  beforeEach(() => {
    store = testStore(mendedTenant);
  });
  afterEach(() => store.close());

  async function workForADay(): Promise<void> {
    for (let minutes = 0; minutes < 24 * 60; minutes += 20) {
      store.pass(20 * minute);
      await sweep(store.operations);
      await store.work();
    }
  }

  test("a head stays as it is, its pointer is kept for later, and nothing is parked", async () => {
    const { table } = store.operations;
    const [ada, grace] = [await store.createUser({ userName: "ada" }), await store.createUser({ userName: "grace" })];
    const key = headKey("User", ada);
    await table.write(from(format + 1, key));
    const lane = { type: "User", id: ada, version: 1 };
    expect(await apply({ ...store.operations, workerId: "w" }, "changes", lane)).toMatchObject({
      kind: "later",
      code: "newer-format",
    });
    await workForADay();
    await expect(table.get(key)).rejects.toMatchObject(newer);
    expect(await readEntry(table, "User", grace)).toMatchObject({ version: 1 });
    expect(await readEntry(table, "User", ada)).toBeUndefined();
    expect(store.db.prepare("SELECT count(*) AS n FROM message WHERE queue LIKE '%-dead'").get()).toEqual({ n: 0 });

    await table.write(from(format, key));
    store.pass(minute);
    await store.work();
    expect(await readEntry(table, "User", ada)).toMatchObject({ version: 1, state: "active" });
  });

  test.each([
    ["an entry", (id: string) => entryKey("Group", id)],
    ["a change", (id: string) => logKey(id, 2)],
  ])("%s keeps its group waiting, by a code of its own, for as long as it takes", async (_what, keyOf) => {
    const { table } = store.operations;
    const ada = await store.createUser({ userName: "ada" });
    const id = await store.createGroup("Blue");
    await store.work();
    await store.renameGroup(id, "Green");
    const key = keyOf(id);
    const stored = await table.get(key);
    await table.write(from(format + 1, key));
    await workForADay();
    const head = await readHead(table, "Group", id);
    expect(head).toMatchObject({ applied: 1, version: 2, failure: { code: "newer-format", attempts: 1 } });
    expect(store.db.prepare("SELECT count(*) AS n FROM message").get()).toEqual({ n: 0 });
    expect(head && isParked(head)).toBe(false);
    expect((await doctor(store.operations)).checks.find(({ name }) => name === "pending")).toMatchObject({
      details: ["1 newer-format"],
    });

    await table.write({ kind: "update", key, set: { v: Number(stored?.attributes["v"] ?? format) } });
    store.pass(2 * minute);
    await sweep(store.operations);
    await store.work();
    expect(await readEntry(table, "Group", id)).toMatchObject({ version: 2, profile: { displayName: "Green" } });
    expect(await readHead(table, "Group", id)).toMatchObject({ applied: 2, version: 2 });
    expect(await readEntry(table, "User", ada)).toMatchObject({ version: 1 });
  });
});

function from(v: number, key: Key) {
  return { kind: "update", key, set: { v } } as const;
}

function withoutFormat(item: Item | undefined): unknown {
  if (item === undefined) return undefined;
  const { v: _, ...attributes } = item.attributes;
  return { ...item, attributes };
}
