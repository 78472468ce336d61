/** `rollcall overview` */
import type { Command } from "commander";
import type { Heartbeat } from "../../ops/overview/heartbeat.ts";
import type { Hour } from "../../ops/overview/hours.ts";
import { countText } from "../../ops/listed/waiting-counts.ts";
import { overview, type Overview } from "../../ops/overview/overview.ts";
import type { LaneOverview } from "../../ops/overview/waiting.ts";
import { sumOf } from "../../provisioning/traffic.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { field } from "../paragraph.ts";
import { withTarget } from "../target.ts";
import { age, counted, duration, moment, printable, whole } from "../words.ts";
import { verdictText } from "./doctor.ts";

export function addOverviewCommand(program: Command, { io }: CommandContext): void {
  common(
    program
      .command("overview")
      .summary("who calls, what came, what waits, in numbers")
      .description(
        "one page of numbers: who calls, what came in the last day and week, what waits, and how long leavers took",
      ),
    "overview --tenant acme",
    "overview --local --json",
  ).action(async (options: CommonOptions) => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const found = await overview(operations);
      if (options.json === true) return printJson(io, found);
      print(io, found);
    });
  });
}

const nameWidth = 13;
const hoursOfDay = 24;

function print(io: Io, found: Overview): void {
  const { tenant, at, diagnosis, totals, heartbeats, hours, leavers, lanes, parked, tokens } = found;
  const row = (name: string, text: string) => field(io, name, printable(text), nameWidth);
  line(io, `${styled(io, "bold", tenant)}, ${moment(at)}: ${verdictText(diagnosis)}`);
  row("directory", `${counted(totals.users, "user")}, ${counted(totals.groups, "group")}`);
  if (heartbeats.length === 0) row("calls", "nobody has called with a token that may be used");
  for (const one of heartbeats) row("calls", heartbeatText(one, at));
  row("last day", trafficText(hours.slice(-hoursOfDay), found));
  row("last 7 days", trafficText(hours, found));
  for (const lane of lanes) row(`${lane.name} lane`, laneText(lane, at));
  if (parked.causes.length === 0) row("parked", "nothing");
  for (const { cause, count, oldest } of parked.causes)
    row("parked", `${whole(count)} ${cause}, the oldest for ${age(at - oldest)}`);
  row("leavers", leaversText(leavers));
  for (const { id, label, expiresAt } of tokens)
    row("token", `${id} ("${label}") ${expiresAt === undefined ? "does not end" : `ends in ${age(expiresAt - at)}`}`);
}

function heartbeatText({ title, label, state, everyMs, nextAt, ...times }: Heartbeat, now: number): string {
  const { readAt, writeAt, refusedAt } = times;
  const kinds = [["read", readAt] as const, ["wrote", writeAt] as const, ["refused", refusedAt] as const];
  const heard = kinds.flatMap(([kind, at]) => (at === undefined ? [] : `${kind} ${age(now - at)} ago`)).join(", ");
  const rhythm = everyMs === undefined ? "" : `; about every ${age(everyMs)}`;
  const next =
    nextAt === undefined ? "" : nextAt > now ? `, next in ${age(nextAt - now)}` : `, due for ${age(now - nextAt)}`;
  return `${title} ("${label}"): ${heard}${rhythm}${next}; ${state === "on-time" ? "on time" : state}`;
}

function trafficText(hours: readonly Hour[], { pending, parked }: Overview): string {
  const { reads, refused, faults } = sumOf(hours);
  const sum = (name: "accepted" | "waiting" | "parked"): number => hours.reduce((all, hour) => all + hour[name], 0);
  return `${whole(sum("accepted"))} accepted, of which waiting ${countText({ count: sum("waiting"), isMore: pending.isMore })}, parked ${countText({ count: sum("parked"), isMore: parked.isMore })}; ${counted(reads, "read")}, ${whole(refused)} refused, ${counted(faults, "fault")}`;
}

function laneText({ count, isMore, oldest, depth, deadLetters, problem }: LaneOverview, now: number): string {
  const waits = `${countText({ count, isMore })} ${count === 1 ? "waits" : "wait"}`;
  const oldestText = oldest === undefined ? "" : `, the oldest for ${age(now - oldest)}`;
  const known = [
    ...(depth === undefined ? [] : [counted(depth, "message")]),
    ...(deadLetters === undefined ? [] : [counted(deadLetters, "dead letter")]),
    ...(problem === undefined ? [] : [`a queue does not tell: ${problem}`]),
  ];
  return `${waits}${oldestText}; ${known.join(", ")}`;
}

function leaversText({
  count,
  isMore,
  days,
  p50Ms,
  p99Ms,
  maxMs,
  breaches,
  limitMinutes,
}: Overview["leavers"]): string {
  if (p50Ms === undefined || p99Ms === undefined || maxMs === undefined) return `nobody in the last ${days} days`;
  const who = `${isMore ? "the latest " : ""}${whole(count)} in ${days} days`;
  return `${who}: half within ${duration(p50Ms)}, 99 % within ${duration(p99Ms)}, the slowest ${duration(maxMs)}; ${whole(breaches)} over ${limitMinutes} min`;
}
