/** What every command gets, and the few options that all of them share. */
import type { Command } from "commander";
import { withTargetOptions, type TargetOptions } from "./target.ts";
import type { Io } from "./io.ts";

export interface CommandContext {
  readonly io: Io;
  /** The exit code, when it is not 0: something was found wanting, or did not work out. */
  readonly fail: () => void;
}

export interface CommonOptions extends TargetOptions {
  readonly json?: boolean;
}

/** `--tenant`, `--local` and `--json`, and examples at the end of the help. */
export function common(command: Command, ...examples: readonly string[]): Command {
  return ofAllTenants(withTargetOptions(command), ...examples);
}

/** `--json` alone, and examples. */
export function ofAllTenants(command: Command, ...examples: readonly string[]): Command {
  return withExamples(command.option("--json", "print data instead of text"), ...examples);
}

function withExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `  $ npx rollcall ${example}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
