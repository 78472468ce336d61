import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { show } from "../../lib/ops/show.ts";
import { type TestStore, testStore } from "./store.ts";

let store: TestStore;
beforeEach(() => {
  store = testStore();
});
afterEach(() => store.close());

const ada = { userName: "Ada@Example.com", externalId: "Ext-1", emails: [{ value: "Countess@Example.com" }] };

describe("show finds a user by", () => {
  test.each([
    ["userName, in any case", "ada@EXAMPLE.com", "userName"],
    ["externalId, exactly", "Ext-1", "externalId"],
    ["e-mail, in any case", "countess@example.com", "emails.value"],
  ])("%s", async (_name, word, by) => {
    const id = await store.createUser(ada);
    expect(await show(store.operations, word, 10)).toMatchObject([
      { type: "User", id, name: "Ada@Example.com", foundBy: by },
    ]);
  });

  test("id, in any case", async () => {
    const id = await store.createUser(ada);
    expect(await show(store.operations, id.toUpperCase(), 10)).toMatchObject([{ id, foundBy: "id" }]);
  });

  test("everybody who shares an e-mail is shown", async () => {
    await store.createUser(ada);
    await store.createUser({ ...ada, userName: "second" });
    const names = (await show(store.operations, "countess@example.com", 10)).map((shown) => shown.name);
    expect(new Set(names)).toEqual(new Set(["Ada@Example.com", "second"]));
  });

  test("nothing else: an error says what was looked for", async () => {
    await expect(show(store.operations, "ext-1", 10)).rejects.toThrow('Nothing is called "ext-1"');
    // Longer than any key.
    await expect(show(store.operations, "x".repeat(3_000), 10)).rejects.toThrow('Nothing is called "xxx');
  });
});

describe("show tells", () => {
  test("a change that waits from one that is applied", async () => {
    await store.createUser(ada);
    const [waiting] = await show(store.operations, "Ext-1", 10);
    expect(waiting).toMatchObject({ applied: { version: 0, status: "pending", since: expect.any(Number) } });
    expect(waiting).not.toHaveProperty("entry");
    await store.work();
    const [done] = await show(store.operations, "Ext-1", 10);
    expect(done).toMatchObject({
      applied: { version: 1, status: "applied" },
      entry: { state: "active", version: 1, profile: { login: "Ada@Example.com", email: "Countess@Example.com" } },
    });
    expect(done?.applied).not.toHaveProperty("since");
  });

  test("a parked change with its reason", async () => {
    await store.createUser({ userName: "ada" });
    await store.work();
    expect(await show(store.operations, "ada", 10)).toMatchObject([
      {
        applied: {
          status: "parked",
          failure: { code: "mapping-required-missing", message: expect.stringContaining("email") },
        },
      },
    ]);
  });

  test("the log, newest first, with names and never values", async () => {
    const id = await store.createUser({ ...ada, favouriteColour: "blue" });
    await store.patchUser(id, { title: "Countess of Lovelace" });
    const [shown] = await show(store.operations, id, 10);
    expect(shown?.log).toMatchObject([
      { version: 2, kind: "patch", tokenId: "test", attributes: ["title"], ignored: [] },
      { version: 1, kind: "create", ignored: [{ path: "favouriteColour", reason: "unknown" }] },
    ]);
    expect(JSON.stringify(shown?.log)).not.toMatch(/Lovelace|blue|Countess/);
  });

  test("so many of the latest changes as asked for", async () => {
    const id = await store.createUser(ada);
    for (const title of ["a", "b", "c"]) await store.patchUser(id, { title });
    const [shown] = await show(store.operations, id, 2);
    expect(shown?.log.map((change) => change.version)).toEqual([4, 3]);
    expect(shown?.olderChanges).toBe(2);
  });

  test("a group's members as applied, and what is still to come", async () => {
    const users = [await store.createUser(ada), await store.createUser({ ...ada, userName: "b" })];
    await store.createGroup("Sales", users);
    expect(await show(store.operations, "sales", 10)).toMatchObject([
      { type: "Group", members: { applied: 0, pendingAdded: 2, pendingRemoved: 0, replacesAll: false } },
    ]);
    await store.work();
    const [group] = await show(store.operations, "sales", 10);
    expect(group).toMatchObject({
      members: { applied: 2, pendingAdded: 0 },
      log: [{ attributes: ["displayName", "members +2"] }],
    });
    expect(await show(store.operations, "b", 10)).toMatchObject([{ groups: 1 }]);
  });
});
