/** `rollcall dlq ls|show|replay|drop`: what they share, and where each is. */
import type { Command } from "commander";
import { unreadableMessage } from "../../provisioning/sync-error.ts";
import { type Selected, type Selection, UnknownCauseError, withFailedChanges } from "../../ops/dlq/select.ts";
import type { OnProgress, Operations } from "../../ops/operations.ts";
import { type CommandContext, common, type CommonOptions } from "../command-context.ts";
import { commandGroup } from "../command-group.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../io.ts";
import { parseDuration, wholeNumber } from "../words.ts";
import { dlqDrop } from "./dlq-drop.ts";
import { dlqLs } from "./dlq-ls.ts";
import { dlqReplay } from "./dlq-replay.ts";
import { dlqShow } from "./dlq-show.ts";

export interface SelectionOptions extends CommonOptions {
  readonly cause?: string;
  readonly user?: string;
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly givenUp?: boolean;
}

export interface AskingOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function addDlqCommands(program: Command, context: CommandContext): void {
  const dlq = commandGroup(program, "dlq", "what could not be applied: list, show, replay, drop");
  common(
    dlq.command("ls").description("how many failed, by cause, and what to do about each"),
    "dlq ls --tenant acme",
  ).action(dlqLs(context));
  selecting(
    dlq.command("show").description("each failed change with its reason"),
    "dlq show --tenant acme --cause mapping-required-missing",
    "dlq show --tenant acme --given-up",
  )
    .option("--given-up", "those that were dropped, instead of those that wait")
    .option("--limit <n>", "so many of the oldest", wholeNumber(1, 100_000), 50)
    .action(dlqShow(context));
  asking(
    selecting(
      dlq.command("replay").description("send failed changes to the worker again: shows the plan, asks, waits"),
      "dlq replay --tenant acme --cause mapping-required-missing",
      "dlq replay --local --user ada@example.com --yes",
    ),
  )
    .option("--even-failing", "those too that the tenant file's mapping would refuse again")
    .option("--given-up", "those that were dropped, instead of those that wait")
    .option("--no-wait", "do not wait for the worker's answers")
    .action(dlqReplay(context));
  asking(
    selecting(
      dlq
        .command("drop")
        .description(
          "give failed changes up: the directory stays as it is until the identity provider says something new",
        ),
      'dlq drop --local --user ada@example.com --reason "a test"',
      `dlq drop --tenant acme --cause ${unreadableMessage}`,
    ),
  )
    .option("--reason <text>", `why; it stays with the resource. Needed unless --cause ${unreadableMessage}`)
    .action(dlqDrop(context));
}

function selecting(command: Command, ...examples: readonly string[]): Command {
  return common(command, ...examples)
    .option("--cause <code>", "only this reason code, as dlq ls shows it")
    .option("--user <who>", "only this userName, e-mail, externalId, displayName or id")
    .option("--older-than <age>", "only what has waited for longer, such as 30m, 2h or 3d", parseDuration);
}

/** For what changes something. */
export function asking(command: Command): Command {
  return command.option("--yes", "do not ask").option("--dry-run", "show the plan and change nothing");
}

/** `withFailedChanges` for what was asked for on the command line. Errors: UsageError for a cause that there is not. */
export async function withSelected<T>(
  operations: Operations,
  options: SelectionOptions,
  look: { hiddenSeconds: number; onProgress?: OnProgress },
  use: (selected: Selected) => Promise<T>,
): Promise<T> {
  return await asUsage(async () => await withFailedChanges(operations, selectionOf(options), look, use));
}

/** Errors: UsageError for a cause that there is not. */
export async function asUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnknownCauseError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

export function selectionOf({ cause, user, olderThan, givenUp }: SelectionOptions): Selection {
  return {
    ...(cause === undefined ? {} : { cause }),
    ...(user === undefined ? {} : { user }),
    ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
    ...(givenUp === undefined ? {} : { givenUp }),
  };
}

/** After the plan was shown. Errors: UsageError when nobody is there, so that a script that forgot `--yes` hears of it. */
export async function isWanted(io: Io, { yes }: AskingOptions, question: string): Promise<boolean> {
  if (yes === true) return true;
  if (io.confirm !== undefined) return await io.confirm(question);
  throw new UsageError("Nobody is there to be asked: add --yes to go on without a question.");
}
