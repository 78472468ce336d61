import { sqliteDeadLetters } from "../../lib/local/sqlite-lane.ts";
import {
  deleteSinkMessage,
  receiveSinkMessages,
  sinkQueueName,
  sqliteSinkMessages,
  sqliteSinkQueue,
} from "../../lib/local/sqlite-sink-queue.ts";
import { purgeExpired } from "../../lib/local/purge.ts";
import { expect, onTestFinished, test } from "vitest";
import { pointer, sinkQueueContract } from "../contract/sink-queue.ts";
import { manualClock, temporaryDatabase } from "./temporary-database.ts";

const settings = { visibilityTimeoutSeconds: 2, maxReceiveCount: 3 };

sinkQueueContract("SQLite", async () => {
  const { db, close } = temporaryDatabase();
  const options = { db, sink: "app", clock: manualClock() };
  return {
    ...settings,
    queue: sqliteSinkQueue(options),
    messages: sqliteSinkMessages(options),
    deadLetters: sqliteDeadLetters({ ...options, name: sinkQueueName("app") }),
    clock: options.clock,
    receive: async () =>
      receiveSinkMessages(options, settings).map((message) => ({
        ...message,
        ack: async () => deleteSinkMessage(options, message.receipt),
      })),
    close: async () => close(),
  };
});

test("after five minutes an event may be sent to the same sink again, and to another one at any time", async () => {
  const { db, close } = temporaryDatabase();
  onTestFinished(close);
  const options = { db, sink: "app", clock: manualClock() };
  const queue = sqliteSinkQueue(options);
  await queue.sendAll([pointer("User/a", 1)]);
  await sqliteSinkQueue({ ...options, sink: "other" }).sendAll([pointer("User/a", 1)]);
  expect(receiveSinkMessages({ ...options, sink: "other" }, settings)).toHaveLength(1);
  await options.clock.sleep(5 * 60 * 1000);
  purgeExpired(db, Math.floor(options.clock.now() / 1000));
  await queue.sendAll([pointer("User/a", 1)]);
  expect(await queue.depth()).toBe(2);
});
