/** `rollcall import <file>`, `import ls` and `import undo <id>` */
import type { Command } from "commander";
import { type CommandContext, common, type CommonOptions } from "../command-context.ts";
import { UsageError } from "../io.ts";
import { asking } from "./dlq.ts";
import { importFile } from "./import-file.ts";
import { importLs } from "./import-ls.ts";
import { importUndo } from "./import-undo.ts";

export interface ImportOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

export function addImportCommands(program: Command, context: CommandContext): void {
  const command = common(
    program
      .command("import [file]")
      // What stands behind `ls` and `undo` is theirs.
      .enablePositionalOptions()
      .summary("bring users whom the application already has")
      .description(
        "bring users whom the application already has (.csv), or resources as `rollcall export` writes them (.json, .jsonl), so that the identity provider matches them instead of making them anew: the same checks as for a POST; can be stopped, and the same file goes on where it was",
      ),
    "import --tenant acme people.csv --dry-run",
    "import --tenant acme people.csv",
    "import ls --tenant acme",
    "import undo --tenant acme 3f2a9c01",
  )
    .option("--dry-run", "check all rows against file, store and mapping, and write nothing")
    .action(async (file: string | undefined, options: ImportOptions) => {
      if (file === undefined)
        throw new UsageError("Name a file, or one of ls and undo: npx rollcall import people.csv …");
      await importFile(context, file, options);
    });
  common(command.command("ls").description("imports, the newest first"), "import ls --local").action(importLs(context));
  asking(
    common(
      command
        .command("undo")
        .argument("<id>", "of the import, as `import ls` shows it")
        .description("delete what an import brought and nobody has spoken of since: shows the plan, asks"),
      "import undo --tenant acme 3f2a9c01 --dry-run",
    ),
  ).action(importUndo(context));
}
