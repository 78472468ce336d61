/**
 * The command `rollcall`: words in, an exit code out. 0: done; 1: it did not work out; 2: it was not given as it must be.
 */
import { Command, CommanderError } from "commander";
import type { CommandContext } from "./command-context.ts";
import { addActivityCommand } from "./commands/activity.ts";
import { addBrakeCommands } from "./commands/brake.ts";
import { addClientCommands } from "./commands/client.ts";
import { addConnectCommand } from "./commands/connect.ts";
import { addConsoleCommand } from "./commands/console.ts";
import { addDlqCommands } from "./commands/dlq.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addEventsCommands } from "./commands/events.ts";
import { addExplainCommand } from "./commands/explain.ts";
import { addFleetCommands } from "./commands/fleet.ts";
import { addExportCommand } from "./commands/export.ts";
import { addImportCommands } from "./commands/import.ts";
import { addLsCommand } from "./commands/ls.ts";
import { addMappingCommands } from "./commands/mapping.ts";
import { addOrphansCommand } from "./commands/orphans.ts";
import { addOverviewCommand } from "./commands/overview.ts";
import { addResyncCommand } from "./commands/resync.ts";
import { addShowCommand } from "./commands/show.ts";
import { addSimulateCommand } from "./commands/simulate.ts";
import { addSupportBundleCommand } from "./commands/support-bundle.ts";
import { addTokenCommands } from "./commands/token.ts";
import { addTypesCommand } from "./commands/types.ts";
import { type Io, styled, UsageError, widthOf } from "./io.ts";
import { noteSentence } from "./paragraph.ts";
import { upperFirst } from "../ops/words.ts";
import { sentence } from "./sentence.ts";

/** `argv`: the words after the command's name. Never throws: an error is one sentence on stderr. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const outcome = { exitCode: 0 };
  const context: CommandContext = { io, fail: () => (outcome.exitCode = 1) };
  try {
    await program(context).parseAsync(argv, { from: "user" });
    return outcome.exitCode;
  } catch (error) {
    // Commander has told it already; help that was asked for is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    noteSentence(io, styled(io, "red", sentence(error)));
    return error instanceof UsageError ? 2 : 1;
  }
}

function program(context: CommandContext): Command {
  const { io } = context;
  const rollcall = new Command("rollcall")
    .description("What did the identity provider say, what has the directory, why do they differ?")
    .exitOverride()
    // So that `import ls --local` is an option of ls, not of import.
    .enablePositionalOptions()
    .configureHelp({ helpWidth: widthOf(io), subcommandTerm: termOf, visibleCommands: ({ commands }) => [...commands] })
    .version(io.settings.version ?? "unknown", "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      outputError: (text) => noteSentence(io, styled(io, "red", usageSentence(text))),
      getOutHasColors: () => io.colours,
      getErrHasColors: () => io.colours,
    });
  rollcall.commandsGroup("What is, and why:");
  addDoctorCommand(rollcall, context);
  addOverviewCommand(rollcall, context);
  addExplainCommand(rollcall, context);
  addShowCommand(rollcall, context);
  addActivityCommand(rollcall, context);
  addLsCommand(rollcall, context);
  addOrphansCommand(rollcall, context);
  addMappingCommands(rollcall, context);
  addSupportBundleCommand(rollcall, context);
  addConsoleCommand(rollcall, context);
  rollcall.commandsGroup("To mend it:");
  addDlqCommands(rollcall, context);
  addResyncCommand(rollcall, context);
  addBrakeCommands(rollcall, context);
  addEventsCommands(rollcall, context);
  rollcall.commandsGroup("To set up, and to practise:");
  addConnectCommand(rollcall, context);
  addTokenCommands(rollcall, context);
  addClientCommands(rollcall, context);
  addTypesCommand(rollcall, context);
  addFleetCommands(rollcall, context);
  addImportCommands(rollcall, context);
  addExportCommand(rollcall, context);
  addSimulateCommand(rollcall, context);
  return rollcall.addHelpText("after", examples);
}

/** In the list: the name and what must follow it; that there are options goes without saying. */
function termOf(command: Command): string {
  const words = command.registeredArguments.map((argument) => `<${argument.name()}>`);
  return [command.name(), ...words].join(" ");
}

const examples = `
Examples:
  $ npx rollcall doctor --local
  $ npx rollcall explain --tenant acme ada@example.com`;

/** `error: unknown option '--x'` becomes a sentence. */
function usageSentence(text: string): string {
  const plain = text.replace(/^error: /, "").trim();
  const begun = upperFirst(plain);
  return /[.?!)]$/.test(begun) ? begun : `${begun}.`;
}
