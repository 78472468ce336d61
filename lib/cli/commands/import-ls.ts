/** `rollcall import ls` */
import { type ImportMark, listImports } from "../../provisioning/import-mark.ts";
import type { CommandContext, CommonOptions } from "../command-context.ts";
import { line } from "../io.ts";
import { printJson } from "../json.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { moment, whole } from "../words.ts";

export function importLs({ io }: CommandContext) {
  return async (options: CommonOptions): Promise<void> => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const all = await listImports(operations.table);
      if (options.json === true) return printJson(io, all);
      if (all.length === 0) return line(io, "Nothing was imported.");
      const rows = all.map((mark) => [
        mark.id,
        mark.name,
        moment(mark.startedAt),
        stateText(mark),
        whole(mark.rows),
        whole(mark.brought),
        whole(mark.refused),
      ]);
      printTable(io, ["id", "file", "begun", "state", "rows", "brought", "refused"], rows, [
        "rows",
        "brought",
        "refused",
      ]);
    });
  };
}

function stateText({ state, done, rows }: ImportMark): string {
  if (state === "running") return `at ${whole(done)} of ${whole(rows)}`;
  return state === "undoing" ? "half undone" : state;
}
