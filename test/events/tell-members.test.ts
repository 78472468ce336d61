/** A large group whose members are told from the table: runs that end in the middle, or die there, go on and never begin anew for ever. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { catchUp, type CaughtUp } from "../../lib/events/catch-up.ts";
import type { DirectoryEvent } from "../../lib/events/event.ts";
import { readFeed } from "../../lib/events/feed.ts";
import { type Clock, type Table, TableError } from "../../lib/provisioning/ports.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { parkingTenantFile, type TestStore, testStore } from "../ops/store.ts";
import { differences, foldEvents, foldOfDirectory } from "./fold.ts";

const memberCount = 400;
const transactionMs = 60_000;
/** Time for two of them, one for what is noted. */
const runMs = 110_000;

let world: TestStore;
let users: string[];
let group: string;
beforeEach(async () => {
  world = testStore(readTenantFile("parking", { ...parkingTenantFile, events: {} }));
  users = [];
  for (let n = 0; n < memberCount; n += 1)
    users.push(await world.createUser({ userName: `u${n}`, emails: [{ value: `u${n}@example.com` }] }));
  group = await world.createGroup("Everybody", users);
  await world.work();
});
afterEach(() => world.close());

/** `most`: after so many transactions the table answers no more. */
async function run({ most = Number.POSITIVE_INFINITY, ms = runMs } = {}): Promise<CaughtUp> {
  const { table, clock } = world.operations;
  const passing: Clock = { now: () => clock.now(), sleep: async (ms) => world.pass(ms) };
  let count = 0;
  const slow: Table = {
    ...table,
    transact: async (writes) => {
      if ((count += 1) > most) throw new TableError("throttled", "injected");
      await table.transact(writes);
      world.pass(transactionMs);
    },
  };
  return await catchUp({ ...world.operations, clock: passing, table: slow }, { deadline: clock.now() + ms });
}

async function runs(): Promise<CaughtUp[]> {
  const all: CaughtUp[] = [];
  do all.push(await run());
  while (all.length < 60 && (all.at(-1)?.unfinished !== 0 || all.at(-1)?.walk === "goes on"));
  return all;
}

/** Until part of the group is told. */
async function untilInTheMiddle(): Promise<void> {
  for (let n = 0; n < 60 && (await added()).length === 0; n += 1) await run();
  const count = (await added()).length;
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(memberCount);
}

async function feed(): Promise<DirectoryEvent[]> {
  const { table, clock } = world.operations;
  return (await readFeed(table, { after: 0, limit: 5_000, now: clock.now() })).map(({ event }) => event);
}

const ofType = async (type: string) => (await feed()).filter((event) => event.type === type);
const added = async () => await ofType("membership.added");
const resets = async () => (await ofType("membership.reset")).length;

async function faults(): Promise<string[]> {
  const items = world.db.prepare("SELECT pk, sk, attributes FROM item WHERE tbl = 'directory'").all();
  const directory = items.map(({ pk, sk, attributes }) => ({
    pk: String(pk),
    sk: String(sk),
    attributes: JSON.parse(String(attributes)),
  }));
  const fold = foldEvents(await feed());
  // By default events have no values.
  const stored = foldOfDirectory(directory);
  return differences({ entries: new Map(), members: fold.members }, { ...stored, entries: new Map() });
}

describe("a group whose members do not fit one run", () => {
  test("is told over several runs, with one reset, each member once, and none of them is a failure", async () => {
    const all = await runs();
    expect(all.filter(({ unfinished }) => unfinished > 0).length).toBeGreaterThan(1);
    expect(all.at(-1)?.unfinished).toBe(0);
    expect(all.map(({ left }) => left)).toEqual(all.map(() => 0));
    expect(await resets()).toBe(1);
    expect(await added()).toHaveLength(memberCount);
    expect(await faults()).toEqual([]);
    expect(await run()).toMatchObject({ events: 0, unfinished: 0, walk: "none" });
  });

  test("goes on where it was when a run died in the middle", async () => {
    await untilInTheMiddle();
    await expect(run({ most: 2, ms: 10 * runMs })).rejects.toThrow(TableError);
    await runs();
    expect(await resets()).toBe(1);
    expect(await added()).toHaveLength(memberCount);
    expect(await faults()).toEqual([]);
  });

  test("begins again when there was a step meanwhile, also of one who was told already", async () => {
    await untilInTheMiddle();
    const [first] = await added();
    const gone = first?.type === "membership.added" && "member" in first.data ? first.data.member?.id : undefined;
    await world.patchGroup(group, [{ op: "remove", path: `members[value eq "${gone}"]` }]);
    await world.work();
    await runs();
    expect(await resets()).toBe(2);
    expect(await faults()).toEqual([]);
    expect(foldEvents(await feed()).members.get(group)?.size).toBe(memberCount - 1);
  });
});
