/** `rollcall dlq ls|show|replay|drop`: what they share, and where each is. */
import type { Command } from "commander";
import type { Selection } from "../../ops/dlq/select.ts";
import { type CommandContext, common, type CommonOptions } from "../command-context.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../io.ts";
import { parseDuration } from "../words.ts";
import { dlqDrop } from "./dlq-drop.ts";
import { dlqLs } from "./dlq-ls.ts";
import { dlqReplay } from "./dlq-replay.ts";
import { dlqShow } from "./dlq-show.ts";

export interface SelectionOptions extends CommonOptions {
  readonly cause?: string;
  readonly user?: string;
  /** Milliseconds. */
  readonly olderThan?: number;
}

export interface AskingOptions extends SelectionOptions {
  readonly yes?: boolean;
}

export function addDlqCommands(program: Command, context: CommandContext): void {
  const dlq = program.command("dlq").description("what could not be applied: by cause, one by one, replay, drop");
  common(dlq.command("ls").description("how many failed, by cause"), "dlq ls --tenant acme").action(dlqLs(context));
  selecting(
    dlq.command("show").description("each failed change with its reason"),
    "dlq show --tenant acme --cause mapping-required-missing",
  ).action(dlqShow(context));
  selecting(
    dlq.command("replay").description("send failed changes to the worker again: shows the plan, then asks"),
    "dlq replay --tenant acme --cause mapping-required-missing",
    "dlq replay --local --user ada@example.com --yes",
  )
    .option("--yes", "do not ask")
    .action(dlqReplay(context));
  selecting(
    dlq.command("drop").description("take dead letters away without sending anything; what is parked stays parked"),
    "dlq drop --tenant acme --cause unreadable-message",
  )
    .option("--yes", "do not ask")
    .action(dlqDrop(context));
}

function selecting(command: Command, ...examples: readonly string[]): Command {
  return common(command, ...examples)
    .option("--cause <code>", "only this reason code, as dlq ls shows it")
    .option("--user <who>", "only this userName, e-mail, externalId, displayName or id")
    .option("--older-than <age>", "only what has waited for longer, such as 30m, 2h or 3d", parseDuration);
}

export function selectionOf({ cause, user, olderThan }: SelectionOptions): Selection {
  return {
    ...(cause === undefined ? {} : { cause }),
    ...(user === undefined ? {} : { user }),
    ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
  };
}

/** Before anything is read: a script that forgot `--yes` is told at once. Errors: UsageError. */
export function asksFirst(io: Io, { yes }: AskingOptions): (question: string) => Promise<boolean> {
  if (yes === true) return async () => true;
  if (io.confirm !== undefined) return io.confirm;
  throw new UsageError("Nobody is there to be asked: add --yes to go on without a question.");
}
