/** Lane: bury. DeadLetters: what an operator can see and do. */
import { describe, expect, test } from "vitest";
import type { LaneHarness } from "../lane.ts";
import { arriveDead, failUntilDead, letTimePass, now, pointer } from "./arrive.ts";

/** The clocks of a queue in another process and of the test. */
const skewMs = 1000;
const patience = { timeout: 30_000, interval: 50 };

export function deadLettersContract(harness: () => LaneHarness): void {
  describe("bury", () => {
    test("puts the pointer among the dead letters with its reason, and not into the lane", async () => {
      await harness().lane.bury(pointer(4), "mapping-required");
      const [letter] = await arriveDead(harness(), 1);
      expect(JSON.parse(letter?.body ?? "")).toEqual(pointer(4));
      expect(letter?.reason).toBe("mapping-required");
      expect(await harness().receive()).toEqual([]);
    });

    test("puts the body of a message that is no pointer there as it is", async () => {
      await harness().lane.bury(" not ours, größer\n", "unreadable-message");
      const [letter] = await arriveDead(harness(), 1);
      expect(letter?.body).toBe(" not ours, größer\n");
      expect(letter?.reason).toBe("unreadable-message");
    });
  });

  describe("dead letters", () => {
    test("there are none at first", async () => {
      expect(await harness().deadLetters.depth()).toBe(0);
      expect(await harness().deadLetters.receive({ hiddenSeconds: 1 })).toEqual([]);
    });

    test("depth counts hidden ones too", async () => {
      await buryThree(harness());
      await expect.poll(() => harness().deadLetters.depth(), patience).toBe(3);
      await arriveDead(harness(), 3);
      expect(await harness().deadLetters.depth()).toBe(3);
    });

    test("receive gives up to ten at once, and in the end all", async () => {
      for (let version = 1; version <= 12; version += 1)
        await harness().lane.bury(pointer(version), "mapping-required");
      const first = await harness().deadLetters.receive({ hiddenSeconds: 30 });
      expect(first.length).toBeLessThanOrEqual(10);
      const rest = await arriveDead(harness(), 12 - first.length);
      const bodies = new Set([...first, ...rest].map((letter) => letter.body));
      expect(bodies.size).toBe(12);
    });

    test("receive hides for so long, and no longer", async () => {
      await buryThree(harness());
      await arriveDead(harness(), 3, 2);
      expect(await harness().deadLetters.receive({ hiddenSeconds: 2 })).toEqual([]);
      await letTimePass(harness(), 2.2);
      const again = await arriveDead(harness(), 3);
      expect(new Set(again.map((letter) => letter.reason))).toEqual(new Set(["one", "two", "three"]));
    });

    test("looking does not wear a dead letter out", async () => {
      await harness().lane.bury(pointer(1), "mapping-required");
      for (let looks = 0; looks < harness().maxReceiveCount + 2; looks += 1) {
        const [letter] = await arriveDead(harness(), 1);
        await harness().deadLetters.release(letter?.receipt ?? "");
      }
      expect(await harness().deadLetters.depth()).toBe(1);
    });

    test("remove takes one away, and only that", async () => {
      await buryThree(harness());
      const letters = await arriveDead(harness(), 3, 2);
      const two = letters.find((letter) => letter.reason === "two");
      await harness().deadLetters.remove(two?.receipt ?? "");
      await expect.poll(() => harness().deadLetters.depth(), patience).toBe(2);
      await letTimePass(harness(), 2.2);
      const left = await arriveDead(harness(), 2);
      expect(new Set(left.map((letter) => letter.reason))).toEqual(new Set(["one", "three"]));
    });

    test("release ends the hiding", async () => {
      await harness().lane.bury(pointer(1), "mapping-required");
      const [letter] = await arriveDead(harness(), 1, 600);
      expect(await harness().deadLetters.receive({ hiddenSeconds: 600 })).toEqual([]);
      await harness().deadLetters.release(letter?.receipt ?? "");
      const [again] = await arriveDead(harness(), 1, 600);
      expect(again?.body).toBe(letter?.body);
      await harness().deadLetters.remove(again?.receipt ?? "");
      await expect.poll(() => harness().deadLetters.depth(), patience).toBe(0);
    });

    test("sentAt is when a buried pointer was buried", async () => {
      const before = now(harness());
      await harness().lane.bury(pointer(1), "mapping-required");
      const after = now(harness());
      const [letter] = await arriveDead(harness(), 1);
      expect(letter?.sentAt).toBeGreaterThanOrEqual(before - skewMs);
      expect(letter?.sentAt).toBeLessThanOrEqual(after + skewMs);
    });

    test("sentAt of a message that the queue moved is when it was first sent", async () => {
      const before = now(harness());
      await harness().lane.send(pointer(1));
      const after = now(harness());
      await failUntilDead(harness());
      const [letter] = await arriveDead(harness(), 1);
      expect(letter?.sentAt).toBeGreaterThanOrEqual(before - skewMs);
      expect(letter?.sentAt).toBeLessThanOrEqual(after + skewMs);
    });
  });
}

async function buryThree({ lane }: LaneHarness): Promise<void> {
  await lane.bury(pointer(1), "one");
  await lane.bury(pointer(2), "two");
  await lane.bury(pointer(3), "three");
}
