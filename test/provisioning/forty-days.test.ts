/** A worker that is off for forty days, while all that has its time goes: then everything is applied as it was said. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { purgeExpired } from "../../lib/local/purge.ts";
import { entryPartition, memberPrefix } from "../../lib/provisioning/keys.ts";
import { readResource } from "../../lib/provisioning/read-resource.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { groupType } from "../../lib/scim/resource-type.ts";
import { type TestStore, testStore } from "../ops/store.ts";

const day = 86_400_000;
const caller = () => ({ caller: { requestId: store.operations.chance.uuid(), tokenId: "test" } });

const tenant = readTenantFile("patient", {
  environment: { region: "eu-central-1" },
  mapping: { attributes: { login: { from: "userName", required: true, lookup: true }, title: { from: "title" } } },
});

let store: TestStore;
beforeEach(() => {
  store = testStore(tenant);
});
afterEach(() => store.close());

async function passDays(days: number): Promise<void> {
  for (let n = 0; n < days; n += 1) {
    store.pass(day);
    purgeExpired(store.db, Math.floor(store.operations.clock.now() / 1000));
    await sweep(store.operations);
  }
}

/** Sweeps and works until nothing waits. */
async function workAll(): Promise<void> {
  for (let n = 0; n < 20; n += 1) {
    store.pass(3_600_000);
    await sweep(store.operations);
    await store.work();
  }
  const waiting = store.db.prepare("SELECT count(*) AS n FROM item WHERE wait_key NOT LIKE 'accepted#%'").get();
  expect(waiting?.["n"]).toBe(0);
}

const entryOf = async (type: string, id: string) => {
  const found = await store.operations.table.get({ table: "directory", pk: entryPartition(type, id), sk: "Entry" });
  const { state, version, profile } = found?.attributes ?? {};
  return { state, version, profile: JSON.parse(String(profile ?? "{}")) as unknown };
};

async function membersOf(id: string): Promise<string[]> {
  const rows = store.db
    .prepare("SELECT sk FROM item WHERE tbl = 'directory' AND pk = ? AND sk LIKE 'Member#%' ORDER BY sk")
    .all(entryPartition("Group", id));
  return rows.map(({ sk }) => String(sk).slice(memberPrefix.length));
}

const membersSaid = async (id: string) => {
  const state = await readResource(store.operations, groupType, id, { members: true, groups: false });
  return state?.members?.map((member) => member.id).toSorted();
};

test("the directory is what was said, and until then readers see it, too", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) ids.push(await store.createUser({ userName: `u${n}@example.com`, active: true }));
  const [ann = "", bob = "", cy = "", di = ""] = ids;
  const team = await store.createGroup("Team", [ann, bob, cy, di]);
  const gone = await store.createGroup("Gone", [ann, cy]);
  await workAll();

  // The worker is off from here on. 2,500 members are a delta in chunks of its own.
  const eve = await store.createUser({ userName: "eve@example.com", title: "Countess" });
  const strangers = Array.from({ length: 2_500 }, () => ({ value: store.operations.chance.uuid() }));
  const patch = async (op: object) =>
    await patchResource(store.operations, groupType, team, { Operations: [op] }, caller());
  await patch({ op: "add", path: "members", value: [{ value: eve }, ...strangers] });
  await patch({ op: "remove", path: `members[value eq "${bob}"]` });
  await store.patchUser(ann, { title: "Baroness" });
  await store.patchUser(cy, { active: false });
  await store.deleteUser(di);
  await store.renameGroup(team, "The team");
  await deleteResource(store.operations, groupType, gone, caller());
  const chunks = store.db.prepare("SELECT count(*) AS n FROM item WHERE pk LIKE 'Delta#%'").get();
  expect(chunks?.["n"]).toBeGreaterThan(0);

  await passDays(40);
  const said = await membersSaid(team);
  expect(said).not.toContain(di);
  expect(said).toEqual(expect.arrayContaining([ann, cy, eve]));

  await workAll();
  expect(await membersOf(team)).toEqual([ann, cy, eve].toSorted());
  expect(await membersOf(gone)).toEqual([]);
  expect(await entryOf("User", ann)).toMatchObject({ state: "active", profile: { title: "Baroness" } });
  expect(await entryOf("User", cy)).toMatchObject({ state: "suspended", version: 2 });
  expect(await entryOf("User", di)).toMatchObject({ state: "removed", version: 2, profile: {} });
  expect(await entryOf("User", eve)).toMatchObject({ state: "active", profile: { login: "eve@example.com" } });
  expect(await entryOf("Group", team)).toMatchObject({ state: "active", profile: { displayName: "The team" } });
  expect(await entryOf("Group", gone)).toMatchObject({ state: "removed" });
});

test("the second look at a deletion comes, however late, and only then the days of its tombstone begin", async () => {
  const di = await store.createUser({ userName: "di@example.com" });
  const team = await store.createGroup("Team", [di]);
  await workAll();
  await store.deleteUser(di);
  await store.work();
  expect(await membersOf(team)).toEqual([]);
  // As if a membership's transaction had not been visible at the first look; the worker is off from here on.
  const items = store.db.prepare("INSERT INTO item (tbl, pk, sk, attributes) VALUES ('directory', ?, ?, '{}')");
  items.run(`Group#${team}`, `Member#${di}`);
  items.run(`User#${di}`, `Group#${team}`);
  await passDays(40);
  await workAll();
  expect(await membersOf(team)).toEqual([]);
  const head = () =>
    store.db.prepare("SELECT expires FROM item WHERE sk = ? AND pk LIKE 'User#%' AND tbl = 'scim'").get(di);
  const days = (Number(head()?.["expires"]) * 1000 - store.operations.clock.now()) / day;
  expect([days > 28, days <= 30]).toEqual([true, true]);
  await passDays(31);
  expect(head()).toBeUndefined();
});
