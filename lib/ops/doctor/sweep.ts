/** Does the sweep run, which sends again what was lost? */
import type { Operations } from "../operations.ts";
import { age } from "../words.ts";
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";

/** It runs every minute; the alarm rings after five without a sign. */
const lateMs = 5 * 60_000;

export function sweepCheck({ deployment }: Operations, { sweep, now }: Facts): Check {
  const name = "sweep";
  if (sweep !== undefined && now - sweep.at <= lateMs)
    return { name, state: "ok", summary: `The sweep ran ${age(now - sweep.at)} ago.` };
  const summary =
    sweep === undefined
      ? "The sweep has never run."
      : `The sweep ran ${age(now - sweep.at)} ago, and should every minute.`;
  const since = sweep === undefined ? {} : { since: sweep.at };
  if (deployment === undefined)
    return { name, state: "warning", summary, ...since, action: "It runs within `npm start`: start that again." };
  return {
    name,
    state: "failure",
    summary,
    ...since,
    action:
      "What is lost on a queue stays lost until it runs: look at the log and the schedule of the sweeper function.",
  };
}
