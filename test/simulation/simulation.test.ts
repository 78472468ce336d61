import { describe, expect, test } from "vitest";
import { simulate } from "./simulate.ts";

/** ROLLCALL_SEED=n starts elsewhere; the seeds of a failure are in its message, with the world's diary. */
const runs = 2_000;
const parts = 20;
const first = 1;

describe("provisioning under faults (crashes, lost answers, conflicts, messages lost, twice, late)", () => {
  test.each(Array.from({ length: parts }, (_, part) => first + (part * runs) / parts))(
    "seeds from %i: nothing acknowledged is lost, nothing is done twice, every read was true",
    async (from) => {
      let accepted = 0;
      for (let seed = from; seed < from + runs / parts; seed += 1) {
        const result = await simulate(seed);
        accepted += result.accepted;
        expect(result.violations, `seed ${seed}\n${result.trace.slice(-60).join("\n")}`).toEqual([]);
      }
      expect(accepted).toBeGreaterThan(runs / parts);
    },
  );
});
