/** What a replay is about to do with each failed change; shown before it is done. */
import { type FailedChange, isLetterAlone } from "./failed-changes.ts";
import type { Forecast } from "./forecast.ts";

export interface ReplayPlan {
  readonly replay: readonly FailedChange[];
  /** The mapping of the tenant file would refuse them again: they are left where they are. */
  readonly failing: readonly FailingChange[];
  /** Nothing is left to do for these: only their letters go. */
  readonly superseded: readonly FailedChange[];
  /** Not ours; they stay until they are dropped. */
  readonly unreadable: readonly FailedChange[];
}

export interface FailingChange {
  readonly change: FailedChange;
  readonly forecast: Forecast;
}

/** Failures that would be the same again. */
export interface FailingGroup extends Forecast {
  readonly count: number;
  /** Names, or ids where there is none; the first few. */
  readonly examples: readonly string[];
}

const examplesMost = 3;

export interface PlanOptions {
  /** Absent: everything that waits is sent. */
  readonly forecast?: (change: FailedChange) => Forecast | undefined;
  /** What was given up is taken up again; else only a letter that was left of it goes. */
  readonly takesUp?: boolean;
}

export function planReplay(
  changes: readonly FailedChange[],
  { forecast = () => undefined, takesUp = false }: PlanOptions = {},
): ReplayPlan {
  const waits = ({ status }: FailedChange) =>
    status === "parked" || status === "pending" || (takesUp && status === "givenUp");
  const isOver = ({ status }: FailedChange) =>
    status === "applied" || status === "gone" || (!takesUp && status === "givenUp");
  const judged = changes.filter(waits).map((change) => ({ change, forecast: forecast(change) }));
  const failing = judged.flatMap(({ change, forecast: why }) => (why === undefined ? [] : [{ change, forecast: why }]));
  const decided = failing.filter(({ change }) => isLetterAlone(change));
  return {
    replay: judged.filter((one) => one.forecast === undefined).map(({ change }) => change),
    failing: failing.filter((one) => !decided.includes(one)),
    superseded: [...changes.filter(isOver), ...decided.map(({ change }) => change)],
    unreadable: changes.filter(({ status }) => status === "unreadable"),
  };
}

/** By what would be said, most frequent first. */
export function failingGroups(failing: readonly FailingChange[]): FailingGroup[] {
  return [...Map.groupBy(failing, ({ forecast: { code, message } }) => `${code} ${message}`).values()]
    .flatMap((all) => {
      const [first] = all;
      if (first === undefined) return [];
      const examples = all.slice(0, examplesMost).map(({ change: { name, id, key } }) => name ?? id ?? key);
      return [{ ...first.forecast, count: all.length, examples }];
    })
    .sort((a, b) => b.count - a.count);
}
