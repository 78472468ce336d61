/** Lane: messages come, come again until they are acknowledged, and then no more. */
import { describe, expect, test } from "vitest";
import type { LaneHarness } from "../lane.ts";
import { arrive, arriveDead, failUntilDead, letTimePass, pointer } from "./arrive.ts";

export function deliveryContract(harness: () => LaneHarness): void {
  describe("send", () => {
    test("delivers the pointer as JSON, the first time with receive count 1", async () => {
      await harness().lane.send(pointer(3));
      const [message] = await arrive(harness(), 1);
      expect(JSON.parse(message?.body ?? "")).toEqual(pointer(3));
      expect(message?.receiveCount).toBe(1);
    });

    test("delivers no sooner than after `delaySeconds`", async () => {
      await harness().lane.send(pointer(1), { delaySeconds: 2 });
      await harness().lane.send(pointer(2), { delaySeconds: 0 });
      const [first] = await arrive(harness(), 1);
      expect(JSON.parse(first?.body ?? "")).toEqual(pointer(2));
      await first?.ack();
      expect(await harness().receive()).toEqual([]);
      await letTimePass(harness(), 2.1);
      const [second] = await arrive(harness(), 1);
      expect(JSON.parse(second?.body ?? "")).toEqual(pointer(1));
    });

    test.each([-1, 901])("refuses a delay of %i seconds", async (delaySeconds) => {
      await expect(harness().lane.send(pointer(1), { delaySeconds })).rejects.toThrow(Error);
      expect(await harness().receive()).toEqual([]);
    });
  });

  describe("sendAll", () => {
    test("delivers 25 pointers", async () => {
      const pointers = Array.from({ length: 25 }, (_, i) => pointer(i + 1));
      await harness().lane.sendAll(pointers);
      const bodies = new Set<string>();
      while (bodies.size < pointers.length) {
        for (const message of await arrive(harness(), 1)) {
          bodies.add(message.body);
          await message.ack();
        }
      }
      expect(new Set([...bodies].map((body) => JSON.parse(body) as unknown))).toEqual(new Set(pointers));
    });

    test("sends nothing for no pointers", async () => {
      await harness().lane.sendAll([]);
      expect(await harness().receive()).toEqual([]);
    });
  });

  describe("depth", () => {
    const patience = { timeout: 30_000, interval: 50 };

    test("counts what waits, what is delayed and what a worker has at hand, and neither dead letters nor what is done", async () => {
      const { lane } = harness();
      expect(await lane.depth()).toBe(0);
      await lane.send(pointer(1));
      await lane.send(pointer(2), { delaySeconds: 60 });
      await lane.bury(pointer(3), "throttled");
      await expect.poll(async () => await lane.depth(), patience).toBe(2);
      const [message] = await arrive(harness(), 1);
      expect(await lane.depth()).toBe(2);
      await message?.ack();
      await expect.poll(async () => await lane.depth(), patience).toBe(1);
    });
  });

  describe("visibility time-out", () => {
    test("hides a received message, then delivers it again with a receive count of one more", async () => {
      await harness().lane.send(pointer(1));
      await arrive(harness(), 1);
      expect(await harness().receive()).toEqual([]);
      await letTimePass(harness(), harness().visibilityTimeoutSeconds + 0.2);
      const [again] = await arrive(harness(), 1);
      expect(JSON.parse(again?.body ?? "")).toEqual(pointer(1));
      expect(again?.receiveCount).toBe(2);
    });

    test("never again delivers what was acknowledged", async () => {
      await harness().lane.send(pointer(1));
      const [message] = await arrive(harness(), 1);
      await message?.ack();
      await letTimePass(harness(), harness().visibilityTimeoutSeconds + 0.2);
      expect(await harness().receive()).toEqual([]);
      expect(await harness().deadLetters.depth()).toBe(0);
    });
  });

  describe("redrive", () => {
    test("moves a message to the dead letters, without a reason, after maxReceiveCount receives", async () => {
      await harness().lane.send(pointer(1));
      await failUntilDead(harness());
      const [letter] = await arriveDead(harness(), 1);
      expect(JSON.parse(letter?.body ?? "")).toEqual(pointer(1));
      expect(letter?.reason).toBeUndefined();
    });
  });
}
