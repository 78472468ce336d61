import { describe, expect, test } from "vitest";
import { rhythmOf } from "../../../lib/ops/idp/rhythm.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** Calls with these pauses between them. Units: hours. */
function cyclesOf(...pauses: readonly number[]): number[] {
  return pauses.reduce((all, pause) => [...all, (all.at(-1) ?? 0) + pause * hour], [day]);
}

describe("how long an identity provider may be silent", () => {
  test.each([
    ["by cycles, as usual there", 40, cyclesOf(), 2 * hour, day],
    ["by cycles, but slower", 40, cyclesOf(3, 3, 3), 9 * hour, 27 * hour],
    ["by cycles, with a weekend behind it", 40, cyclesOf(1, 1, 60, 1), 72 * hour, 216 * hour],
    ["when there are changes", undefined, cyclesOf(), 4 * day, 4 * day],
    ["when there are changes, once a day", undefined, cyclesOf(24, 24, 24), 5 * day, 5 * day],
    ["when there are changes, with a holiday behind it", undefined, cyclesOf(240), 12 * day, 12 * day],
  ])("%s", (_, cycleMinutes, cycles, lateMs, silentMs) => {
    expect(rhythmOf(cycleMinutes === undefined ? {} : { cycleMinutes }, cycles)).toMatchObject({ lateMs, silentMs });
  });

  test("two pauses are no rhythm yet", () => {
    expect(rhythmOf({}, cyclesOf(1, 1)).usualMs).toBeUndefined();
    expect(rhythmOf({}, cyclesOf(1, 5, 2)).usualMs).toBe(2 * hour);
  });
});
