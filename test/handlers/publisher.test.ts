import type { DynamoDBStreamEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Marshalled, unmarshalItem } from "../../lib/aws/marshal.ts";
import { type Behind, listBehind } from "../../lib/events/behind.ts";
import type { DirectoryEvent, EntryEvent } from "../../lib/events/event.ts";
import { readFeed } from "../../lib/events/feed.ts";
import type { SinkPointer } from "../../lib/events/ports.ts";
import { createPublisherHandler, type PublisherEvent } from "../../lib/handlers/publisher.ts";
import { nextChanges, removeChanges } from "../../lib/local/change-stream.ts";
import { invocation } from "../../lib/local/context.ts";
import { LaneError } from "../../lib/provisioning/ports.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { appendMany } from "../events/fed.ts";
import { differences, foldEvents, foldOfDirectory } from "../events/fold.ts";
import { faultsOf } from "../events/validate.ts";
import { parkingTenantFile, type TestStore, testStore } from "../ops/store.ts";
import { listening, type Told } from "./harness.ts";

const webhooks = { app: { url: "https://app.example.com" }, other: { url: "https://other.example.com" } };
const emails = [{ value: "ann@example.com" }];

interface PublisherWorld extends TestStore {
  readonly told: Told;
  readonly sent: Record<string, SinkPointer[]>;
  readonly broken: Set<string>;
  /** How long each batch to a queue takes. */
  readonly slow: { ms: number };
  /** What the stream has, as Lambda hands it over; it is forgotten. */
  taken(): DynamoDBStreamEvent;
  handle(event: PublisherEvent): Promise<void>;
  feed(): Promise<DirectoryEvent[]>;
}

function publisherWorld(events: object = { values: true, webhooks }): PublisherWorld {
  const { attributes } = parkingTenantFile.mapping;
  const mapping = { ...parkingTenantFile.mapping, attributes: { ...attributes, title: { from: "title" } } };
  const store = testStore(readTenantFile("parking", { ...parkingTenantFile, mapping, events }));
  const { telemetry, told } = listening();
  const sent: Record<string, SinkPointer[]> = { app: [], other: [] };
  const broken = new Set<string>();
  const slow = { ms: 0 };
  const queue = (name: string) => ({
    sendAll: async (pointers: readonly SinkPointer[]) => {
      store.pass(slow.ms);
      if (broken.has(name)) throw new LaneError("it does not answer");
      sent[name]?.push(...pointers);
    },
    depth: async () => sent[name]?.length ?? 0,
  });
  const handler = createPublisherHandler({
    publisher: { ...store.operations, queues: { app: queue("app"), other: queue("other") } },
    telemetry,
    unmarshal: (image) => unmarshalItem(image as Marshalled).attributes,
  });
  const { table, clock } = store.operations;
  return {
    ...store,
    told,
    sent,
    broken,
    slow,
    taken: () => {
      const batch = nextChanges(store.db, 1_000);
      if (batch === undefined) throw new Error("the stream has nothing");
      removeChanges(store.db, batch.to);
      return batch.event;
    },
    handle: async (event) => await handler(event, invocation("publisher", 240)),
    feed: async () => (await readFeed(table, { after: 0, limit: 1_000, now: clock.now() })).map(({ event }) => event),
  };
}

let world: PublisherWorld;
beforeEach(() => {
  world = publisherWorld();
});
afterEach(() => world.close());

const types = (events: readonly DirectoryEvent[]) => events.map(({ type }) => type);

async function oneLife(store: TestStore): Promise<string> {
  const id = await store.createUser({ userName: "ann@example.com", emails });
  await store.work();
  await store.createGroup("Sales", [id]);
  await store.work();
  for (const value of [{ userName: "anna@example.com" }, { active: false }, { active: true }]) {
    await store.patchUser(id, value);
    await store.work();
  }
  await store.deleteUser(id);
  await store.work();
  return id;
}

describe("the publisher", () => {
  test("tells the life of a user, and each event is as its schema says", async () => {
    const id = await oneLife(world);
    await world.handle(world.taken());
    const feed = await world.feed();
    expect(types(feed.filter(({ data }) => data.subject === `User/${id}`))).toEqual([
      "user.created",
      "user.updated",
      "user.suspended",
      "user.activated",
      "user.removed",
    ]);
    expect(types(feed.filter(({ data }) => data.subject !== `User/${id}`))).toEqual([
      "group.created",
      "membership.added",
      "membership.removed",
    ]);
    expect(feed.flatMap((event) => faultsOf(event))).toEqual([]);
    expect(world.told.counts.filter(([name]) => name === "Published")).toEqual([["Published", 8]]);
    expect(world.told.counts.filter(([name]) => name === "PublishLatencyMs")).toHaveLength(8);
  });

  test("says by which request it came and when, and what became of which attribute", async () => {
    const id = await oneLife(world);
    await world.handle(world.taken());
    const renamed = (await world.feed()).find(({ type }) => type === "user.updated") as EntryEvent;
    expect(renamed.data).toMatchObject({
      tenant: "parking",
      resource: { type: "User", id },
      version: 2,
      state: "active",
      changed: ["login"],
      values: { login: { old: "ann@example.com", new: "anna@example.com" } },
      requestId: expect.any(String),
    });
    expect(Date.parse(renamed.data.receivedAt ?? "")).toBeLessThanOrEqual(Date.parse(renamed.timestamp));
    expect(Date.parse(renamed.timestamp)).toBe(renamed.data.sequence);
  });

  test("by default an event has names and no value", async () => {
    const plain = publisherWorld({ webhooks });
    await oneLife(plain);
    await plain.handle(plain.taken());
    const feed = await plain.feed();
    expect(feed).toHaveLength(8);
    expect(JSON.stringify(feed)).not.toContain("example.com");
    plain.close();
  });

  test("values that are too large for an event are left out, and it says so", async () => {
    const id = await world.createUser({ userName: "ann@example.com", emails, title: "a".repeat(150_000) });
    await world.work();
    await world.handle(world.taken());
    await world.patchUser(id, { title: "b".repeat(150_000) });
    await world.work();
    await world.handle(world.taken());
    const [created, updated] = (await world.feed()) as EntryEvent[];
    expect(created?.data.values).toBeDefined();
    expect(updated?.data).toMatchObject({ changed: ["title"], valuesLeftOut: true });
    expect(updated?.data.values).toBeUndefined();
  });

  test("a batch that comes twice tells nothing twice, and each sink has a pointer to each event", async () => {
    await oneLife(world);
    const event = world.taken();
    await world.handle(event);
    const feed = await world.feed();
    await world.handle(event);
    expect(await world.feed()).toEqual(feed);
    const pointers = feed.map(({ id, data }, n) => ({ position: n + 1, eventId: id, subject: data.subject }));
    expect(world.sent).toEqual({ app: pointers, other: pointers });
  });
});

describe("a change that cannot be made into an event", () => {
  const ruined = (event: DynamoDBStreamEvent, id: string): DynamoDBStreamEvent => ({
    Records: event.Records.map((record) =>
      record.dynamodb?.Keys?.["pk"]?.S === `User#${id}`
        ? { ...record, dynamodb: { ...record.dynamodb, NewImage: { profile: { S: "secret@example.com" } } } }
        : record,
    ),
  });

  const behind = async (): Promise<Behind[]> => {
    const found: Behind[] = [];
    for await (const one of listBehind(world.operations.table)) found.push(one);
    return found;
  };

  test("holds up no other one; it is noted, counted and logged without its values, and told by the hourly run", async () => {
    const ann = await world.createUser({ userName: "ann@example.com", emails });
    await world.createUser({ userName: "bob@example.com", emails });
    await world.work();
    await world.handle(ruined(world.taken(), ann));
    expect(await world.feed()).toHaveLength(1);
    expect(world.told.counts).toContainEqual(["Unpublished", 1]);
    expect(JSON.stringify(world.told)).not.toContain("secret");
    expect(await behind()).toMatchObject([{ subject: `User/${ann}` }]);
    await world.handle({ catchUp: true });
    const feed = await world.feed();
    expect(feed[1]).toMatchObject({
      type: "user.created",
      data: { subject: `User/${ann}`, whole: true, caughtUp: true },
    });
    expect(await behind()).toEqual([]);
  });

  test("the next change of the same one tells all of it, as the one before was not told", async () => {
    const ann = await world.createUser({ userName: "ann@example.com", emails });
    await world.work();
    await world.handle(ruined(world.taken(), ann));
    await world.patchUser(ann, { userName: "anna@example.com" });
    await world.work();
    await world.handle(world.taken());
    expect(await world.feed()).toMatchObject([
      {
        type: "user.created",
        data: { whole: true, changed: ["email", "login"], values: { login: { new: "anna@example.com" } } },
      },
    ]);
  });
});

describe("a sink whose queue does not answer", () => {
  test("fails the batch, so that it comes again soon; the feed and the other sinks have it already, and no twice", async () => {
    await world.createUser({ userName: "ann@example.com", emails });
    await world.work();
    world.broken.add("app");
    const event = world.taken();
    await expect(world.handle(event)).rejects.toThrow("LaneError");
    expect(await world.feed()).toHaveLength(1);
    await expect(world.handle(event)).rejects.toThrow("LaneError");
    expect(world.sent).toMatchObject({ app: [], other: [{ position: 1 }] });
    world.broken.clear();
    await world.handle(event);
    expect(world.sent).toMatchObject({ app: [{ position: 1 }], other: [{ position: 1 }] });
    expect(world.sent["other"]).toHaveLength(1);
  });

  test("holds up the stream for five minutes and no longer; the next events, or the hour, bring the rest", async () => {
    await world.createUser({ userName: "ann@example.com", emails });
    await world.work();
    world.broken.add("app");
    const event = world.taken();
    world.pass(10 * 60_000);
    await world.handle(event);
    expect(world.told.lines).toContainEqual(expect.objectContaining({ level: "error", sink: "app" }));
    world.broken.clear();
    await world.handle({ catchUp: true });
    expect(world.sent["app"]).toMatchObject([{ position: 1 }]);
  });
});

describe("the hourly run, when the feed has more than the queues take in its time", () => {
  test("goes on an hour later, in order, and does not fail for it", async () => {
    await appendMany(world.operations.table, 250, world.operations.clock.now());
    world.slow.ms = 150_000;
    for (const sent of [100, 200, 250]) {
      await world.handle({ catchUp: true });
      expect(world.sent["app"]).toHaveLength(sent);
    }
    expect(world.sent["app"]?.map(({ position }) => position)).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
    expect(world.sent["other"]).toEqual(world.sent["app"]);
    expect(world.told.lines).toContainEqual(expect.objectContaining({ level: "warn", sinks: ["app", "other"] }));
    expect(world.told.counts.filter(([name]) => name === "Unpublished")).toEqual([]);
  });

  test("fails when a queue took nothing", async () => {
    await appendMany(world.operations.table, 250, world.operations.clock.now());
    world.slow.ms = 150_000;
    world.broken.add("app");
    await expect(world.handle({ catchUp: true })).rejects.toThrow("LaneError");
    expect(world.sent["other"]).toHaveLength(100);
  });
});

describe("a directory that was restored to a moment before", () => {
  test("is told as it is now, with sequences that go on growing, and what is applied then follows", async () => {
    const ann = await world.createUser({ userName: "ann@example.com", emails });
    await world.work();
    const then = world.db.prepare("SELECT tbl, pk, sk, attributes FROM item WHERE tbl = 'directory'").all();
    world.pass(1_000);
    await world.patchUser(ann, { userName: "anna@example.com" });
    await world.createGroup("Sales", [ann]);
    await world.work();
    await world.handle(world.taken());
    world.db.exec("DELETE FROM item WHERE tbl = 'directory'");
    const put = world.db.prepare("INSERT INTO item (tbl, pk, sk, attributes) VALUES (?, ?, ?, ?)");
    for (const { tbl, pk, sk, attributes } of then) put.run(tbl ?? "", pk ?? "", sk ?? "", attributes ?? "");
    await world.handle({ catchUp: true });
    expect(differences(foldEvents(await world.feed()), stored()).filter((one) => !one.includes("Group/"))).toEqual([]);
    world.pass(1_000);
    await world.patchUser(ann, { title: "Head" });
    await world.work();
    await world.handle(world.taken());
    const fold = foldEvents(await world.feed());
    expect(fold.entries.get(`User/${ann}`)).toEqual(stored().entries.get(`User/${ann}`));
    expect([...fold.entries.values()].find(({ type }) => type === "Group")).toMatchObject({ state: "removed" });
  });

  const stored = () =>
    foldOfDirectory(
      world.db
        .prepare("SELECT pk, sk, attributes FROM item WHERE tbl = 'directory'")
        .all()
        .map(({ pk, sk, attributes }) => ({
          pk: String(pk),
          sk: String(sk),
          attributes: JSON.parse(String(attributes)),
        })),
    );
});
