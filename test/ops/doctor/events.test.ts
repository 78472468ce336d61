/** What the doctor says of a tenant with events: its sinks, its publisher, and what could not be told. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { behindPut } from "../../../lib/events/behind.ts";
import { noteLastAnswer, type SinkAnswer } from "../../../lib/events/sink-state.ts";
import { localEvents } from "../../../lib/local/sinks.ts";
import { sqliteSinkMessages } from "../../../lib/local/sqlite-sink-queue.ts";
import type { Check } from "../../../lib/ops/doctor/check.ts";
import { doctor } from "../../../lib/ops/doctor/doctor.ts";
import type { Deployment, Operations } from "../../../lib/ops/operations.ts";
import { catchUpKey } from "../../../lib/provisioning/keys.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import { append, userEvent } from "../../events/fed.ts";
import { parkingTenantFile, type TestStore, testStore } from "../store.ts";

const minute = 60_000;
const hour = 60 * minute;
const tenant = readTenantFile("parking", {
  ...parkingTenantFile,
  events: { bus: true, webhooks: { app: { url: "https://app.example.com/events" } } },
});
const deployment: Deployment = { fileHash: "f", alarms: async () => [], tables: async () => [] };

let store: TestStore;
let o: Operations;
beforeEach(() => {
  store = testStore(tenant);
  o = { ...store.operations, events: localEvents(store.db, store.operations, {}) };
});
afterEach(() => store.close());

const check = async (name: string, more: Partial<Operations> = {}): Promise<Check | undefined> =>
  (await doctor({ ...o, ...more })).checks.find((one) => one.name === name);

/** Events 1 to `count` in the feed, and in the queue of the webhook. */
async function queued(count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, n) => userEvent(n + 1, o.clock.now()));
  await append(o.table, events, o.clock.now());
  await o.events?.queues["app"]?.sendAll(
    events.map(({ id, data }, n) => ({ position: n + 1, eventId: id, subject: data.subject })),
  );
}
async function answer(outcome: SinkAnswer["outcome"], position = 1): Promise<void> {
  const said = outcome === "taken" ? { status: 200 } : { status: 500, reason: "it answered 500" };
  const eventId = userEvent(position, 0).id;
  await noteLastAnswer(o.table, "app", { outcome, position, eventId, at: o.clock.now(), attempts: 1, ...said });
}

describe("a sink", () => {
  test("for which nothing waits is well, however long ago it took something", async () => {
    await answer("taken");
    store.pass(100 * hour);
    expect(await check("sink app")).toMatchObject({ state: "ok" });
  });

  test("for which events are parked fails, with its last answer and the replay", async () => {
    await queued(1);
    await answer("parked");
    const pointer = { position: 1, eventId: "User.a.1", subject: "User/a" };
    await sqliteSinkMessages({ db: store.db, sink: "app", clock: o.clock }).bury(pointer, "not-taken");
    expect(await check("sink app")).toMatchObject({
      state: "failure",
      summary: "1 event parked that it did not take, and 1 waits; it has taken none yet.",
      details: [expect.stringMatching(/^its last answer, .* ago: it answered 500$/)],
      command: "npx rollcall events replay app --local",
    });
  });

  test("that has not taken for an hour what waits is warned of, with what it says; how long it was idle before does not count", async () => {
    await answer("taken", 1);
    store.pass(100 * hour);
    await queued(2);
    store.pass(50 * minute);
    await answer("later", 2);
    expect(await check("sink app")).toMatchObject({ state: "ok" });
    store.pass(20 * minute);
    expect(await check("sink app")).toMatchObject({
      state: "warning",
      summary: expect.stringMatching(/^2 events wait for it; it took .* ago\.$/),
      details: [expect.stringContaining("it answered 500")],
      command: "npx rollcall events send-test app --local",
    });
  });

  test.each<{ before: readonly SinkAnswer["outcome"][] }>([{ before: [] }, { before: ["taken"] }])(
    "to which nothing is sent, after $before, is told of with who should send",
    async ({ before }) => {
      await queued(2);
      for (const outcome of before) await answer(outcome, 1);
      store.pass(50 * minute);
      expect(await check("sink app")).toMatchObject({ state: "ok" });
      store.pass(20 * minute);
      expect(await check("sink app")).toMatchObject({
        state: "warning",
        action: "Events are sent within `npm start`: start that again.",
      });
      expect((await check("sink app", { deployment }))?.action).toContain("the deliver function");
    },
  );

  test("that is the bus is not there in embedded data; in a stack it is there once that is deployed", async () => {
    expect(await check("sink bus")).toMatchObject({ state: "skipped" });
    expect(await check("sink bus", { deployment })).toMatchObject({ state: "warning", action: "Deploy the tenant." });
  });

  test("whose queue does not answer leaves the rest of the page", async () => {
    const depth = async () => await Promise.reject(new Error("not allowed"));
    const queues = { app: { sendAll: async () => {}, depth } };
    const found = await check("sinks", { events: { queues, deadLetters: {}, senders: {} } });
    expect(found).toMatchObject({ state: "unknown", summary: expect.stringContaining("not allowed") });
  });
});

describe("the publisher", () => {
  test.each([
    [1.5, "ok", "ok"],
    [2.5, "warning", "failure"],
  ])("that had its hourly look %d hours ago is %s, deployed %s", async (hours, embedded, deployed) => {
    await o.table.write({ kind: "update", key: catchUpKey, set: { ranAt: o.clock.now() } });
    store.pass(hours * hour);
    expect(await check("publisher")).toMatchObject({ state: embedded });
    expect(await check("publisher", { deployment })).toMatchObject({ state: deployed });
  });

  test("that never had it is late two hours after the last event", async () => {
    expect(await check("publisher", { deployment })).toMatchObject({ state: "skipped" });
    await queued(1);
    store.pass(2.5 * hour);
    expect(await check("publisher", { deployment })).toMatchObject({ state: "failure" });
  });
});

test("what could not be told is told by its subject, with the command that tells it", async () => {
  expect(await check("told")).toMatchObject({ state: "ok" });
  await o.table.write(behindPut({ subject: "User/a", at: o.clock.now(), error: "FormatError" }));
  store.pass(10 * minute);
  expect(await check("told")).toMatchObject({
    state: "warning",
    summary: "Of 1 resource something could not be told, for 10 min.",
    details: ["User/a"],
    command: "npx rollcall events catch-up --local",
  });
});

test("of a tenant without events nothing of it is said", async () => {
  const without = testStore();
  const names = (await doctor(without.operations)).checks.map(({ name }) => name);
  without.close();
  expect(names.filter((name) => /sink|publisher|told/.test(name))).toEqual([]);
});
