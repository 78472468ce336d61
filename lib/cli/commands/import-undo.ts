/** `rollcall import undo <id>` */
import { commandFor } from "../../ops/command.ts";
import { planUndo, type Touched, type UndoPlan, undoImport } from "../../ops/import/undo-import.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, note, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { progress } from "../progress.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { counted, moment, printable, whole } from "../words.ts";
import { type AskingOptions, isWanted } from "./dlq.ts";

const shownMost = 20;

export function importUndo({ io, fail }: CommandContext) {
  return async (id: string, options: AskingOptions): Promise<void> => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const looking = progress(io, "looking");
      const signal = io.interruption();
      const plan = await planUndo(operations, id, { onProgress: looking.onProgress, signal }).finally(() =>
        looking.stop(),
      );
      const isOver = plan.stopped || options.dryRun === true;
      const isNothing = plan.targets.length === 0;
      const isUnanswerable = !isNothing && options.yes !== true && io.confirm === undefined;
      if (options.json !== true) printPlan(io, plan);
      else if (isOver || isUnanswerable) printJson(io, { planned: plannedOf(plan) });
      if (plan.stopped) {
        fail();
        return note(io, "Stopped before the end: nothing was deleted.");
      }
      if (isOver) return;
      if (!isNothing && !(await isWanted(io, options, `Delete ${counted(plan.targets.length, "resource")}?`)))
        return note(io, "Nothing was changed.");
      const running = progress(io, "deleting");
      const done = await undoImport(operations, plan, { onProgress: running.onProgress, signal }).finally(() => {
        running.stop();
      });
      if (done.stopped) fail();
      if (options.json === true) printJson(io, { planned: plannedOf(plan), ...done });
      else {
        line(io, doneText(done.deleted));
        printTouched(io, "Spoken of meanwhile: they stay", done.overtaken);
      }
      if (done.stopped) note(io, `Stopped before the end. To go on: ${commandFor(operations, `import undo ${id}`)}`);
    });
  };
}

function doneText(deleted: number): string {
  if (deleted === 0) return "Nothing was left to delete.";
  return `${counted(deleted, "resource")} deleted; the worker takes them out of the directory.`;
}

function plannedOf({ import: mark, targets, touched, gone, stopped }: UndoPlan): object {
  return { import: mark, delete: targets.length, touched, gone, stopped };
}

function printPlan(io: Io, { import: mark, targets, touched, gone }: UndoPlan): void {
  line(io, styled(io, "bold", `Import ${mark.id} of ${printable(mark.name)}`));
  if (mark.state === "undone") line(io, `  was undone at ${moment(mark.at)}`);
  line(io, `  ${whole(targets.length)}  to delete: nobody has spoken of them since`);
  if (touched.length > 0)
    line(io, styled(io, "yellow", `  ${whole(touched.length)}  stay: somebody has spoken of them since`));
  if (gone > 0) line(io, `  ${whole(gone)}  were deleted since`);
  printTouched(io, "They stay", touched);
}

function printTouched(io: Io, title: string, touched: readonly Touched[]): void {
  if (touched.length === 0) return;
  line(io);
  line(io, styled(io, "bold", title));
  printTable(
    io,
    ["type", "who", "id"],
    touched.slice(0, shownMost).map(({ type, name, id }) => [type, name ?? "", id]),
  );
  if (touched.length > shownMost) line(io, `… and ${whole(touched.length - shownMost)} more, which --json shows`);
}
