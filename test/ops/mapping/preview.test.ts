import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { preview, type Preview, previewedTypes } from "../../../lib/ops/mapping/preview.ts";
import { readEntry } from "../../../lib/provisioning/entry.ts";
import type { Table } from "../../../lib/provisioning/ports.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import { groupType, userType } from "../../../lib/scim/resource-type.ts";
import type { Tenant } from "../../../lib/provisioning/tenant.ts";
import { type TestStore, testStore } from "../store.ts";

const login = { from: "userName", required: true, lookup: true };
const email = { from: "emails.value", required: true };
const present = mappingOf({ login, email });

let store: TestStore;
beforeEach(() => {
  store = testStore();
});
afterEach(() => store.close());

const user = async (name: string, more: object = {}) => {
  const emails = [{ type: "work", value: `${name}@example.com` }];
  return await store.createUser({ userName: name, emails, ...more });
};
const previewed = async (draft: Tenant, options: Partial<Parameters<typeof preview>[3]> = {}): Promise<Preview> =>
  await preview({ ...store.operations, tenant: present }, draft, userType, { examples: 3, ...options });

describe("mapping preview", () => {
  test("counts who stays, and changes nothing for the mapping that is there", async () => {
    await user("ada");
    await store.work(present);
    const { hash } = present.mapping;
    expect(await previewed(present)).toEqual({
      type: "User",
      seen: 1,
      stopped: false,
      mappingHash: { present: hash, draft: hash },
      unchanged: 1,
      restamped: 0,
      changed: 0,
      foundOtherwise: 0,
      appears: 0,
      failed: 0,
      mended: { count: 0, examples: [] },
      pending: 0,
      attributes: [],
      failures: [],
      shared: [],
    });
  });

  test("tells for each attribute who would get, lose or have another value, with the first of them side by side", async () => {
    const ada = await user("ada", { title: "Countess", name: { givenName: "Ada" } });
    await user("bob");
    await store.work(present);
    const found = await previewed(mappingOf({ login: { from: "emails.value" }, title: { from: "title" } }));
    expect(found).toMatchObject({ changed: 2, unchanged: 0, failed: 0 });
    expect(found.attributes).toMatchObject([
      { attribute: "login", gets: 0, loses: 0, differs: 2 },
      { attribute: "email", gets: 0, loses: 2, differs: 0 },
      {
        attribute: "title",
        gets: 1,
        loses: 0,
        differs: 0,
        examples: [{ id: ada, name: "ada", after: "Countess" }],
      },
    ]);
    expect(found.attributes[0]?.examples).toContainEqual({
      id: ada,
      name: "ada",
      before: "ada",
      after: "ada@example.com",
    });
    expect(found.attributes[2]?.examples[0]).not.toHaveProperty("before");
    expect((await previewed(mappingOf({ login }), { examples: 1 })).attributes[0]?.examples).toHaveLength(1);
  });

  test("tells who would fail, for which reason, and who fails today as well", async () => {
    await user("ada", { title: "Countess" });
    await user("bob");
    await store.createUser({ userName: "eve" });
    await store.work(present);
    const found = await previewed(mappingOf({ login, email, title: { from: "title", required: true } }));
    expect(found).toMatchObject({ changed: 1, failed: 2 });
    expect(found.failures).toMatchObject([
      {
        attribute: "title",
        outcome: "missing",
        reason: expect.stringContaining('Profile attribute "title" is required'),
        count: 2,
        already: 1,
      },
      { attribute: "email", count: 1, already: 1, examples: [{ name: "eve" }] },
    ]);
  });

  test("a leaver fails for no mapping, and keeps the last good profile", async () => {
    const id = await user("ada");
    await store.work(present);
    await store.patchUser(id, { active: false });
    await store.work(present);
    expect(await previewed(mappingOf({ login, title: { from: "title", required: true } }))).toMatchObject({
      failed: 0,
      unchanged: 1,
      changed: 0,
    });
  });

  test("a user whom Entra deleted softly keeps the profile under the old name", async () => {
    const id = await user("ada");
    await store.work(present);
    await store.patchUser(id, { active: false, userName: `${"0a".repeat(16)}ada` });
    await store.work(present);
    expect(await previewed(mappingOf({ login }))).toMatchObject({ unchanged: 1, changed: 0 });
  });

  test("whoever is parked and could be mapped would get an entry", async () => {
    await store.createUser({ userName: "eve" });
    await store.work(present);
    expect(await previewed(mappingOf({ login }))).toMatchObject({ appears: 1, failed: 0, pending: 1 });
  });

  test("a mapping that only finds users by other values is told apart from one that changes profiles", async () => {
    await user("ada");
    await store.work(present);
    expect(await previewed(mappingOf({ login, email: { ...email, lookup: true } }))).toMatchObject({
      foundOtherwise: 1,
      changed: 0,
      unchanged: 0,
      attributes: [],
    });
  });

  test("warns of lookup values that several active users would share, against those of today", async () => {
    const name = { givenName: "Ada" };
    for (const userName of ["ada.b", "ada.l"]) await user(userName, { name });
    const left = await user("ada.x", { name });
    await store.patchUser(left, { active: false });
    await store.work(present);
    const { shared } = await previewed(mappingOf({ login, first: { from: "name.givenName", lookup: true } }));
    expect(shared).toMatchObject([
      { attribute: "first", values: 1, count: 2, valuesNow: 0, examples: [{ value: "ada" }] },
    ]);
    expect(shared[0]?.examples[0]?.first.map((one) => one.name).toSorted()).toEqual(["ada.b", "ada.l"]);
  });

  test("whoever would fail keeps the entry that is there, and is found by it", async () => {
    const shared = { login, first: { from: "name.givenName", lookup: true } };
    for (const userName of ["ada.b", "ada.l"]) await user(userName, { name: { givenName: "Ada" } });
    await store.work(mappingOf(shared));
    const found = await previewed(mappingOf({ ...shared, title: { from: "title", required: true } }));
    expect(found).toMatchObject({ failed: 2, shared: [{ attribute: "first", count: 2, valuesNow: 1 }] });
  });

  test("roles that other tables would give, from the groups as they are applied", async () => {
    const [ada, bob] = [await user("ada"), await user("bob")];
    await store.createGroup("Support Rome", [ada, bob]);
    await store.createGroup("Support Leads", [ada]);
    const withTable = (fromGroups: object) => mappingOf({ login, email, roles: { fromGroups } });
    const tables = withTable({ "support*": "agent" });
    await store.work(present);
    expect(await previewed(tables)).toMatchObject({ attributes: [{ attribute: "roles", gets: 2 }] });
    for (const id of [ada, bob]) await store.patchUser(id, { nickName: "x" });
    await store.work(tables);
    const from = { ...store.operations, tenant: tables };
    const more = withTable({ "support*": "agent", "Support Leads": ["lead"] });
    expect(await preview(from, more, userType, { examples: 3 })).toMatchObject({
      unchanged: 1,
      changed: 1,
      attributes: [{ attribute: "roles", differs: 1, examples: [{ name: "ada", after: ["agent", "lead"] }] }],
    });
    expect(await preview(from, mappingOf({ login, email }), userType, { examples: 3 })).toMatchObject({
      attributes: [{ attribute: "roles", loses: 2 }],
    });
  });

  test("no membership is read while the tables are the same", async () => {
    const ada = await user("ada");
    await store.createGroup("Support", [ada]);
    const roles = { fromGroups: { Support: "agent" } };
    const tables = mappingOf({ login, email, roles });
    await store.work(tables);
    const asked: string[] = [];
    const table: Table = {
      ...store.operations.table,
      query: async (range) => {
        asked.push(range.pk);
        return await store.operations.table.query(range);
      },
    };
    const found = await preview({ ...store.operations, table, tenant: tables }, mappingOf({ login, roles }), userType, {
      examples: 3,
    });
    expect(found.attributes).toMatchObject([{ attribute: "email", loses: 1 }]);
    expect(asked.filter((pk) => /^Group#|^User#.{2,}/.test(pk))).toEqual([]);
  });

  test("groups and own types, where the file maps them otherwise", async () => {
    const id = await store.createGroup("Sales");
    await store.work(present);
    const environment = { region: "eu-central-1" };
    const attributes = { name: { from: "displayName", case: "upper", lookup: true } };
    const mapping = { attributes: { login }, resourceTypes: { Group: { attributes } } };
    const draft = readTenantFile("parking", { environment, mapping });
    expect(previewedTypes(present, draft).map((type) => type.id)).toEqual(["User", "Group"]);
    expect(previewedTypes(draft, draft).map((type) => type.id)).toEqual(["User"]);
    const from = { ...store.operations, tenant: present };
    expect(await preview(from, draft, groupType, { examples: 1 })).toMatchObject({
      type: "Group",
      seen: 1,
      changed: 1,
      failed: 0,
      attributes: [
        { attribute: "displayName", loses: 1 },
        { attribute: "name", gets: 1, examples: [{ id, name: "Sales", after: "SALES" }] },
      ],
    });
  });

  test("masked shows forms of values, and people by their ids", async () => {
    const id = await user("ada", { title: "Countess", name: { givenName: "Ada" } });
    await user("bob", { name: { givenName: "Ada" } });
    await store.work(present);
    const draft = mappingOf({
      login: { from: "emails.value", required: true },
      title: { from: "title", required: true },
      first: { from: "name.givenName", lookup: true },
    });
    const text = JSON.stringify(await previewed(draft, { masked: true }));
    expect(text).toContain(id);
    expect(text).toContain('"after":"a•••@e•••.com"');
    expect(text).not.toMatch(/Countess|bob|ada@/i);
  });

  test("writes nothing, and reads entries by the hundred", async () => {
    for (let n = 0; n < 150; n += 1) await user(`user ${n}`);
    await store.work(present);
    const before = store.db.prepare("SELECT count(*) AS items, sum(length(attributes)) AS bytes FROM item").get();
    const reads: number[] = [];
    const refuse = async () => await Promise.reject(new Error("a preview writes nothing"));
    const table: Table = {
      ...store.operations.table,
      write: refuse,
      transact: refuse,
      get: refuse,
      batchGet: async (keys) => {
        reads.push(keys.length);
        return await store.operations.table.batchGet(keys);
      },
    };
    const draft = mappingOf({ login });
    const options = { examples: 1 };
    expect(await preview({ ...store.operations, table, tenant: present }, draft, userType, options)).toMatchObject({
      seen: 150,
    });
    expect(reads).toEqual([100, 50]);
    expect(store.db.prepare("SELECT count(*) AS items, sum(length(attributes)) AS bytes FROM item").get()).toEqual(
      before,
    );
  });

  test("says what the worker then does: after a deployment each profile is as it was shown", async () => {
    const ids = [await user("ada", { title: "Countess" }), await user("bob")];
    await store.work(present);
    const draft = mappingOf({
      login: { from: "emails.value", lookup: true },
      title: { from: "title", constant: "none" },
    });
    const found = await previewed(draft, { examples: 10 });
    for (const id of ids) await store.patchUser(id, { nickName: "x" });
    await store.work(draft);
    for (const { attribute, examples } of found.attributes) {
      for (const { id, after } of examples) {
        const entry = await readEntry(store.operations.table, "User", id);
        expect([attribute, entry?.profile[attribute]]).toEqual([attribute, after]);
      }
    }
    expect(found.attributes.map(({ attribute }) => attribute).toSorted()).toEqual(["email", "login", "title"]);
  });

  test("stopped, it tells of the part that was seen", async () => {
    for (let n = 0; n < 120; n += 1) await user(`user ${n}`);
    const stop = new AbortController();
    const options = { signal: stop.signal, onProgress: () => stop.abort() };
    expect(await previewed(mappingOf({ login }), options)).toMatchObject({ seen: 100, stopped: true });
  });
});

function mappingOf(attributes: object): Tenant {
  const environment = { region: "eu-central-1" };
  return readTenantFile("parking", { environment, mapping: { policy: "park", attributes } });
}
