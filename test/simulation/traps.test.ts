/** Each guard is taken out once: the simulation must notice, or it proves nothing (design.md, "Traps"). */
import { describe, expect, test } from "vitest";
import * as guards from "./guards.ts";
import { simulate, type SimulationOptions } from "./simulate.ts";

/** The first seed that shows it, or undefined. */
async function firstFailure(options: SimulationOptions, seeds: number): Promise<number | undefined> {
  for (let seed = 1; seed <= seeds; seed += 1) if ((await simulate(seed, options)).violations.length > 0) return seed;
  return undefined;
}

describe("without its guard the simulation notices", () => {
  test.each([
    ["trap 1: the lock on the head", guards.noLock, 100],
    ["trap 2: the log has a gap", guards.noGapCheck, 1_000],
    ["trap 3: a resumed walk ends where it was to end", guards.noPin, 300],
    ["trap 4: a member that comes is not deleted", guards.noMemberCheck, 600],
    ["trap 4: removals from groups come with the deletion", guards.noRemovals, 100],
    ["trap 5: members are read before the log", guards.logFirst, 1_000],
    ["trap 6: a lost answer is looked for in the log", guards.noOwnChange, 200],
    ["trap 8: readers fold from before the last step", guards.noSince, 1_000],
    ["trap 10: the entry is fenced by its version", guards.noEntryFence, 1_000],
    ["trap 10: tombstones keep the fence", guards.noTombstone, 1_000],
    ["a step is fenced by the head", guards.noStepFence, 300],
    ["claims are exclusive", guards.noClaim, 200],
  ])("%s", async (_name, without, seeds) => {
    expect(await firstFailure({ without }, seeds), `not noticed in ${seeds} runs`).toBeDefined();
  });
});
