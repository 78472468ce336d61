/** `rollcall dlq drop` */
import { byCause } from "../../ops/dlq/causes.ts";
import { drop, type DropPlan, needsReason, planDrop, reasonMost } from "../../ops/dlq/drop.ts";
import { hiddenSecondsToChange } from "../../ops/dlq/select.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, note, styled, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { counted, printable } from "../words.ts";
import { type AskingOptions, isWanted, type SelectionOptions, withSelected } from "./dlq.ts";

interface DropOptions extends SelectionOptions, AskingOptions {
  readonly reason?: string;
}

export function dlqDrop({ io, fail }: CommandContext) {
  return async (options: DropOptions): Promise<void> => {
    const reason = reasonOf(options);
    await withTarget(options, io.settings, async ({ operations }) => {
      const reading = progress(io, "reading dead letters");
      const look = { hiddenSeconds: hiddenSecondsToChange, onProgress: reading.onProgress };
      await withSelected(operations, options, look, async (selected) => {
        reading.stop();
        const plan = planDrop(selected.changes);
        if (!(await isToRun(io, plan, selected.changes, options))) return;
        const running = progress(io, "dropping");
        const during = { reason, onProgress: running.onProgress, signal: io.interruption() };
        const dropped = await drop(operations, selected, during).finally(() => running.stop());
        if (dropped.stopped) fail();
        if (options.json === true) return printJson(io, { planned: plannedOf(plan), ...dropped });
        const given = dropped.givenUp === 0 ? "" : `${counted(dropped.givenUp, "change")} given up; `;
        line(io, `${given}${counted(dropped.deadLetters, "dead letter")} taken away.`);
        if (dropped.stopped) note(io, "Stopped before the end. Run it again to go on.");
      }).finally(() => reading.stop());
    });
  };
}

/** Errors: UsageError. */
function reasonOf({ reason, cause }: DropOptions): string {
  const text = reason?.trim() ?? "";
  if (text.length > reasonMost) throw new UsageError(`A reason has at most ${reasonMost} characters.`);
  if (text === "" && needsReason(cause)) {
    throw new UsageError('Say why with --reason "…": it stays with the resource for whoever asks later.');
  }
  return text;
}

type Changes = Parameters<typeof byCause>[0];

/** Shows the plan, and asks if there is something to ask. Errors: UsageError when nobody is there. */
async function isToRun(io: Io, plan: DropPlan, changes: Changes, options: DropOptions): Promise<boolean> {
  const isNothing = plan.changes === 0;
  const isUnanswerable = options.yes !== true && io.confirm === undefined;
  if (options.json !== true) printPlan(io, plan, changes);
  else if (isNothing || options.dryRun === true || isUnanswerable) printJson(io, { planned: plannedOf(plan) });
  if (isNothing || options.dryRun === true) return false;
  if (await isWanted(io, options, "Drop them?")) return true;
  note(io, "Nothing was changed.");
  return false;
}

function plannedOf({ changes, deadLetters, parked, leavers }: DropPlan): object {
  return { changes, deadLetters, parked: parked.length, leavers: leavers.length };
}

function printPlan(io: Io, { changes, deadLetters, parked, leavers }: DropPlan, all: Changes): void {
  line(io, `${counted(changes, "change")} to drop, with ${counted(deadLetters, "dead letter")}`);
  for (const { cause, count } of byCause(all)) line(io, `  ${count} ${printable(cause)}`);
  if (parked.length > 0) {
    const stay = "the directory stays as it is until the identity provider says something new about them";
    paragraph(io, `${counted(parked.length, "parked change")} given up: ${stay}.`, { rest: "  " });
  }
  if (leavers.length === 0) return;
  const names = leavers.slice(0, 3).map(({ name, id }) => name ?? id ?? "");
  const more = leavers.length > names.length ? " …" : "";
  line(io, styled(io, "red", `Of them, ${leavers.length} left and would keep access:`));
  paragraph(io, `${names.map(printable).join(", ")}${more}`, { first: "  " });
}
