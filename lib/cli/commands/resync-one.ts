/** `rollcall resync --user <who>` */
import { commandFor } from "../../ops/command.ts";
import type { Operations } from "../../ops/operations.ts";
import { type OneResync, planOne } from "../../ops/resync/one.ts";
import { resync } from "../../ops/resync/resync.ts";
import type { Json } from "../../scim/json.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, note, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { printTable } from "../table.ts";
import { printable } from "../words.ts";
import { isWanted } from "./dlq.ts";
import { replaySelected } from "./dlq-replay.ts";
import { usualPatienceMs } from "../../ops/worker-answers.ts";
import type { ResyncOptions } from "./resync.ts";
import { refuseOtherFile } from "../../ops/other-file.ts";
import { noteOtherFile } from "../other-file.ts";
import { printResynced, resyncedData } from "./resync-result.ts";

export async function resyncOne(
  context: CommandContext,
  operations: Operations,
  options: ResyncOptions,
): Promise<void> {
  const { io, fail } = context;
  if (options.dryRun !== true) refuseOtherFile(operations);
  const found = await planOne(operations, options.user ?? "");
  // What waits for the operator goes the way of a replay: its letter goes along.
  const [waiting, ...more] = found.filter(({ standing }) => standing === "parked" || standing === "givenUp");
  if (waiting !== undefined && more.length === 0 && found.length === 1) {
    const givenUp = waiting.standing === "givenUp" ? { givenUp: true } : {};
    return await replaySelected(context, operations, { ...options, user: waiting.id, ...givenUp });
  }
  const targets = found.filter(({ standing, forecast }) => {
    return standing === "settled" && (forecast === undefined || options.evenFailing === true);
  });
  if (found.some(({ forecast }) => forecast !== undefined)) fail();
  const isUnanswerable = options.yes !== true && io.confirm === undefined;
  const isOver = targets.length === 0 || options.dryRun === true;
  if (options.json !== true) printPlan(io, operations, found, options.evenFailing === true);
  else if (isOver || isUnanswerable) printJson(io, { planned: found });
  if (isOver) return;
  if (!(await isWanted(io, options, "Apply it again?"))) return note(io, "Nothing was changed.");
  const done = await resync(operations, targets, { patienceMs: usualPatienceMs, signal: io.interruption() });
  if (done.stopped || done.failed.length > 0) fail();
  if (options.json === true) printJson(io, { planned: found, ...resyncedData(done) });
  else printResynced(io, operations, done);
}

function printPlan(io: Io, operations: Operations, found: readonly OneResync[], evenFailing: boolean): void {
  noteOtherFile(io, operations);
  for (const { type, id, name, standing, differences, forecast } of found) {
    line(io, styled(io, "bold", `${type} ${printable(name ?? id)}`));
    if (standing !== "settled") {
      paragraph(io, standingText(operations, standing, id), { first: "  " });
    } else if (forecast !== undefined) {
      paragraph(io, printable(forecast.message), { first: "  Would fail: ", rest: "  " });
      if (!evenFailing)
        paragraph(io, "The entry stays as it is; --even-failing parks it with the reason.", { first: "  " });
    } else if (differences.length === 0) {
      line(io, "  The directory has what the mapping of today makes.");
    } else {
      const rows = differences.map(({ attribute, before, after }) => [attribute, valueText(before), valueText(after)]);
      printTable(io, ["attribute", "now", "then"], rows);
    }
  }
}

function standingText(operations: Operations, standing: OneResync["standing"], id: string): string {
  if (standing === "deleted") return "Deleted: there is nothing to apply again.";
  if (standing === "pending")
    return "A change is pending: the worker is at it, and applies it with the mapping of today.";
  const givenUp = standing === "givenUp" ? " --given-up" : "";
  return `Waits for you: \`${commandFor(operations, `dlq replay --user ${id}${givenUp}`)}\``;
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
