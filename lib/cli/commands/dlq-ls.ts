/** `rollcall dlq ls` */
import { commandFor } from "../../ops/command.ts";
import { type Cause, causesOf, type Causes } from "../../ops/dlq/causes.ts";
import { hiddenSecondsToLook, withFailedChanges } from "../../ops/dlq/select.ts";
import type { Operations } from "../../ops/operations.ts";
import type { CommandContext, CommonOptions } from "../command-context.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { age, counted, printable } from "../words.ts";

export function dlqLs({ io }: CommandContext) {
  return async (options: CommonOptions): Promise<void> => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const reading = progress(io, "reading dead letters");
      const look = { hiddenSeconds: hiddenSecondsToLook, onProgress: reading.onProgress };
      const found = await withFailedChanges(operations, {}, look, async ({ changes }) => causesOf(changes)).finally(
        () => reading.stop(),
      );
      if (options.json === true) return printJson(io, found);
      if (found.causes.length === 0) return line(io, "Nothing is parked, and there is no dead letter.");
      const now = operations.clock.now();
      const rows = found.causes.map(({ cause, count, parked, deadLetters, oldest, lanes }) => {
        return [cause, ...[count, parked, deadLetters].map(String), age(now - oldest), lanes.join(", ")];
      });
      printTable(io, ["cause", "count", "parked", "letters", "oldest", "lanes"], rows, ["count", "parked", "letters"]);
      line(io);
      printTotal(io, found, now);
      for (const cause of found.causes) printMeaning(io, operations, cause);
    });
  };
}

function printTotal(io: Io, { causes, total }: Causes, now: number): void {
  const { count, parked, deadLetters, oldest = 0, isMore = false } = total;
  const more = isMore ? " (or more: these are as many as are read at once; replay them, and look again)" : "";
  const whole = `${counted(count, "failed change")} of ${counted(causes.length, "cause")}, ${parked} parked${more}`;
  paragraph(io, `${whole}; ${counted(deadLetters, "dead letter")}; the oldest waits for ${age(now - oldest)}.`);
}

function printMeaning(io: Io, operations: Operations, { cause, meaning, cure, command }: Cause): void {
  line(io);
  line(io, styled(io, "bold", printable(cause)));
  if (meaning === undefined || cure === undefined) {
    return paragraph(io, "This version does not know the code: another one may have parked it.", { first: "  " });
  }
  paragraph(io, meaning, { first: "  " });
  paragraph(io, cure, { first: "  " });
  if (command !== undefined) line(io, `  $ ${commandFor(operations, command)}`);
}
