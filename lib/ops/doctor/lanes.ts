/**
 * What waits. Counted in the table's index of what is pending, which is the truth: SQS counts only about, and forgets a
 * message after two weeks.
 */
import type { Waiting } from "../../provisioning/ports.ts";
import { age, counted, whole } from "../words.ts";
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";

const minute = 60_000;
/** A worker that is alive takes seconds; after a quarter of an hour the alarm rings. */
const lateMs = 2 * minute;
const failedMs = 15 * minute;
const indexRows = 3_200;

export function pendingCheck({ due, now }: Facts): Check {
  const [longest] = due;
  const name = "pending";
  if (longest === undefined) return { name, state: "ok", summary: "Nothing waits for the worker." };
  const waits = now - longest.pendingSince;
  const summary = `${countText(due)} for the worker, the oldest for ${age(waits)}.`;
  if (waits <= lateMs) return { name, state: "ok", summary };
  return {
    name,
    state: waits > failedMs ? "failure" : "warning",
    summary,
    details: reasonsOf(due),
    since: longest.pendingSince,
    action: "The worker tries again by itself; when the age grows, look at its log and at its alarms.",
    command: "dlq ls",
  };
}

export function parkedCheck({ parked, deadLetters, now }: Facts): Check {
  const name = "parked";
  const letters = "value" in deadLetters ? deadLetters.value.leavers + deadLetters.value.changes : 0;
  const lettersText = "value" in deadLetters ? counted(letters, "dead letter") : "dead letters not known";
  const [longest] = parked;
  if (longest === undefined && letters === 0)
    return "value" in deadLetters
      ? { name, state: "ok", summary: "Nothing is parked, and both dead-letter queues are empty." }
      : {
          name,
          state: "unknown",
          summary: `Nothing is parked; the dead-letter queues do not answer: ${deadLetters.problem}`,
        };
  return {
    name,
    state: "failure",
    summary:
      longest === undefined
        ? `${lettersText} of changes that are not parked any more, or are none of ours.`
        : `${counted(parked.length, "change")} parked, the oldest for ${age(now - longest.pendingSince)}; ${lettersText}.`,
    ...(longest === undefined ? {} : { details: reasonsOf(parked), since: longest.pendingSince }),
    action: "See why, mend the cause, and replay; the queue ends empty and the alarm with it.",
    command: "dlq ls",
  };
}

function countText(rows: readonly Waiting[]): string {
  const count = counted(rows.length, "change");
  return `${rows.length >= indexRows ? `${count} or more` : count} ${rows.length === 1 ? "waits" : "wait"}`;
}

function reasonsOf(rows: readonly Waiting[]): string[] {
  const groups = [...Map.groupBy(rows, ({ reason }) => reason ?? "not tried yet")];
  return groups.sort(([, a], [, b]) => b.length - a.length).map(([reason, all]) => `${whole(all.length)} ${reason}`);
}
