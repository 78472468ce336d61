/** What Rollcall sets itself against saml-jackson on the same store (issue 6), and whether it is reached. */
import type { Sample } from "./results.ts";
import { growth, summed } from "./statistics.ts";

const us = "Rollcall";
const them = "saml-jackson";

/** At most so many times their CPU. */
const ratios: Readonly<Record<string, number>> = {
  "create a user": 1,
  "look up by userName": 1,
  "look up by externalId": 1,
  "PATCH one attribute": 1,
  "group: add 1 member": 0.7,
  "group: add 100 members": 0.1,
};

/** Cost that grows by less than this power of the size counts as flat: 50 times the size, at most 1.5 times the cost. */
const flatBelow = 0.1;
const flat: readonly string[] = [
  "create a user",
  "look up by userName",
  "look up by externalId",
  "PATCH one attribute",
  "deactivate",
  "PUT a user",
  "list the first page",
  "list a deep page",
  "group: add 1 member",
  "group: add 100 members",
  "group: read without members",
];

export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly seen: string;
  readonly isReached: boolean;
}

export function goalsOf(samples: readonly Sample[]): Goal[] {
  return [...ratioGoals(samples), ...flatGoals(samples)];
}

function ratioGoals(samples: readonly Sample[]): Goal[] {
  return Object.entries(ratios).flatMap(([operation, most]) => {
    const sizes = [...new Set(samples.map(({ size }) => size))];
    return sizes.flatMap((size) => {
      const at = (contestant: string) =>
        samples.find((one) => one.operation === operation && one.contestant === contestant && one.size === size);
      const [ours, theirs] = [at(us), at(them)];
      if (ours === undefined || theirs === undefined) return [];
      const ratio = summed(ours.cpuMs).median / summed(theirs.cpuMs).median;
      return [
        {
          what: `${operation}, ${size.toLocaleString("en")}`,
          goal: `at most ${most} × ${them}`,
          seen: `${ratio.toFixed(2)} ×${theirs.wrong === 0 ? "" : " (its answers were wrong)"}`,
          isReached: ratio <= most && ours.wrong === 0,
        },
      ];
    });
  });
}

function flatGoals(samples: readonly Sample[]): Goal[] {
  return flat.flatMap((operation) => {
    const points = samples
      .filter((one) => one.operation === operation && one.contestant === us)
      .map(({ size, cpuMs }) => ({ size, cost: summed(cpuMs).median }))
      .sort((a, b) => a.size - b.size);
    const power = growth(points);
    const [first, last] = [points[0], points.at(-1)];
    if (power === undefined || first === undefined || last === undefined) return [];
    return [
      {
        what: `${operation}, ${first.size.toLocaleString("en")} to ${last.size.toLocaleString("en")}`,
        goal: "flat",
        seen: `${(last.cost / first.cost).toFixed(2)} × the cost at ${Math.round(last.size / first.size)} × the size`,
        isReached: power < flatBelow,
      },
    ];
  });
}
