import { describe, expect, test } from "vitest";
import * as guards from "./guards.ts";
import { simulate, type SimulationOptions, type WithoutGuard } from "./simulate.ts";

const runs = 150;
const first = 1;

/** The first that does not hold, with its seed and the end of that world's diary. */
async function firstViolation(options: SimulationOptions, most = runs): Promise<string | undefined> {
  for (let seed = first; seed < first + most; seed += 1) {
    const { violations, trace } = await simulate(seed, options);
    if (violations.length > 0) return [`seed ${seed}`, ...trace.slice(-60), ...violations].join("\n");
  }
  return undefined;
}

describe("the feed under faults (publishers die, meet, get batches twice and late)", () => {
  test(`${runs} seeds: the fold of the events is the directory, each is there once, and a story is in order`, async () => {
    expect(await firstViolation({ events: "stream" })).toBeUndefined();
  });

  test(`${runs} seeds with everything applied again all the time`, async () => {
    expect(await firstViolation({ events: "stream", resync: true })).toBeUndefined();
  });

  test(`${runs} seeds of one group that is changed all the time`, async () => {
    expect(await firstViolation({ events: "stream", churn: true })).toBeUndefined();
  });

  test(`${runs} seeds of a stream that loses what it has: after a catch-up the fold is the directory`, async () => {
    expect(await firstViolation({ events: "lossy" })).toBeUndefined();
  });

  test(`${runs} seeds of one group in such a stream, whose members are told from the table while it is changed`, async () => {
    expect(await firstViolation({ events: "lossy", churn: true })).toBeUndefined();
  });
});

describe("without its guard the simulation notices", () => {
  test.each<{ guard: string; without: WithoutGuard; options: SimulationOptions }>([
    {
      guard: "positions are given by whoever moves the feed's head",
      without: guards.noFeedFence,
      options: { events: "stream" },
    },
    { guard: "what was told is as it was read", without: guards.noToldFence, options: { events: "stream" } },
    { guard: "what the stream lost is told from the table", without: guards.noCatchUp, options: { events: "lossy" } },
  ])("$guard", { timeout: 180_000 }, async ({ without, options }) => {
    expect(await firstViolation({ ...options, without }, 1_500)).toBeDefined();
  });
});
