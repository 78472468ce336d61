/** Has somebody left whom the application still sees as active? */
import type { Head } from "../../provisioning/head.ts";
import { isLate, leaversClock } from "../../provisioning/leavers.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import { age, counted, duration, whole } from "../words.ts";
import type { Check } from "./check.ts";
import { type Facts, headsMost, leaversDays, leaversMost } from "./facts.ts";

const minute = 60_000;

export function leaversCheck({ leavers: { limitMinutes } }: Tenant, { waitingHeads, now }: Facts): Check {
  const waiting = waitingHeads.filter(isLeaving);
  const name = "leavers";
  const only = waitingHeads.length === headsMost ? ` (of the ${headsMost} changes that wait longest)` : "";
  if (waiting.length === 0)
    return { name, state: "ok", summary: `Everybody who left is suspended or removed in the directory${only}.` };
  const since = Math.min(...waiting.map(({ leftAt = now }) => leftAt));
  const late = waiting.filter(({ leftAt = now }) => now - leftAt > limitMinutes * minute);
  const summary = `${counted(waiting.length, "leaver")} still active in the directory, the longest for ${age(now - since)}${only}; the limit is ${limitMinutes} min.`;
  if (late.length === 0) return { name, state: "ok", summary };
  return {
    name,
    state: "failure",
    summary,
    details: late.slice(0, 5).map(({ type, id, failure }) => `${type} ${id}: ${failure?.code ?? "not tried yet"}`),
    since,
    action: "A leaver is never kept back by the mapping: see what the reason says, and replay what is parked.",
    command: "dlq ls",
  };
}

/** Whoever left before anything began to wait is suspended already: another attribute waits. */
function isLeaving({ leftAt, pendingSince = 0, applied, version }: Head): boolean {
  return leftAt !== undefined && leftAt >= pendingSince && applied < version;
}

export function leaversClockCheck({ leavers: { limitMinutes } }: Tenant, { leavers }: Facts): Check {
  const { count, p50Ms = 0, p99Ms = 0, maxMs = 0, breaches } = leaversClock(leavers, limitMinutes);
  const name = "leavers' clock";
  if (count === 0) return { name, state: "ok", summary: `Nobody has left in the last ${leaversDays} days.` };
  const who = `${count === leaversMost ? "The latest " : ""}${counted(count, "leaver")} in the last ${leaversDays} days`;
  const summary = `${who}: half suspended within ${duration(p50Ms)}, 99 % within ${duration(p99Ms)}, the slowest after ${duration(maxMs)}; ${whole(breaches)} over the limit of ${limitMinutes} min.`;
  if (breaches === 0) return { name, state: "ok", summary };
  const late = leavers.filter((leaver) => isLate(leaver, limitMinutes));
  return {
    name,
    state: "warning",
    summary,
    details: late.slice(0, 3).map(({ type, id, ms }) => `${type} ${id}: ${age(ms)}`),
    since: Math.min(...late.map(({ leftAt }) => leftAt)),
    action: "They are suspended now. The worker's log and alarms of that time say what held them up.",
  };
}
