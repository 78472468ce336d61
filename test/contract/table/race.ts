/** Table: many callers at once lose nothing. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { TableError, type Key, type Table } from "../../../lib/provisioning/ports.ts";
import { freshKey, put, valueOf } from "./fresh.ts";

export function raceContract(table: () => Table): void {
  describe("races", () => {
    test("fifty increments under a version condition, read and transact, all count", { timeout: 120_000 }, async () => {
      const [counter, copy] = [freshKey(), freshKey()];
      await table().write(put(counter, { version: 0 }));
      await Promise.all(Array.from({ length: 50 }, () => untilWritten(() => increment(table(), counter, copy))));
      expect(await valueOf(table(), counter, "version")).toBe(50);
      expect(await valueOf(table(), copy, "version")).toBe(50);
    });

    test("fifty unconditional adds all count", async () => {
      const key = freshKey();
      const add = (): Promise<void> => table().write({ kind: "update", key, add: { n: 1 } });
      await Promise.all(Array.from({ length: 50 }, () => untilWritten(add)));
      expect(await valueOf(table(), key, "n")).toBe(50);
    });

    test("of fifty that create the same item, one does", async () => {
      const key = freshKey();
      const outcomes = await Promise.all(Array.from({ length: 50 }, (_, i) => create(table(), key, i)));
      const winners = outcomes.filter((outcome) => outcome !== undefined);
      expect(winners).toHaveLength(1);
      expect(await valueOf(table(), key, "by")).toBe(winners[0]);
    });
  });
}

async function increment(table: Table, counter: Key, copy: Key): Promise<void> {
  const version = await valueOf(table, counter, "version");
  if (typeof version !== "number") throw new Error("the counter has gone");
  await table.transact([
    {
      kind: "update",
      key: counter,
      set: { version: version + 1 },
      if: [{ is: "equal", attribute: "version", value: version }],
    },
    { kind: "update", key: copy, add: { version: 1 } },
  ]);
}

/** The number of the caller when it was the one that created the item. */
async function create(table: Table, key: Key, by: number): Promise<number | undefined> {
  let created: number | undefined = by;
  await untilWritten(async () => {
    await table.transact([{ ...put(key, { by }), if: [{ is: "absent" }] }]).catch((error: unknown) => {
      if (!(error instanceof TableError) || error.kind !== "condition") throw error;
      created = undefined;
    });
  });
  return created;
}

/** Tries again after failures that promise that nothing was written, with full jitter. */
async function untilWritten(attempt: () => Promise<void>): Promise<void> {
  for (let delayMsMax = 10; ; delayMsMax = Math.min(delayMsMax * 2, 500)) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (!(error instanceof TableError) || error.kind === "lost") throw error;
      await sleep(Math.random() * delayMsMax);
    }
  }
}
