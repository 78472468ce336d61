/** `rollcall resync`: which of its forms, and what they share. */
import type { Command } from "commander";
import { type CommandContext, common } from "../command-context.ts";
import { UsageError } from "../io.ts";
import { checkPosition } from "../position.ts";
import { withTarget } from "../target.ts";
import { parseMoment, wholeNumber } from "../words.ts";
import { asking, type AskingOptions } from "./dlq.ts";
import { replaySelected } from "./dlq-replay.ts";
import { reindexAll } from "./resync-index.ts";
import { resyncMany } from "./resync-many.ts";
import { resyncRestored } from "./resync-restored.ts";
import { resyncOne } from "./resync-one.ts";

export interface ResyncOptions extends AskingOptions {
  readonly user?: string;
  readonly parked?: boolean;
  readonly mappingChanged?: boolean;
  readonly all?: boolean;
  readonly reindex?: boolean;
  /** Milliseconds since 1970. */
  readonly restored?: number;
  readonly after?: string;
  readonly evenFailing?: boolean;
  readonly examples: number;
}

const forms = ["--user <who>", "--parked", "--mapping-changed", "--all", "--reindex", "--restored <moment>"];

export function addResyncCommand(program: Command, context: CommandContext): void {
  asking(
    common(
      program
        .command("resync")
        .summary("apply again what was received")
        .description(
          "apply again what was received, at the mapping of today: shows the plan, asks, waits for the worker; what the identity provider said is not touched",
        ),
      "resync --tenant acme --mapping-changed",
      "resync --local --user ada@example.com",
      "resync --tenant acme --all --dry-run",
    )
      .option("--user <who>", "this userName, e-mail, externalId, displayName or id")
      .option("--parked", "what is parked: the same as dlq replay")
      .option("--mapping-changed", "users, and other types that are mapped, whose profile another mapping made")
      .option("--all", "users, groups and the tenant's own resource types, all of them")
      .option("--reindex", "make older resources findable and unique as the tenant file says now")
      .option(
        "--restored <moment>",
        "after a restore of a table to this moment (UTC): bring both tables together",
        parseMoment,
      )
      .option("--even-failing", "those too that the mapping of today cannot carry: they are parked")
      .option("--after <position>", "go on where a run was stopped")
      .option("--examples <n>", "so many of each difference and each failure", wholeNumber(0, 1_000), 3),
  ).action(async (options: ResyncOptions) => {
    const run = formOf(options);
    await withTarget(options, context.io.settings, async ({ operations }) => await run(context, operations, options));
  });
}

type Form = typeof resyncMany;

/** Errors: UsageError unless exactly one is named, and the position is one. */
function formOf({ user, parked, mappingChanged, all, reindex, restored, after }: ResyncOptions): Form {
  const named = [
    user !== undefined,
    parked === true,
    mappingChanged === true,
    all === true,
    reindex === true,
    restored !== undefined,
  ];
  if (named.filter(Boolean).length !== 1) throw new UsageError(`Name exactly one of ${forms.join(", ")}.`);
  if (after !== undefined && (user !== undefined || parked === true))
    throw new UsageError("--after goes with --mapping-changed, --all, --reindex and --restored.");
  checkPosition(after, "typeAndId");
  if (user !== undefined) return resyncOne;
  if (parked === true) return replaySelected;
  if (restored !== undefined) return resyncRestored;
  return reindex === true ? reindexAll : resyncMany;
}
