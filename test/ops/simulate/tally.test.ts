import { describe, expect, test } from "vitest";
import { newTally } from "../../../lib/ops/simulate/tally.ts";

describe("the tally", () => {
  test("percentiles are values that were measured (nearest rank)", () => {
    const tally = newTally();
    for (let ms = 1; ms <= 100; ms += 1) tally.answered("create user", ms);
    expect(tally.summary(10)).toMatchObject({
      requests: 100,
      perSecond: 10,
      kinds: [{ kind: "create user", p50: 50, p95: 95, p99: 99 }],
    });
  });

  test("failures are counted by kind, and the first ten are told", () => {
    const tally = newTally();
    for (let n = 0; n < 12; n += 1) tally.failed({ kind: "add member", about: `team ${n}`, status: 500, detail: "no" });
    const summary = tally.summary(1);
    expect(summary).toMatchObject({ failed: 12, kinds: [{ kind: "add member", failed: 12 }] });
    expect(summary.failures).toHaveLength(10);
  });

  test("nothing asked is nothing told", () => {
    expect(newTally().summary(0)).toMatchObject({ requests: 0, perSecond: 0, kinds: [] });
  });
});
