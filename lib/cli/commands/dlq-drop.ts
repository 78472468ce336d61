/** `rollcall dlq drop` */
import { drop } from "../../ops/dlq/drop.ts";
import { withFailedChanges } from "../../ops/dlq/select.ts";
import type { CommandContext } from "../command-context.ts";
import { line, note } from "../io.ts";
import { printJson } from "../json.ts";
import { progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { counted } from "../words.ts";
import { asksFirst, type AskingOptions, selectionOf } from "./dlq.ts";
import { hiddenSecondsToChange } from "./dlq-replay.ts";

export function dlqDrop({ io }: CommandContext) {
  return async (options: AskingOptions): Promise<void> => {
    const ask = asksFirst(io, options);
    await withTarget(options, io.settings, async ({ operations }) => {
      const reading = progress(io, "reading dead letters");
      const look = { hiddenSeconds: hiddenSecondsToChange, onProgress: reading.onProgress };
      await withFailedChanges(operations, selectionOf(options), look, async (selected) => {
        reading.stop();
        const letters = selected.changes.reduce((sum, change) => sum + change.letters.length, 0);
        const question = `Drop ${counted(letters, "dead letter")} of ${counted(selected.changes.length, "change")}?`;
        if (letters > 0 && !(await ask(question))) return note(io, "Nothing was changed.");
        const dropped = await drop(operations, selected, io.interruption());
        if (options.json === true) return printJson(io, dropped);
        line(io, `${counted(dropped.deadLetters, "dead letter")} dropped.`);
        if (dropped.stillParked > 0) {
          line(io, `${counted(dropped.stillParked, "change")} still parked in the table: \`dlq replay\` finds them.`);
        }
      }).finally(() => reading.stop());
    });
  };
}
