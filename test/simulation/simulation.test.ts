import { describe, expect, test } from "vitest";
import { simulate, type SimulationOptions } from "./simulate.ts";

/** The seed of a failure is in its message, with the end of that world's diary. */
const runs = 2_000;
const churns = 300;
const parts = 20;
const first = 1;

async function holds(seed: number, options: SimulationOptions = {}): Promise<number> {
  const { violations, trace, accepted } = await simulate(seed, options);
  expect(violations, `seed ${seed}\n${trace.slice(-60).join("\n")}`).toEqual([]);
  return accepted;
}

describe("provisioning under faults (crashes, lost answers, conflicts, messages lost, twice, late)", () => {
  test.each(Array.from({ length: parts }, (_, part) => first + (part * runs) / parts))(
    "seeds from %i: nothing acknowledged is lost, nothing is done twice, every read was true",
    async (from) => {
      let accepted = 0;
      for (let seed = from; seed < from + runs / parts; seed += 1) accepted += await holds(seed);
      expect(accepted).toBeGreaterThan(runs / parts);
    },
  );

  test(`${churns} seeds with other mappings deployed, and everything applied again all the time`, async () => {
    let accepted = 0;
    for (let seed = first; seed < first + churns; seed += 1) accepted += await holds(seed, { resync: true });
    expect(accepted).toBeGreaterThan(churns);
  });

  test(`${churns} seeds of one group that is changed and read all the time: every read is a state that existed`, async () => {
    let accepted = 0;
    for (let seed = first; seed < first + churns; seed += 1) accepted += await holds(seed, { churn: true });
    expect(accepted).toBeGreaterThan(churns);
  });
});
