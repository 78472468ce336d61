/** Does the application learn of changes: does each sink take its events, and does the publisher make them? */
import type { Operations } from "../operations.ts";
import { age, counted, whole } from "../words.ts";
import type { Check } from "./check.ts";
import { behindMost, type EventFacts, type SinkFacts } from "./event-facts.ts";
import type { Facts } from "./facts.ts";

const hour = 3_600_000;
/** It looks each hour. */
const lateMs = 2 * hour;

/** None of a tenant without events. */
export function eventChecks(o: Operations, { events, now }: Facts): Check[] {
  if (events === undefined) return [];
  if ("problem" in events)
    return [{ name: "sinks", state: "unknown", summary: `What waits for sinks is not told: ${events.problem}` }];
  const { sinks } = events.value;
  return [
    ...sinks.map((sink) => sinkCheck(o, sink, now)),
    publisherCheck(o, events.value, now),
    toldCheck(events.value, now),
  ];
}

function sinkCheck({ deployment }: Operations, sink: SinkFacts, now: number): Check {
  const { waiting, parked = 0, takenAt, stuckSince = now } = sink;
  const name = `sink ${sink.name}`;
  if (waiting === undefined)
    return deployment === undefined
      ? { name, state: "skipped", summary: "Embedded: there is no bus." }
      : { name, state: "warning", summary: "The stack does not have it yet.", action: "Deploy the tenant." };
  const isStuck = now - stuckSince > hour;
  const taken = takenAt === undefined ? "it has taken none yet" : `it took its last one ${age(now - takenAt)} ago`;
  if (parked > 0)
    return {
      name,
      state: "failure",
      summary: `${counted(parked, "event")} parked that it did not take, and ${whole(waiting)} ${waiting === 1 ? "waits" : "wait"}; ${taken}.`,
      ...answered(sink, now),
      action:
        "Mend the receiver, try it with `events send-test`, then replay: the queue ends empty and the alarm with it.",
      command: `events replay ${sink.name}`,
    };
  const summary = `${counted(waiting, "event")} ${waiting === 1 ? "waits" : "wait"} for it; ${taken}.`;
  if (!isStuck) return { name, state: "ok", summary };
  const stuck = { name, state: "warning", summary, ...answered(sink, now), since: stuckSince } as const;
  if (sink.last === undefined || sink.last.outcome === "taken")
    return {
      ...stuck,
      action:
        deployment === undefined
          ? "Events are sent within `npm start`: start that again."
          : "Nothing is sent to it: look at the log of the deliver function, and at its event source mapping.",
    };
  return {
    ...stuck,
    action:
      "See what the receiver says, and mend it: within a day events come again by themselves, then they are parked.",
    command: `events send-test ${sink.name}`,
  };
}

function answered({ last }: SinkFacts, now: number): Pick<Check, "details"> {
  if (last === undefined || last.outcome === "taken") return {};
  return { details: [`its last answer, ${age(now - last.at)} ago: ${last.reason ?? "it did not take the event"}`] };
}

function publisherCheck({ deployment }: Operations, { lookedAt, lastAt }: EventFacts, now: number): Check {
  const name = "publisher";
  const since = lookedAt ?? lastAt;
  if (since === undefined)
    return {
      name,
      state: "skipped",
      summary: "Nothing was told yet, and the hourly look for what was lost was not had.",
    };
  const summary =
    lookedAt === undefined
      ? "It never looked for what was lost on the way, and should each hour."
      : `It looked ${age(now - lookedAt)} ago for what was lost on the way${now - since > lateMs ? ", and should each hour" : ""}.`;
  if (now - since <= lateMs) return { name, state: "ok", summary };
  if (deployment === undefined)
    return { name, state: "warning", summary, since, action: "It runs within `npm start`: start that again." };
  return {
    name,
    state: "failure",
    summary,
    since,
    action:
      "What the stream loses stays untold until it looks: see the log and the schedule of the publisher function.",
  };
}

function toldCheck({ behind }: EventFacts, now: number): Check {
  const name = "told";
  const [longest] = behind;
  if (longest === undefined) return { name, state: "ok", summary: "No change is noted that could not be told." };
  const count = counted(behind.length, "resource");
  return {
    name,
    state: "warning",
    summary: `Of ${behind.length === behindMost ? `${count} or more` : count} something could not be told, for ${age(now - longest.at)}.`,
    details: behind.slice(0, 3).map(({ subject }) => subject),
    since: longest.at,
    action:
      "Each hour tries again; this does it now. The log of the publisher function has the id and the kind of error.",
    command: "events catch-up",
  };
}
