/** The steps of a bulk plan, side by side where the plan lets them. */
import type { Step } from "../scim/bulk-plan.ts";

export interface Schedule {
  /** Whether one more may begin, now that so many are under way. */
  readonly mayBegin: (step: Step, underWay: number) => boolean;
  /**
   * Never throws. `first`: all that stands before it has ended. `later`: it failed in a way that the end of those may
   * mend, and is to be run once more when they have ended.
   */
  readonly run: (step: Step, first: boolean) => Promise<"done" | "later">;
  /** Settles when nobody can wait any longer. */
  readonly timeOver: Promise<void>;
}

/** Ends when all steps have, when none may begin any more and none is under way, or when the time is over. */
export async function runSteps(steps: readonly Step[], { mayBegin, run, timeOver }: Schedule): Promise<void> {
  const waiting = new Set(steps.keys());
  const underWay = new Map<number, Promise<number>>();
  const done = new Set<number>();
  const again = new Set<number>();
  let firstOpen = 0;
  const isReady = (n: number, { after }: Step): boolean =>
    again.has(n) ? n === firstOpen : after.every((earlier) => done.has(earlier));
  const runOne = async (n: number, step: Step): Promise<number> => {
    const outcome = await run(step, n === firstOpen);
    if (outcome === "later") {
      again.add(n);
      waiting.add(n);
    } else done.add(n);
    return n;
  };
  const beginReady = (): void => {
    while (done.has(firstOpen)) firstOpen += 1;
    for (const n of [...waiting].toSorted((a, b) => a - b)) {
      const step = steps[n];
      if (step === undefined || !isReady(n, step) || !mayBegin(step, underWay.size)) continue;
      waiting.delete(n);
      underWay.set(n, runOne(n, step));
    }
  };
  const over = timeOver.then(() => "over" as const);
  for (beginReady(); underWay.size > 0; beginReady()) {
    const ended = await Promise.race([...underWay.values(), over]);
    if (ended === "over") return;
    underWay.delete(ended);
  }
}
