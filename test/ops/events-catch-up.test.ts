import { expect, onTestFinished, test } from "vitest";
import type { SinkQueue } from "../../lib/events/ports.ts";
import { catchUpByHand } from "../../lib/ops/events/catch-up.ts";
import { LaneError } from "../../lib/provisioning/ports.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { parkingTenantFile, testStore } from "./store.ts";

const webhooks = { app: { url: "https://app.example.com" }, other: { url: "https://other.example.com" } };

test("a catch-up by hand says which queues did not take what it told: the feed has it", async () => {
  const store = testStore(readTenantFile("parking", { ...parkingTenantFile, events: { webhooks } }));
  onTestFinished(() => store.close());
  await store.createUser({ userName: "ann@example.com", emails: [{ value: "ann@example.com" }] });
  await store.work();
  const takes: SinkQueue = { sendAll: async () => {}, depth: async () => 0 };
  const refuses: SinkQueue = { ...takes, sendAll: async () => await Promise.reject(new LaneError("it is not there")) };
  const events = { queues: { app: refuses, other: takes }, deadLetters: {}, senders: {} };
  expect(await catchUpByHand({ ...store.operations, events }, {})).toMatchObject({
    events: 1,
    left: 0,
    unqueued: [{ sink: "app", problem: "it is not there" }],
  });
});
