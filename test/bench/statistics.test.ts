/** What the benches make of their rounds. */
import { describe, expect, test } from "vitest";
import { goalsOf } from "../../bench/peers/goals.ts";
import { growth, summed } from "../../bench/peers/statistics.ts";

describe("a series of rounds", () => {
  test("comes to its median, so that one round of a busy machine does not count", () => {
    expect(summed([5, 4, 900, 6, 5])).toEqual({ median: 5, least: 4, most: 900, rounds: 5 });
  });

  test("is not made up where nothing was measured", () => {
    expect(() => summed([])).toThrow("nothing was measured");
  });
});

test.each([
  ["flat", [5, 5], 0],
  ["in proportion", [5, 50], 1],
  ["by the square", [5, 500], 2],
])("growth: %s", (_, [first = 0, last = 0], power) => {
  const points = [
    { size: 1_000, cost: first },
    { size: 10_000, cost: last },
  ];
  expect(growth(points)).toBeCloseTo(power);
});

test("growth: one size tells nothing", () => {
  expect(growth([{ size: 1_000, cost: 5 }])).toBeUndefined();
});

describe("a goal", () => {
  const sample = (contestant: string, cpuMs: number, wrong = 0) => ({
    operation: "group: add 100 members",
    contestant,
    size: 1_000,
    cpuMs: [cpuMs],
    wallMs: [cpuMs],
    asked: 1,
    wrong,
  });

  test.each([
    ["is reached", 30, 0, true],
    ["is not reached above the ratio", 31, 0, false],
    ["is not reached by wrong answers", 1, 1, false],
  ])("%s", (_, ours, wrong, isReached) => {
    const goals = goalsOf([sample("Rollcall", ours, wrong), sample("saml-jackson", 300)]);
    expect(goals.map((goal) => goal.isReached)).toEqual([isReached]);
  });
});
