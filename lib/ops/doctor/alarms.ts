/** Which of the stack's alarms ring? */
import type { StackAlarm } from "../operations.ts";
import { counted } from "../words.ts";
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";

export function alarmsCheck({ alarms }: Facts): Check {
  const name = "alarms";
  if (alarms === undefined) return { name, state: "skipped", summary: "Embedded: there are no alarms." };
  if ("problem" in alarms)
    return {
      name,
      state: "unknown",
      summary: `CloudWatch does not tell: ${alarms.problem}`,
      action: "The credentials need cloudwatch:DescribeAlarms.",
    };
  const all = alarms.value;
  if (all.length === 0)
    return {
      name,
      state: "unknown",
      summary: "The stack has no alarms: it was made by another version; deploy it again.",
    };
  const ringing = all.filter(({ state }) => state === "ALARM");
  if (ringing.length === 0) return { name, state: "ok", summary: `None of ${counted(all.length, "alarm")} rings.` };
  return {
    name,
    state: "failure",
    summary: `${ringing.length} of ${counted(all.length, "alarm")} ${ringing.length === 1 ? "rings" : "ring"}.`,
    details: ringing.map(({ description, name: alarm }) => description ?? alarm),
    ...sinceOf(ringing),
    action: "Each says what to do.",
  };
}

function sinceOf(ringing: readonly StackAlarm[]): { since?: number } {
  const since = Math.min(...ringing.flatMap(({ since: at }) => at ?? []));
  return Number.isFinite(since) ? { since } : {};
}
