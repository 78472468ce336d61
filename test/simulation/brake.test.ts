import { describe, expect, test } from "vitest";
import type { Table } from "../../lib/provisioning/ports.ts";
import { brakeKey, leaversPartition } from "../../lib/provisioning/keys.ts";
import { bound, simulateBrake, threshold } from "./brake.ts";
import type { WithoutGuard } from "./simulate.ts";

/** The seed of a failure is in its message, with the end of that world's diary. */
const runs = 150;

describe("a mass deactivation under faults (crashes, lost answers, conflicts, messages lost, twice, late)", () => {
  test(
    `at most ${bound} leave before an operator allows it, and then everybody who is to`,
    { timeout: 60_000 },
    async () => {
      let braked = 0;
      for (let seed = 1; seed <= runs; seed += 1) {
        const { violations, trace, left, held } = await simulateBrake(seed);
        expect(violations, `seed ${seed}\n${trace.slice(-60).join("\n")}`).toEqual([]);
        if (held > 0 && left >= threshold) braked += 1;
      }
      expect(braked).toBeGreaterThan(runs / 4);
    },
  );
});

describe("without its guard the simulation notices", () => {
  /** `near`: a seed that showed it when it was last looked for. */
  test.each<[string, number, WithoutGuard]>([
    ["leavers are counted", 1, (table) => withoutItems(table, leaversPartition)],
    // Rare: the operator decides between a worker's question and its parking.
    ["a worker asks once more after parking", 300, (table, process) => asksOnce(table, process)],
  ])("%s", { timeout: 120_000 }, async (_guard, near, without) => {
    const seeds = [near, ...Array.from({ length: 2_000 }, (_, n) => n + 1)];
    let noticed = false;
    for (let n = 0; n < seeds.length && !noticed; n += 1)
      noticed = (await simulateBrake(seeds[n] ?? 1, without)).violations.length > 0;
    expect(noticed).toBe(true);
  });
});

function withoutItems(table: Table, pk: string): Table {
  return { ...table, query: async (range) => (range.pk === pk ? { items: [] } : await table.query(range)) };
}

/** The first answer about the brake is kept for the whole apply. */
function asksOnce(table: Table, process: string): Table {
  if (!process.startsWith("worker")) return table;
  let first: ReturnType<Table["get"]> | undefined;
  return {
    ...table,
    get: async (key) => await (key.sk === brakeKey.sk ? (first ??= table.get(key)) : table.get(key)),
  };
}
