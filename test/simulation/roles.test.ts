import { describe, expect, test } from "vitest";
import * as guards from "./guards.ts";
import { simulate, type SimulationOptions, type WithoutGuard } from "./simulate.ts";

const runs = 600;
const parts = 6;
const resyncs = 200;

async function holds(seed: number, options: SimulationOptions): Promise<number> {
  const { violations, trace, accepted } = await simulate(seed, { ...options, roles: true });
  expect(violations, `seed ${seed}\n${trace.slice(-60).join("\n")}`).toEqual([]);
  return accepted;
}

describe("roles from groups under faults", () => {
  test.each(Array.from({ length: parts }, (_, part) => 1 + (part * runs) / parts))(
    "seeds from %i: at rest everybody's roles are what the names of the groups say",
    async (from) => {
      let accepted = 0;
      for (let seed = from; seed < from + runs / parts; seed += 1) accepted += await holds(seed, {});
      expect(accepted).toBeGreaterThan(runs / parts);
    },
  );

  test(`${resyncs} seeds with an operator who has everything applied again, all the time`, async () => {
    let accepted = 0;
    for (let seed = 1; seed <= resyncs; seed += 1) accepted += await holds(seed, { resync: true });
    expect(accepted).toBeGreaterThan(resyncs);
  });
});

describe("without its guard the simulation notices", () => {
  // The guards that show in one of thousands of seeds are taken out by hand in test/provisioning/roles.test.ts.
  test.each<{ guard: string; without: WithoutGuard }>([
    { guard: "a membership comes with a mark", without: guards.noRoleMarks },
    { guard: "a name comes with marks", without: guards.noNameMarks },
  ])("$guard", { timeout: 60_000 }, async ({ without }) => {
    let found = false;
    for (let seed = 1; seed < 1_000 && !found; seed += 1) {
      found = (await simulate(seed, { without, roles: true })).violations.length > 0;
    }
    expect(found).toBe(true);
  });
});
