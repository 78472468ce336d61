/** `rollcall activity` */
import { type Command, InvalidArgumentError, Option } from "commander";
import { activity, type ActivityOptions, type ActivityPage } from "../../ops/activity/activity.ts";
import { commandWords, mostUsual } from "../../ops/activity/command-words.ts";
import {
  type ActivityKind,
  activityKinds,
  type ActivityRow,
  type ChangeStatus,
  isRefusal,
  statusCalled,
  statusWords,
} from "../../ops/activity/row.ts";
import { membersText } from "../../ops/activity/words.ts";
import { watchActivity } from "../../ops/activity/watch.ts";
import { commandFor } from "../../ops/command.ts";
import { shortPath } from "../../ops/short-path.ts";
import type { Operations } from "../../ops/operations.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, note, styled, UsageError } from "../io.ts";
import { printJson, printJsonLine } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { withTarget } from "../target.ts";
import { moment, parseDuration, printable, wholeNumber } from "../words.ts";

interface ActivityCommandOptions extends CommonOptions {
  readonly kind?: ActivityKind[];
  readonly status?: (typeof statusWords)[ChangeStatus];
  readonly who?: string;
  /** Units: milliseconds. */
  readonly since?: number;
  readonly after?: string;
  readonly most: number;
  readonly follow?: boolean;
}

export function addActivityCommand(program: Command, { io }: CommandContext): void {
  common(
    program
      .command("activity")
      .summary("what was accepted and refused, newest first")
      .description(
        "what was accepted and what was refused, newest first: when, what, to whom, how far it has come, by which token",
      ),
    "activity --tenant acme --since 2h",
    "activity --tenant acme --kind deactivated,deleted",
    "activity --local --follow",
  )
    .option("--kind <kinds>", `only these: ${activityKinds.join(", ")}`, parseKinds)
    .addOption(new Option("--status <status>", "only changes that are so").choices(Object.values(statusWords)))
    .option("--who <who>", "only about this userName, e-mail, externalId, displayName or id")
    .option("--since <age>", "only what came since, such as 30m, 2h or 3d", parseDuration)
    .option("--after <place>", "go on there: the next of the page before")
    .option("--most <n>", "so many", wholeNumber(1, 1_000), mostUsual)
    .option("--follow", "what comes from now on, or from --since on, oldest first, until Ctrl-C")
    .action(async (options: ActivityCommandOptions) => {
      if (options.follow === true) refuseWithFollow(options);
      await withTarget(options, io.settings, async ({ operations }) => {
        if (options.follow === true) return await follow(io, operations, options);
        const page = await activity(operations, asked(operations, options));
        if (options.json === true) return printJson(io, page);
        printPage(io, operations, options, page);
      });
    });
}

/** Errors: InvalidArgumentError. */
function parseKinds(text: string): ActivityKind[] {
  return text.split(",").map((word) => {
    const kind = activityKinds.find((one) => one === word.trim());
    if (kind !== undefined) return kind;
    throw new InvalidArgumentError(`Expected some of ${activityKinds.join(", ")}, with commas between.`);
  });
}

/** Errors: UsageError. */
function refuseWithFollow({ status, after }: ActivityCommandOptions): void {
  if (after !== undefined) throw new UsageError("--after goes back and --follow goes on: leave one of them out.");
  if (status === undefined) return;
  throw new UsageError("--follow tells a change when it comes, whatever becomes of it: leave --status out.");
}

function asked({ clock }: Operations, options: ActivityCommandOptions): ActivityOptions {
  const { kind, who, since, after, most } = options;
  const status = statusCalled(options.status);
  return {
    most,
    ...(kind && { kinds: kind }),
    ...(status && { status }),
    ...(who !== undefined && { who }),
    ...(since !== undefined && { since: clock.now() - since }),
    ...(after !== undefined && { after }),
  };
}

async function follow(io: Io, operations: Operations, options: ActivityCommandOptions): Promise<void> {
  const { kinds, who, since = operations.clock.now() } = asked(operations, options);
  if (options.json !== true) note(io, styled(io, "dim", "Following; Ctrl-C ends it."));
  const watched = { since, signal: io.interruption(), ...(kinds && { kinds }), ...(who !== undefined && { who }) };
  for await (const row of watchActivity(operations, watched)) {
    if (options.json === true) printJsonLine(io, row);
    else printRow(io, row);
  }
}

function printPage(io: Io, operations: Operations, options: ActivityCommandOptions, page: ActivityPage): void {
  const { rows, next, lookedBackTo } = page;
  for (const row of rows) printRow(io, row);
  if (rows.length === 0 && next === undefined) line(io, "Nothing of that came.");
  if (lookedBackTo !== undefined)
    paragraph(io, styled(io, "dim", `Looked back as far as ${moment(lookedBackTo)}, and not further yet.`));
  if (next !== undefined) line(io, `  $ ${nextCommand(operations, options, next)}`);
}

function printRow(io: Io, row: ActivityRow): void {
  const at = moment(row.at);
  const by = [row.tokenLabel ?? row.tokenId, ...(row.idp === undefined ? [] : [row.idp])].join(", ");
  const rest = "    ";
  paragraph(io, printable(`${whoText(row)}: ${whatText(row)}`), {
    first: `${styled(io, "dim", at)}  ${styled(io, toneOf(row), row.kind)} `,
    rest,
  });
  if (isRefusal(row) && row.detail !== "") paragraph(io, printable(row.detail), { first: rest });
  paragraph(io, styled(io, "dim", printable(`${by === "" ? "" : `${by}; `}request ${row.requestId}`)), { first: rest });
}

function whoText({ type, name, id }: ActivityRow): string {
  return [type, name ?? id ?? ""].filter((word) => word !== "").join(" ") || "nobody named";
}

/** `title, active; applied`, `members +2 -1; pending`, `POST /Users, 409` */
function whatText(row: ActivityRow): string {
  if (isRefusal(row)) return `${row.operation}, ${row.status}`;
  const parts = [
    ...row.attributes.map(shortPath),
    ...(row.members === undefined ? [] : [`members ${membersText(row.members)}`]),
  ];
  const status = row.status === "givenUp" ? "given up" : row.status;
  return [...(parts.length === 0 ? [] : [parts.join(", ")]), status].join("; ");
}

function toneOf(row: ActivityRow): "bold" | "red" | "yellow" {
  if (isRefusal(row)) return "red";
  return row.status === "parked" || row.status === "givenUp" ? "yellow" : "bold";
}

function nextCommand(operations: Operations, options: ActivityCommandOptions, next: string): string {
  const { since: _, ...rest } = asked(operations, options);
  const sinceMs = options.since === undefined ? {} : { sinceMs: options.since };
  return commandFor(operations, commandWords({ ...rest, ...sinceMs, after: next }));
}
