import { describe, expect, test } from "vitest";
import { simulate, type SimulationOptions } from "./simulate.ts";

const runs = 150;
const first = 1;

async function hold(options: SimulationOptions): Promise<void> {
  for (let seed = first; seed < first + runs; seed += 1) {
    const { violations, trace } = await simulate(seed, options);
    expect(violations, `seed ${seed}\n${trace.slice(-60).join("\n")}`).toEqual([]);
  }
}

describe("the feed under faults (publishers die, meet, get batches twice and late)", () => {
  test(`${runs} seeds: the fold of the events is the directory, each is there once, and a story is in order`, async () => {
    await hold({ events: "stream" });
  });

  test(`${runs} seeds with everything applied again all the time`, async () => {
    await hold({ events: "stream", resync: true });
  });

  test(`${runs} seeds of one group that is changed all the time`, async () => {
    await hold({ events: "stream", churn: true });
  });

  test(`${runs} seeds of a stream that loses what it has: after a catch-up the fold is the directory`, async () => {
    await hold({ events: "lossy" });
  });
});
