/** Tables that are restored, together or one alone: what doctor says, and what the commands of docs/operating.md mend. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { doctor } from "../../lib/ops/doctor/doctor.ts";
import { mend, type Mended } from "../../lib/ops/restore/mend.ts";
import { isAlive, listTokens, putToken, revoke } from "../../lib/provisioning/token.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { groupIdsOf } from "../../lib/provisioning/roles.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { entryPartition, memberPrefix } from "../../lib/provisioning/keys.ts";
import { readResource } from "../../lib/provisioning/read-resource.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { groupType } from "../../lib/scim/resource-type.ts";
import { mendedTenant, type TestStore, testStore } from "./store.ts";

type TableName = "scim" | "directory";

const day = 86_400_000;
const patchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const everything = { members: true, groups: false };

let store: TestStore;
let ids: Readonly<Record<"ada" | "bob" | "cem" | "dan" | "blue" | "green", string>>;
let restoredTo: number;
beforeEach(async () => {
  store = testStore(mendedTenant);
  const user = async (userName: string) => await store.createUser({ userName, externalId: "one" });
  const [ada, bob, cem, dan] = [await user("ada"), await user("bob"), await user("cem"), await user("dan")];
  const [blue, green] = [await store.createGroup("Blue", [ada, bob, cem]), await store.createGroup("Green", [dan])];
  ids = { ada, bob, cem, dan, blue, green };
  await store.patchUser(ada, { userName: "ada.1" });
  await settle();
});
afterEach(() => store.close());

/** Applied, and what comes a minute after a deletion. */
async function settle(): Promise<void> {
  for (let minutes = 0; minutes < 3; minutes += 1) {
    await store.work();
    store.pass(61_000);
    await sweep(store.operations);
  }
  await store.work();
}

/** What both tables are at this moment. */
function snapshot(): void {
  store.pass(600_000);
  restoredTo = store.operations.clock.now();
  store.db.exec("CREATE TABLE backup AS SELECT * FROM item");
  store.pass(600_000);
}

/** As a restore leaves it: the tables named are those of then, and no message of then is there. */
function restore(...tables: readonly TableName[]): void {
  for (const name of tables) {
    store.db.prepare("DELETE FROM item WHERE tbl = ?").run(name);
    store.db.prepare("INSERT INTO item SELECT * FROM backup WHERE tbl = ?").run(name);
  }
  store.db.exec("DELETE FROM message");
  store.pass(61_000);
}

const patchGroup = async (id: string, ...Operations: object[]) =>
  await patchResource(store.operations, groupType, id, { schemas: [patchUrn], Operations }, caller());
const caller = () => ({ caller: { requestId: store.operations.chance.uuid(), tokenId: "test" } });
const add = (...members: string[]) => ({ op: "add", path: "members", value: members.map((value) => ({ value })) });
const remove = (id: string) => ({ op: "remove", path: `members[value eq "${id}"]` });

/** Someone is renamed, someone leaves, someone is deleted, someone comes, members come and go, a group goes. */
async function lifeGoesOn(): Promise<string> {
  await store.patchUser(ids.ada, { userName: "ada.2" });
  await store.patchUser(ids.bob, { active: false });
  await store.deleteUser(ids.cem);
  const eve = await store.createUser({ userName: "eve" });
  await patchGroup(ids.blue, add(ids.dan, eve), remove(ids.bob));
  await deleteResource(store.operations, groupType, ids.green, caller());
  await settle();
  return eve;
}

async function states(...more: string[]): Promise<unknown[]> {
  const of = async (id: string) => {
    const entry = await readEntry(store.operations.table, "User", id);
    const { login } = entry?.profile ?? {};
    return entry && `${typeof login === "string" ? login : "-"} ${entry.state}`;
  };
  return await Promise.all([ids.ada, ids.bob, ids.cem, ids.dan, ...more].map(of));
}

async function membersOf(id: string): Promise<{ applied: string[]; read: string[] }> {
  const { table } = store.operations;
  const range = {
    table: "directory" as const,
    pk: entryPartition("Group", id),
    from: memberPrefix,
    to: `${memberPrefix}~`,
  };
  const applied = (await table.query(range)).items.map(({ sk }) => sk.slice(memberPrefix.length));
  const { members = [] } = await readResource(store.operations, groupType, id, everything);
  return { applied, read: members.map((member) => member.id) };
}

const check = async () => (await doctor(store.operations)).checks.find(({ name }) => name === "restore");

async function mendIt(options: { dryRun?: boolean; to?: number } = {}): Promise<Mended> {
  const { dryRun = false, to = restoredTo } = options;
  const o = store.whileWorking();
  const done = await mend(o, { restoredTo: to, dryRun, patienceMs: 30_000 });
  await settle();
  return done;
}

describe("the directory alone went back", () => {
  let eve: string;
  beforeEach(async () => {
    snapshot();
    eve = await lifeGoesOn();
    restore("directory");
  });

  test("doctor says so, although nothing waits, and names the command", async () => {
    expect(await check()).toMatchObject({
      state: "failure",
      summary: expect.stringMatching(/the directory lacks/i),
      command: "npx rollcall resync --restored <moment> --local",
    });
  });

  test("everything that was accepted is applied once more: nothing is lost", async () => {
    expect(await states(eve)).toEqual(["ada.1 active", "bob active", "cem active", "dan active", undefined]);
    expect(await mendIt({ dryRun: true })).toMatchObject({ behind: 6, ahead: 0, applied: 0 });
    expect(await states()).toEqual(["ada.1 active", "bob active", "cem active", "dan active"]);
    expect(await mendIt()).toMatchObject({ behind: 6, ahead: 0, applied: 6, notKept: [], waiting: 0, failed: [] });
    expect(await states(eve)).toEqual(["ada.2 active", "bob suspended", "- removed", "dan active", "eve active"]);
    const members = [ids.ada, ids.dan, eve].sort();
    expect(await membersOf(ids.blue)).toEqual({ applied: members, read: members });
    expect(await readEntry(store.operations.table, "Group", ids.green)).toMatchObject({ state: "removed" });
    expect(await groupIdsOf(store.operations.table, ids.dan)).toEqual([ids.blue]);
    expect(await groupIdsOf(store.operations.table, ids.cem)).toEqual([]);
    expect(await check()).toMatchObject({ state: "ok" });
    // Groups of that time, which do no harm when they are applied twice.
    expect(await mendIt()).toMatchObject({ behind: 2, ahead: 0 });
  });

  test("groups are read as they are to be from the moment on at which they wait for the worker", async () => {
    const after = `Group/${ids.ada.replaceAll(/[^-]/g, "0")}`;
    await mend(store.whileWorking("nobody"), { restoredTo, dryRun: false, patienceMs: 1_000, after });
    const { read } = await membersOf(ids.blue);
    expect(read).toEqual([ids.ada, ids.dan, eve].sort());
  });

  test("nobody who was deleted is read as a member, not even before the groups' turn has come", async () => {
    const first = await mend(store.whileWorking("nobody"), { restoredTo, dryRun: false, patienceMs: 1_000 });
    expect(first.position).toMatch(/^User\//);
    const { applied, read } = await membersOf(ids.blue);
    expect(applied).toContain(ids.cem);
    expect(read).not.toContain(ids.cem);
  });

  test("of a moment before what is kept of a group's changes it says which the identity provider has to send", async () => {
    store.pass(40 * day);
    store.db.prepare("DELETE FROM item WHERE pk = ?").run(`Log#${ids.blue}`);
    expect((await mendIt()).notKept).toEqual([ids.blue]);
  });
});

describe("both tables went back to one moment", () => {
  test("they fit, what was pending is applied, and what the identity provider says again counts", async () => {
    await store.patchUser(ids.dan, { userName: "dan.1" });
    snapshot();
    await lifeGoesOn();
    restore("scim", "directory");
    await settle();
    expect(await states()).toEqual(["ada.1 active", "bob active", "cem active", "dan.1 active"]);
    expect(await check()).toMatchObject({ state: "ok" });
    expect(await mendIt()).toMatchObject({ ahead: 0, waiting: 0, failed: [] });
    await store.patchUser(ids.ada, { userName: "ada.2" });
    await settle();
    expect((await states())[0]).toBe("ada.2 active");
  });

  test("a directory that is a few seconds behind is brought up to the Scim table", async () => {
    snapshot();
    await patchGroup(ids.blue, add(ids.dan));
    await store.work();
    restore("directory");
    expect((await membersOf(ids.blue)).read).not.toContain(ids.dan);
    await mendIt();
    expect((await membersOf(ids.blue)).applied).toContain(ids.dan);
  });

  test("changes that were applied a moment ago, one after the other, are read while they wait again", async () => {
    snapshot();
    await patchGroup(ids.blue, add(ids.dan));
    await store.work();
    await patchGroup(ids.blue, remove(ids.ada));
    await store.work();
    restore("directory");
    store.pass(-60_000);
    const after = `Group/${ids.ada.replaceAll(/[^-]/g, "0")}`;
    await mend(store.operations, { restoredTo, dryRun: false, patienceMs: 0, after });
    expect((await membersOf(ids.blue)).read).toEqual([ids.bob, ids.cem, ids.dan].sort());
  });

  test("a token that was made since is gone, and one that was revoked since is valid again", async () => {
    const { table, clock } = store.operations;
    const token = { hash: "0".repeat(64), label: "test", createdAt: clock.now() };
    await putToken(table, { id: "old", ...token });
    snapshot();
    await revoke(table, "old", clock.now());
    await putToken(table, { id: "new", ...token });
    restore("scim", "directory");
    const alive = (await listTokens(table)).filter((one) => isAlive(one, clock.now())).map(({ id }) => id);
    expect(alive).toEqual(["old"]);
  });
});

describe("the Scim table alone went back", () => {
  beforeEach(async () => {
    snapshot();
    await lifeGoesOn();
    restore("scim");
  });

  test("doctor says so, and what the identity provider has to do", async () => {
    expect(await check()).toMatchObject({
      state: "failure",
      summary: expect.stringMatching(/the directory has more/i),
      command: "npx rollcall resync --restored <moment> --local",
    });
  });

  test("a change of today is applied, although the directory has a higher version already", async () => {
    await store.patchUser(ids.ada, { userName: "ada.new" });
    await settle();
    expect((await states())[0]).toBe("ada.new active");
    await store.patchUser(ids.ada, { userName: "ada.newer" });
    await settle();
    expect((await states())[0]).toBe("ada.newer active");
  });

  test("a change that has the version of another one, which was lost, is applied", async () => {
    const { version: theirs = 0 } = (await readEntry(store.operations.table, "User", ids.ada)) ?? {};
    const { version: ours = 0 } = (await readHead(store.operations.table, "User", ids.ada)) ?? {};
    expect(theirs).toBe(ours + 1);
    await store.patchUser(ids.ada, { userName: "ada.other" });
    await settle();
    expect((await states())[0]).toBe("ada.other active");
  });

  test("whoever had left by then stays out: their leaving is accepted here, too", async () => {
    expect(await mendIt()).toMatchObject({ ahead: 4, left: 3, waiting: 0, failed: [] });
    // Ada is as she was accepted here; who left is not.
    expect(await states()).toEqual(["ada.1 active", "bob suspended", "- removed", "dan active"]);
    const heads = await Promise.all(
      [ids.bob, ids.cem].map(async (id) => await readHead(store.operations.table, "User", id)),
    );
    expect(heads).toMatchObject([{ resource: { active: false } }, { state: "deleted" }]);
    expect(await readHead(store.operations.table, "Group", ids.green)).toMatchObject({ state: "deleted" });
    expect(await check()).toMatchObject({ state: "ok" });
    await store.patchUser(ids.ada, { userName: "ada.2" });
    await settle();
    const entry = await readEntry(store.operations.table, "User", ids.ada);
    expect(entry).toMatchObject({ profile: { login: "ada.2" } });
    expect(await readHead(store.operations.table, "User", ids.ada)).toMatchObject({ version: entry?.version });
  });

  test("a group goes on: its members are those of the directory, and its next change is applied", async () => {
    await mendIt();
    const { applied } = await membersOf(ids.blue);
    await store.renameGroup(ids.blue, "Navy");
    await patchGroup(ids.blue, add(ids.ada), remove(ids.dan));
    await settle();
    const expected = applied.filter((id) => id !== ids.dan);
    expect(await membersOf(ids.blue)).toMatchObject({ applied: expected });
    expect(await readEntry(store.operations.table, "Group", ids.blue)).toMatchObject({
      profile: { displayName: "Navy" },
    });
  });
});

test("a change that waited at that moment does not bring back who has left since", async () => {
  await store.patchUser(ids.bob, { title: "Dr" });
  snapshot();
  await store.work();
  await store.patchUser(ids.bob, { active: false });
  await settle();
  restore("scim");
  await settle();
  expect((await states())[1]).toBe("bob suspended");
  expect(await mendIt()).toMatchObject({ left: 1 });
  expect((await states())[1]).toBe("bob suspended");
});

test("it is told what a worker that does not answer has left, and goes on from there", async () => {
  snapshot();
  await lifeGoesOn();
  restore("directory");
  const first = await mend(store.whileWorking("nobody"), { restoredTo, dryRun: false, patienceMs: 1_000 });
  expect(first).toMatchObject({ stopped: true, problem: "noWorker", position: expect.stringMatching(/^User\//) });
  await settle();
  const after = first.position ?? "";
  expect(await mend(store.whileWorking(), { restoredTo, dryRun: false, patienceMs: 30_000, after })).toMatchObject({
    stopped: false,
    waiting: 0,
  });
  await settle();
  expect(await states()).toEqual(["ada.2 active", "bob suspended", "- removed", "dan active"]);
});

test("stopped by the operator it goes on from before whoever is to be looked at once more", async () => {
  snapshot();
  await store.patchUser(ids.ada, { userName: "ada.2" });
  await store.patchUser(ids.ada, { userName: "ada.3" });
  await settle();
  restore("scim");
  await store.patchUser(ids.ada, { title: "Dr" });
  const stop = new AbortController();
  const first = await mend(store.operations, {
    restoredTo,
    dryRun: false,
    patienceMs: 1_000,
    onProgress: () => stop.abort(),
    signal: stop.signal,
  });
  expect([first.stopped, first.pending, first.position]).toEqual([true, 1, undefined]);
  await settle();
  expect(await mendIt()).toMatchObject({ stopped: false, pending: 0 });
});
