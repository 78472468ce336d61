/** The cost table's arithmetic; what is measured for it is not measured here. */
import { describe, expect, test } from "vitest";
import { kinds } from "../../bench/cost/kinds.ts";
import { costOf, examples, idleMonth, perMillion, totalOf } from "../../bench/cost/model.ts";

describe("the cost table", () => {
  const used = { write: 20, read: 4, messages: 1, logBytes: 0 };

  test("a million requests cost what their units, milliseconds and messages cost", () => {
    const { dynamo, lambda, gateway, queue } = perMillion(used, { apiMs: 60, workerMs: 40 });
    expect(dynamo).toBeCloseTo(20 * 0.625 + 4 * 0.125, 6);
    // Two invocations, and 0.1 GB-seconds.
    expect(lambda).toBeCloseTo(2 * 0.2 + 0.1 * 13.3334, 6);
    expect([gateway, queue]).toEqual([1, 3 * 0.4]);
  });

  test("a worked example is made of kinds that are measured, and is the sum of them", () => {
    const names = kinds().map(({ name }) => name);
    for (const { requests } of examples) expect(names).toEqual(expect.arrayContaining(Object.keys(requests)));
    const dollars = perMillion(used, { apiMs: 60, workerMs: 40 });
    const example = { about: "", days: 2, requests: { "create a user": 500_000 } };
    expect(costOf(example, new Map([["create a user", dollars]]))).toBeCloseTo(totalOf(dollars), 6);
  });

  test("an idle month costs less where the account has what is always free, and never more", () => {
    const sweep = { write: 0.2, read: 16, ms: 50, logBytes: 600 };
    const lines = idleMonth({ sweep, alarms: 12, dashboards: 1, users: 5_000, bytesPerUser: 3_000, itemsPerUser: 8 });
    for (const { of, dollars, afterFree } of lines)
      expect([of, afterFree <= dollars, afterFree >= 0]).toEqual([of, true, true]);
    expect(lines.find(({ of }) => of === "alarms")).toMatchObject({
      dollars: expect.closeTo(1.2),
      afterFree: expect.closeTo(0.2),
    });
  });
});
