/** Does the sweep run, which sends again what was lost? */
import { sweepNoteEveryMs } from "../../provisioning/sweep.ts";
import type { Operations } from "../operations.ts";
import { age } from "../words.ts";
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";

/** It runs every minute, and a sign may be as old as the pause between two signs. */
const lateMs = sweepNoteEveryMs + 3 * 60_000;

export function sweepCheck({ deployment }: Operations, { sweep, now }: Facts): Check {
  const name = "sweep";
  if (sweep !== undefined && now - sweep.at <= lateMs)
    return { name, state: "ok", summary: `The sweep left a sign of life ${age(now - sweep.at)} ago.` };
  const summary =
    sweep === undefined
      ? "The sweep has never run."
      : `The sweep left its latest sign of life ${age(now - sweep.at)} ago, and should every five minutes.`;
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
