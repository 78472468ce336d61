import { describe, expect, test } from "vitest";
import * as guards from "./guards.ts";
import { simulate, type WithoutGuard } from "./simulate.ts";

const runs = 300;
const parts = 3;

describe("who searches for the groups of somebody, under faults", () => {
  test.each(Array.from({ length: parts }, (_, part) => 1 + (part * runs) / parts))(
    "seeds from %i: finds what fits all the time, and nothing that does not fit at its version",
    async (from) => {
      for (let seed = from; seed < from + runs / parts; seed += 1) {
        const { violations, trace } = await simulate(seed, { memberships: true, churn: seed % 2 === 0 });
        expect(violations, `seed ${seed}\n${trace.slice(-60).join("\n")}`).toEqual([]);
      }
    },
  );
});

// The order of the reads shows in one of a thousand seeds: test/provisioning/groups.test.ts.
describe("without its guard the simulation notices", () => {
  test.each<{ guard: string; without: WithoutGuard; near?: number }>([
    { guard: "a group with changes pending is folded", without: guards.noPending },
    { guard: "trap 8: so is one whose last step is young", without: guards.noSettling },
    { guard: "whoever is deleted is no member from the answer on", without: guards.nobodyLeft },
  ])("$guard", { timeout: 120_000 }, async ({ without, near = 1 }) => {
    const seeds = [near, ...Array.from({ length: 2_000 }, (_, n) => n + 1)];
    let noticed: number | undefined;
    for (let n = 0; n < seeds.length && noticed === undefined; n += 1) {
      const seed = seeds[n] ?? 1;
      const { violations } = await simulate(seed, { without, memberships: true, churn: seed % 2 === 0 });
      if (violations.length > 0) noticed = seed;
    }
    expect(noticed).toBeDefined();
  });
});
