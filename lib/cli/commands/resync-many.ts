/** `rollcall resync --mapping-changed` and `--all` */
import { commandFor } from "../../ops/command.ts";
import type { Operations } from "../../ops/operations.ts";
import { planResync, type ResyncPlan } from "../../ops/resync/plan.ts";
import { resync } from "../../ops/resync/resync.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, note, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { counted, printable } from "../words.ts";
import { isWanted } from "./dlq.ts";
import { usualPatienceMs } from "../../ops/worker-answers.ts";
import { printDifferences } from "../differences-table.ts";
import type { ResyncOptions } from "./resync.ts";
import { refuseOtherFile } from "../../ops/other-file.ts";
import { noteOtherFile } from "../other-file.ts";
import { printResynced, resyncedData } from "./resync-result.ts";

/** Plan, question, run. */
export async function resyncMany(
  { io, fail }: CommandContext,
  operations: Operations,
  options: ResyncOptions,
): Promise<void> {
  if (options.dryRun !== true) refuseOtherFile(operations);
  const plan = await planOf(io, operations, options);
  if (plan.stopped || plan.failing.length > 0) fail();
  if (!(await isToRun(io, operations, plan, options))) return;
  const signal = io.interruption();
  const running = progress(io, "applying again");
  const during = { patienceMs: usualPatienceMs, onProgress: running.onProgress, signal };
  const done = await resync(operations, plan.targets, during).finally(() => running.stop());
  if (done.stopped || done.failed.length > 0) fail();
  if (options.json === true) return printJson(io, { planned: plannedOf(plan), ...resyncedData(done) });
  printResynced(io, operations, done);
  if (done.stopped) noteWhereToGoOn(io, operations, options, done.position);
}

async function planOf(io: Io, operations: Operations, options: ResyncOptions): Promise<ResyncPlan> {
  const comparing = progress(io, "comparing");
  return await planResync(operations, options.all === true ? "all" : "mappingChanged", {
    examples: options.examples,
    onProgress: comparing.onProgress,
    signal: io.interruption(),
    evenFailing: options.evenFailing === true,
    ...(options.after === undefined ? {} : { after: options.after }),
  }).finally(() => comparing.stop());
}

/** Shows the plan, and asks if there is something to ask. Errors: UsageError when nobody is there. */
async function isToRun(io: Io, operations: Operations, plan: ResyncPlan, options: ResyncOptions): Promise<boolean> {
  const isOver = plan.targets.length === 0 || options.dryRun === true || plan.stopped;
  const isUnanswerable = options.yes !== true && io.confirm === undefined;
  if (options.json === true) {
    if (isOver || isUnanswerable) printJson(io, { planned: plannedOf(plan) });
  } else printPlan(io, operations, plan, options);
  if (plan.stopped) noteWhereToGoOn(io, operations, options, plan.position);
  if (isOver) return false;
  if (await isWanted(io, options, `Apply ${plan.targets.length.toLocaleString("en")} again?`)) return true;
  note(io, "Nothing was changed.");
  return false;
}

function plannedOf({ targets, ...plan }: ResyncPlan): object {
  return { ...plan, again: targets.length };
}

function printPlan(io: Io, operations: Operations, plan: ResyncPlan, { evenFailing = false }: ResyncOptions): void {
  const { seen, stopped, targets, changed, appears, same, failing, attributes, current, pending, parked, givenUp } =
    plan;
  noteOtherFile(io, operations);
  line(io, styled(io, "bold", `${counted(seen, "resource")} compared${stopped ? " so far" : ""}`));
  const failed = failing.reduce((sum, { count }) => sum + count, 0);
  const rows: [number, string, Parameters<typeof styled>[1]?][] = [
    [current, "made by the mapping of today"],
    [targets.length, "to apply again"],
    [changed, "  get another entry", "yellow"],
    [appears, "  get their first entry", "green"],
    [same, "  keep the same profile: only their stamp is renewed"],
    [failed, `fail: they keep the entry that they have${evenFailing ? ", and are parked" : ""}`, "red"],
    [pending, "under way: the worker is at them"],
    [parked, `parked: \`${commandFor(operations, "dlq replay")}\``],
    [givenUp, "given up by the operator"],
  ];
  const shown = rows.filter(([count, text]) => count > 0 || text === "to apply again");
  const width = Math.max(...shown.map(([count]) => count.toLocaleString("en").length));
  for (const [count, text, style] of shown) {
    const words = `  ${count.toLocaleString("en").padStart(width)}  ${text}`;
    line(io, style === undefined ? words : styled(io, style, words));
  }
  if (attributes.length > 0) printDifferences(io, attributes);
  if (failing.length > 0) printFailing(io, failing, evenFailing);
}

function printFailing(io: Io, failing: ResyncPlan["failing"], evenFailing: boolean): void {
  line(io);
  line(io, styled(io, "red", "Would fail"));
  for (const { count, message, examples } of failing) {
    const names = examples.map(({ id, name }) => name ?? id).join(", ");
    const more = count > examples.length ? ` and ${(count - examples.length).toLocaleString("en")} more` : "";
    const text = `${printable(message)} (${printable(names)}${more})`;
    paragraph(io, text, { first: `  ${count.toLocaleString("en")}  ` });
  }
  if (!evenFailing) line(io, "  --even-failing asks the worker all the same: they are parked with the reason.");
}

/** Nothing before the position is to be done again; without one, the run stands where it began. */
function noteWhereToGoOn(io: Io, operations: Operations, options: ResyncOptions, position = options.after): void {
  const form = options.all === true ? "--all" : "--mapping-changed";
  const failing = options.evenFailing === true ? " --even-failing" : "";
  const after = position === undefined ? "" : ` --after ${position}`;
  const words = commandFor(operations, `resync ${form}${failing}${after}`);
  if (position !== undefined) return note(io, `Stopped before the end. To go on: ${words}`);
  note(io, `Stopped before the end. This begins anew: ${words}`);
}
