/** Hours as a picture shows them: each by itself, or several together, with the names of their times in the view's zone. */
import type { Hour } from "../../ops/overview/hours.ts";
import type { View } from "../view.ts";

export interface Step extends Hour {
  /** `14:00–15:00`, or `Tue 24, 12:00–16:00` where days are together. */
  readonly title: string;
  /** On the axis: every sixth hour, or a new day. */
  readonly tick?: string;
}

const hour = 3_600_000;
const tickEvery = 6;

/** `hours`: a multiple of `stepHours`, oldest first. */
export function stepsOf({ timeZone }: View, hours: readonly Hour[], stepHours: number): Step[] {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", day: "numeric" });
  const steps = hours.flatMap((first, n) =>
    n % stepHours === 0 ? [together(first, hours.slice(n, n + stepHours))] : [],
  );
  return steps.map((step, n) => {
    const times = `${clock.format(step.at)}–${clock.format(step.at + stepHours * hour)}`;
    if (stepHours === 1) {
      const isTick = Number(clock.format(step.at).slice(0, 2)) % tickEvery === 0;
      return { ...step, title: times, ...(isTick ? { tick: clock.format(step.at) } : {}) };
    }
    const today = day.format(step.at);
    const before = steps[n - 1];
    const isTick = before !== undefined && day.format(before.at) !== today;
    return { ...step, title: `${today}, ${times}`, ...(isTick ? { tick: today.replace(/,? .*/, "") } : {}) };
  });
}

function together(first: Hour, hours: readonly Hour[]): Hour {
  const sums = Object.keys(first).map((key) => [key, hours.reduce((sum, one) => sum + one[key as keyof Hour], 0)]);
  return { ...(Object.fromEntries(sums) as Omit<Hour, "at">), at: first.at };
}
