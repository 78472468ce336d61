import { expect, onTestFinished, test } from "vitest";
import { deleteMessage, receiveMessages, sqliteDeadLetters, sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { laneContract } from "../contract/lane.ts";
import { manualClock, temporaryDatabase } from "./temporary-database.ts";

const settings = { visibilityTimeoutSeconds: 1, maxReceiveCount: 3 };
const pointer = { type: "User", id: "2819c223-7f76-453a-919d-413861904646", version: 1 };

laneContract("SQLite", async () => {
  const { db, close } = temporaryDatabase();
  const options = { db, name: "leavers", clock: manualClock() } as const;
  return {
    ...settings,
    lane: sqliteLane(options),
    deadLetters: sqliteDeadLetters(options),
    clock: options.clock,
    receive: async () =>
      receiveMessages(options, settings).map(({ body, receiveCount, receipt }) => ({
        body,
        receiveCount,
        ack: async () => deleteMessage(options, receipt),
      })),
    close: async () => close(),
  };
});

test("the two lanes of one file are apart, and so are their dead letters", async () => {
  const { db, close } = temporaryDatabase();
  onTestFinished(close);
  const clock = manualClock();
  const leavers = { db, name: "leavers", clock } as const;
  const changes = { db, name: "changes", clock } as const;
  await sqliteLane(leavers).send(pointer);
  await sqliteLane(leavers).bury(pointer, "mapping-required");
  expect(receiveMessages(changes, settings)).toEqual([]);
  expect(await sqliteDeadLetters(changes).depth()).toBe(0);
  expect(receiveMessages(leavers, settings)).toHaveLength(1);
  expect(await sqliteDeadLetters(leavers).depth()).toBe(1);
});

test("a receipt of an earlier receive does not delete what somebody else has received since", async () => {
  const { db, close } = temporaryDatabase();
  onTestFinished(close);
  const options = { db, name: "changes", clock: manualClock() } as const;
  await sqliteLane(options).send(pointer);
  const [slow] = receiveMessages(options, settings);
  await options.clock.sleep(1000);
  const [quick] = receiveMessages(options, settings);
  deleteMessage(options, slow?.receipt ?? "");
  await options.clock.sleep(1000);
  expect(receiveMessages(options, settings)).toHaveLength(1);
  expect(quick?.receiveCount).toBe(2);
});

test("a slow worker's receipt does not delete a message that has become a dead letter", async () => {
  const { db, close } = temporaryDatabase();
  onTestFinished(close);
  const options = { db, name: "changes", clock: manualClock() } as const;
  await sqliteLane(options).send(pointer);
  const [slow] = receiveMessages(options, { ...settings, maxReceiveCount: 1 });
  await options.clock.sleep(1000);
  expect(receiveMessages(options, { ...settings, maxReceiveCount: 1 })).toEqual([]);
  deleteMessage(options, slow?.receipt ?? "");
  expect(await sqliteDeadLetters(options).depth()).toBe(1);
});
