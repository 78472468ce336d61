/** `rollcall dlq ls` */
import { byCause } from "../../ops/dlq/causes.ts";
import { withFailedChanges } from "../../ops/dlq/select.ts";
import type { CommandContext, CommonOptions } from "../command-context.ts";
import { line } from "../io.ts";
import { printJson } from "../json.ts";
import { progress } from "../progress.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { age } from "../words.ts";

/** Long enough to read ten thousand letters; if the command dies, they are back after that. */
export const hiddenSecondsToLook = 120;

export function dlqLs({ io }: CommandContext) {
  return async (options: CommonOptions): Promise<void> => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const reading = progress(io, "reading dead letters");
      const look = { hiddenSeconds: hiddenSecondsToLook, onProgress: reading.onProgress };
      const causes = await withFailedChanges(operations, {}, look, async ({ changes }) => byCause(changes)).finally(
        () => reading.stop(),
      );
      if (options.json === true) return printJson(io, causes);
      if (causes.length === 0) return line(io, "Nothing is parked, and there is no dead letter.");
      const now = operations.clock.now();
      const rows = causes.map(({ cause, count, parked, deadLetters, oldest, lanes }) => {
        return [cause, ...[count, parked, deadLetters].map(String), age(now - oldest), lanes.join(", ")];
      });
      printTable(io, ["cause", "count", "parked", "letters", "oldest", "lanes"], rows, ["count", "parked", "letters"]);
    });
  };
}
