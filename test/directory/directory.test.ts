/** What an application reads with `rollcall/directory`, from a directory that the worker has made. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { directory, type Directory, type Entry, type LiveEntry } from "../../lib/directory/index.ts";
import { directoryLookupKey, entryKey } from "../../lib/provisioning/keys.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { type TestStore, testStore } from "../ops/store.ts";
import { clientOn } from "./client.ts";

const tenantFile = {
  environment: { region: "eu-central-1" },
  mapping: {
    attributes: {
      login: { from: "userName", required: true, lookup: true },
      email: { from: "emails.value", lookup: true },
      badge: { from: "employeeNumber", as: "number", lookup: true },
    },
  },
  lifecycle: { onDelete: { entry: "retain", days: 90 } },
};

let store: TestStore;
let read: Directory;
beforeEach(() => {
  store = testStore(readTenantFile("reading", tenantFile));
  read = directory({ client: clientOn(store.db), tableName: "Directory" });
});
afterEach(() => store.close());

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async function person(userName: string, more: Record<string, string> = {}, extension = {}): Promise<string> {
  const { email, ...others } = more;
  const emails = email === undefined ? {} : { emails: [{ value: email, type: "work" }] };
  return await store.createUser({ userName, ...others, ...emails, [enterprise]: extension });
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

const idsOf = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id).sort();

describe("getUser", () => {
  test("gives the entry with its state, version and profile", async () => {
    const id = await person("ada@example.com", { email: "Ada@Example.com" });
    await store.work();
    expect(await read.getUser(id)).toEqual({
      type: "User",
      id,
      state: "active",
      version: 1,
      appliedAt: expect.any(Number),
      mappingHash: expect.stringMatching(/^[0-9a-f]{12}$/),
      profile: { login: "ada@example.com", email: "Ada@Example.com" },
    });
  });

  test("says of who was removed that it is removed, until when, and the profile that is retained", async () => {
    const id = await person("ada@example.com");
    await store.work();
    await store.deleteUser(id);
    await store.work();
    const entry = await read.getUser(id);
    expect(entry).toMatchObject({ state: "removed", profile: { login: "ada@example.com" } });
    const days = entry?.state === "removed" ? (entry.expiresAt - entry.appliedAt) / 86_400_000 : 0;
    expect(Math.round(days)).toBe(90);
  });

  test("gives nothing for an id that nobody has", async () => {
    const id = "5b6f0c4e-1111-4222-8333-944444444444";
    expect(await read.getUser(id)).toBeUndefined();
    expect(await read.groupsOf(id)).toEqual([]);
    expect(await all(read.membersOf(id))).toEqual([]);
  });

  test.each(["", "a#b", "x".repeat(5000)])("asks DynamoDB nothing for what can be no id: %#", async (id) => {
    const client = clientOn(store.db, (operation) => {
      throw new Error(`${operation} would be refused there`);
    });
    const careful = directory({ client, tableName: "Directory" });
    expect(await careful.getUser(id)).toBeUndefined();
    expect(await careful.groupsOf(id)).toEqual([]);
    expect(await all(careful.membersOf(id))).toEqual([]);
  });
});

describe("findUser", () => {
  test.each([[{ email: "ADA@EXAMPLE.COM" }], [{ login: "ada@example.com" }], [{ badge: 7 }], [{ badge: "7" }]])(
    "finds by an attribute with lookup, in any letter case: %j",
    async (by) => {
      const id = await person("ada@example.com", { email: "ada@example.com" }, { employeeNumber: "007" });
      await store.work();
      expect(await read.findUser(by)).toMatchObject({ id, state: "active" });
    },
  );

  test("folds as the worker folds, letters beyond English too", async () => {
    const id = await person("STRASSE@example.com");
    await store.work();
    expect(await read.findUser({ login: "straße@example.com" })).toMatchObject({ id });
  });

  test("of several takes the one that is active", async () => {
    const left = await person("ada.old@example.com", { email: "ada@example.com" });
    const here = await person("ada.new@example.com", { email: "ada@example.com" });
    await store.work();
    await store.patchUser(left, { active: false });
    await store.work();
    expect(await read.findUser({ email: "ada@example.com" })).toMatchObject({ id: here, state: "active" });
    expect(idsOf(await read.findUsers({ email: "ada@example.com" }))).toEqual([left, here].sort());
  });

  test("gives who is suspended, so that the application can say so", async () => {
    const id = await person("ada@example.com");
    await store.patchUser(id, { active: false });
    await store.work();
    expect(await read.findUser({ login: "ada@example.com" })).toMatchObject({ id, state: "suspended" });
  });

  test("refuses to choose between two who are active", async () => {
    await person("ada@example.com", { email: "team@example.com" });
    await person("bob@example.com", { email: "team@example.com" });
    await store.work();
    const finding = read.findUser({ email: "team@example.com" });
    await expect(finding).rejects.toMatchObject({ name: "DirectoryError", code: "ambiguous" });
    await expect(finding).rejects.toThrow(/^2 active entries have this email: .*findUsers/);
  });

  test("never finds who is removed, even with a retained profile", async () => {
    const id = await person("ada@example.com");
    await store.work();
    await store.deleteUser(id);
    await store.work();
    expect(await read.findUser({ login: "ada@example.com" })).toBeUndefined();
  });

  test("does not give somebody whose value has changed since the lookup was read", async () => {
    const id = await person("ada@example.com");
    await store.work();
    // A lookup that the entry does not know: as if the entry had been written in between.
    const key = directoryLookupKey("email", "old@example.com", id);
    await store.operations.table.write({ kind: "put", key, attributes: { type: "User" } });
    expect(await read.findUser({ email: "old@example.com" })).toBeUndefined();
  });

  test("finds nobody by an empty text, or one that is too long for any lookup", async () => {
    expect(await read.findUser({ email: "" })).toBeUndefined();
    expect(await read.findUser({ email: "ä".repeat(600) })).toBeUndefined();
  });

  test.each([
    [{}, "found none."],
    [{ email: undefined }, "found email without a value."],
    [{ email: null }, "found email without a value."],
    [{ email: "a", login: "b" }, "found email, login."],
  ])("refuses %j instead of searching for something else", async (by, end) => {
    // @ts-expect-error: the types refuse it, too, where an application has them.
    const finding = read.findUser(by);
    await expect(finding).rejects.toMatchObject({ code: "usage", message: expect.stringContaining(end) });
  });

  test("a group with the same value is no user", async () => {
    await store.operations.table.write({
      kind: "put",
      key: directoryLookupKey("login", "pilots", "5b6f0c4e-1111-4222-8333-944444444444"),
      attributes: { type: "Group" },
    });
    expect(await read.findUser({ login: "pilots" })).toBeUndefined();
  });
});

describe("users", () => {
  test("gives everybody who is active or suspended, however many pages that is", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 230; n += 1) ids.push(await person(`p${n}@example.com`));
    const [gone = "", suspended = ""] = ids;
    await store.createGroup("Pilots", ids.slice(0, 10));
    await store.work();
    await store.deleteUser(gone);
    await store.patchUser(suspended, { active: false });
    await store.work();
    const found: LiveEntry[] = await all(read.users());
    expect(idsOf(found)).toEqual(ids.slice(1).sort());
    expect(found.find(({ id }) => id === suspended)?.state).toBe("suspended");
  });
});

describe("groups", () => {
  test("groupsOf gives the groups of a user, and none that is removed", async () => {
    const id = await person("ada@example.com");
    const pilots = await store.createGroup("Pilots", [id]);
    const crew = await store.createGroup("Crew", [id]);
    await store.work();
    expect((await read.groupsOf(id)).map(({ profile }) => profile)).toEqual(
      expect.arrayContaining([{ displayName: "Crew" }, { displayName: "Pilots" }]),
    );
    await store.deleteGroup(crew);
    await store.work();
    expect(idsOf(await read.groupsOf(id))).toEqual([pilots]);
    expect(await read.getGroup(crew)).toMatchObject({ state: "removed" });
    expect(idsOf(await all(read.all("Group")))).toEqual([pilots]);
  });

  test("somebody may be in more groups than one request gives", async () => {
    const id = await person("ada@example.com");
    const groups: string[] = [];
    for (let n = 0; n < 130; n += 1) groups.push(await store.createGroup(`Group ${n}`, [id]));
    await store.work();
    expect(idsOf(await read.groupsOf(id))).toEqual(groups.sort());
  });

  test("membersOf tells users from groups, however many there are", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 210; n += 1) ids.push(await person(`p${n}@example.com`));
    const inner = await store.createGroup("Inner");
    const outer = await store.createGroup("Outer", [...ids, inner]);
    await store.work();
    const members = await all(read.membersOf(outer));
    expect(idsOf(members)).toEqual([...ids, inner].sort());
    expect(members.filter(({ type }) => type === "Group")).toEqual([{ type: "Group", id: inner }]);
  });
});

describe("what cannot be read", () => {
  async function rewritten(attributes: Record<string, string | number>): Promise<Entry | undefined> {
    const id = await person("ada@example.com");
    await store.work();
    await store.operations.table.write({ kind: "update", key: entryKey("User", id), set: attributes });
    return await read.getUser(id);
  }

  test("an entry of a newer format says so, and what to do", async () => {
    const reading = rewritten({ v: 2 });
    await expect(reading).rejects.toMatchObject({ name: "DirectoryError", code: "newer-format" });
    await expect(reading).rejects.toThrow(/has format 2, and this reader knows 1: install the reader/);
  });

  test("an item that Rollcall did not write is named by its key, without a value", async () => {
    await expect(rewritten({ state: "enabled" })).rejects.toMatchObject({
      code: "unreadable",
      message: expect.stringMatching(/^The item User#[-0-9a-f]{36} \| Entry has no state /),
    });
  });
});

describe("a throttled table", () => {
  test("what one answer leaves out is asked for again", async () => {
    const id = await person("ada@example.com");
    await store.work();
    let asked = 0;
    const client = clientOn(store.db, (operation, { RequestItems }) => {
      if (operation !== "BatchGetItem") return undefined;
      asked += 1;
      return asked < 3 ? { Responses: {}, UnprocessedKeys: RequestItems } : undefined;
    });
    const found = await directory({ client, tableName: "Directory" }).findUser({ login: "ada@example.com" });
    expect({ id: found?.id, asked }).toEqual({ id, asked: 3 });
  });
});

test("every read is consistent", async () => {
  const id = await person("ada@example.com");
  await store.createGroup("Pilots", [id]);
  await store.work();
  const eventual: string[] = [];
  const client = clientOn(store.db, (operation, request) => {
    const own = Object.values(request.RequestItems ?? {}).map((one) => one);
    for (const one of operation === "BatchGetItem" ? own : [request])
      if (!("ConsistentRead" in one && one.ConsistentRead === true)) eventual.push(operation);
    return undefined;
  });
  const careful = directory({ client, tableName: "Directory" });
  await careful.findUser({ login: "ada@example.com" });
  await careful.getUser(id);
  await careful.groupsOf(id);
  await all(careful.users());
  expect(eventual).toEqual([]);
});
