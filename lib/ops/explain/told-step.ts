/** The half of the step `publish` that a tenant with events has: whether the application was told, and what its sinks answered. */
import type { SinkAnswer } from "../../events/sink-state.ts";
import { toldUpTo } from "../../events/told.ts";
import type { Step } from "./explanation.ts";
import type { Facts, Stored } from "./facts.ts";
import { age, whole } from "../words.ts";
import { ago } from "./sentences.ts";
import type { SubjectTold } from "./telling.ts";

export type ToldPart = Pick<Step, "status" | "reason" | "action">;

/** The publisher is done within seconds; an alarm rings after as long. */
const lateMs = 5 * 60_000;

/** Undefined: the tenant has no events, or there is nothing to tell. */
export function toldPart(facts: Facts, { head, entry, telling }: Stored): ToldPart | undefined {
  if (telling === undefined) return undefined;
  const parts = [
    ...(entry === undefined ? [] : [subjectPart(facts, telling.entry, { what: "it", at: entry.appliedAt })]),
    ...(telling.members === undefined || head.stepAt === 0
      ? []
      : [subjectPart(facts, telling.members, { what: "its members", at: head.stepAt })]),
  ];
  return parts.length === 0 ? undefined : parts.reduce(joined);
}

/** The worse of two, with what both say. */
export function joined(one: ToldPart, other: ToldPart): ToldPart {
  const [worst] = severity.filter((status) => one.status === status || other.status === status);
  const action = [one, other].find(({ status, action: some }) => status === worst && some !== undefined)?.action;
  return {
    status: worst ?? one.status,
    reason: `${one.reason} ${other.reason}`,
    ...(action !== undefined && { action }),
  };
}

const severity: readonly Step["status"][] = ["failure", "warning", "success", "skipped"];

/** `at`: when it was applied, in milliseconds since 1970. */
function subjectPart(
  facts: Facts,
  { told, sinks }: SubjectTold,
  { what, at }: { readonly what: string; readonly at: number },
): ToldPart {
  if (told === undefined || toldUpTo(told) < at) return untold(facts, what, at);
  const feed: ToldPart = {
    status: "success",
    reason: `The application was told of ${what} ${ago(facts, told.at)}, by ${told.type} at position ${whole(told.position)} of the feed.`,
  };
  return sinks.map(({ name, answer }) => sinkPart(facts, name, told, answer)).reduce(joined, feed);
}

function untold(facts: Facts, what: string, at: number): ToldPart {
  const waits = facts.now - at;
  if (waits <= lateMs) {
    return {
      status: "warning",
      reason: `The application is not told of ${what} yet: the publisher does so in seconds.`,
    };
  }
  return {
    status: "failure",
    reason: `The application was not told of ${what} in ${age(waits)}: the publisher is behind, or could not make an event of it.`,
    action: `See how far it is (\`${facts.command("events status")}\`), and have told what is missing: \`${facts.command("events catch-up")}\`.`,
  };
}

function sinkPart(
  facts: Facts,
  name: string,
  told: { readonly position: number; readonly at: number },
  answer: SinkAnswer | undefined,
): ToldPart {
  const who = name === "bus" ? "The bus" : `The webhook ${name}`;
  if (answer === undefined || (answer.position < told.position && answer.outcome !== "later")) {
    const isLate = facts.now - told.at > lateMs;
    return {
      status: isLate ? "warning" : "success",
      reason: `${who} has not answered about it yet${isLate ? `, ${age(facts.now - told.at)} after that` : ""}.`,
      ...(isLate && { action: `See what waits for it: \`${facts.command("events status")}\`.` }),
    };
  }
  const { outcome, position, attempts, nextAt } = answer;
  if (outcome === "taken") return { status: "success", reason: `${who} took it ${ago(facts, answer.at)}.` };
  const which = position === told.position ? "it" : `an earlier event of the same (position ${whole(position)})`;
  const why = whyOf(answer);
  if (outcome === "later") {
    const next = nextAt === undefined ? "soon" : nextAt <= facts.now ? "now" : `in ${age(nextAt - facts.now)}`;
    return {
      status: "warning",
      reason: `${who} did not take ${which}: ${why}, last ${ago(facts, answer.at)}, attempt ${attempts}; the next one comes ${next}.`,
    };
  }
  return {
    status: "failure",
    reason: `${who} did not take ${which} for a day: ${why}, last ${ago(facts, answer.at)}; it is parked.`,
    action: `Mend the receiver, then send it again: \`${facts.command(`events replay ${name}`)}\`.`,
  };
}

function whyOf({ status, reason }: SinkAnswer): string {
  const said = reason ?? "it gave no reason";
  return status === undefined || said.includes(String(status)) ? said : `HTTP ${status}, ${said}`;
}
