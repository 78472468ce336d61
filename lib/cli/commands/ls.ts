/** `rollcall ls <what>` */
import { type Command, Option } from "commander";
import { commandFor } from "../../ops/command.ts";
import {
  countListed,
  type ListedCounts,
  type ListedPage,
  type ListedState,
  listedStates,
  listResources,
} from "../../ops/listed/list-resources.ts";
import type { Listed } from "../../ops/listed/listed.ts";
import { listNameOf, typeCalled } from "../../ops/listed/type-called.ts";
import { countText } from "../../ops/listed/waiting-counts.ts";
import type { Operations } from "../../ops/operations.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, styled, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { age, whole, wholeNumber } from "../words.ts";
import { lsMembers } from "./ls-members.ts";

export interface PageOptions extends CommonOptions {
  readonly after?: string;
  readonly most: number;
}

interface LsOptions extends PageOptions {
  readonly state: ListedState;
}

export const usualMost = 50;

export function addLsCommand(program: Command, context: CommandContext): void {
  const listing = paged(
    program
      .command("ls <what>")
      // What stands behind `members <group>` is asked of it, too.
      .enablePositionalOptions(false)
      .summary("users, groups or another type, page by page")
      .description(
        "users, groups or another type, page by page: all, or those that wait, were parked, given up, or have left",
      ),
    "ls users --tenant acme",
    "ls groups --local --state waiting --json",
    'ls members --local "Support 1-0"',
  )
    .addOption(new Option("--state <state>", "only those").choices(listedStates).default("all"))
    .action(async (what: string, options: LsOptions) => await lsType(context, what, options));
  paged(
    listing
      .command("members <group>")
      .description("the members of a group, page by page: who is there, who is to come or to leave"),
    'ls members --tenant acme "Support 1-0"',
  ).action(async (group: string, _options: unknown, command: Command) => {
    const options = command.optsWithGlobals<LsOptions>();
    if (options.state !== "all") throw new UsageError("The members of a group are listed all: leave --state out.");
    await lsMembers(context, group, options);
  });
}

function paged(command: Command, ...examples: readonly string[]): Command {
  return common(command, ...examples)
    .option("--after <place>", "go on there: the next of the page before")
    .option("--most <n>", "so many", wholeNumber(1, 1_000), usualMost);
}

async function lsType({ io }: CommandContext, what: string, options: LsOptions): Promise<void> {
  const { state, after, most } = options;
  await withTarget(options, io.settings, async ({ operations }) => {
    const type = typeCalled(operations.tenant, what);
    const [page, counts] = await Promise.all([
      listResources(operations, type, { state, most, ...(after !== undefined && { after }) }),
      countListed(operations, type),
    ]);
    if (options.json === true) return printJson(io, { type: type.id, state, counts, ...page });
    printListed(io, page, operations.clock.now());
    paragraph(io, styled(io, "dim", `${whole(counts.total)} ${listNameOf(type)} in all${waitingText(counts)}.`));
    if (page.next !== undefined) line(io, `  $ ${nextCommand(operations, listNameOf(type), options, page.next)}`);
  });
}

function printListed(io: Io, { rows }: ListedPage, now: number): void {
  if (rows.length === 0) return line(io, "None here.");
  printTable(
    io,
    ["name", "id", "state", "sync", "changed"],
    rows.map((row) => [row.name ?? "–", row.id, row.state, syncText(row, now), `${age(now - row.lastModified)} ago`]),
  );
}

export function syncText({ status, since, code }: Listed, now: number): string {
  const why = code === undefined ? "" : `, ${code}`;
  const waits = since === undefined ? "" : ` for ${age(now - since)}`;
  if (status === "applied") return "applied";
  if (status === "again") return "applied, to be looked at again";
  return `${status === "givenUp" ? "given up" : status}${waits}${why}`;
}

function waitingText({ waiting, parked, givenUp }: ListedCounts): string {
  const parts = [
    ["waiting", waiting],
    ["parked", parked],
    ["given up", givenUp],
  ] as const;
  return parts.map(([name, counted]) => (counted.count === 0 ? "" : `, ${countText(counted)} ${name}`)).join("");
}

function nextCommand(operations: Operations, what: string, { state, most }: LsOptions, next: string): string {
  const asked = `${state === "all" ? "" : ` --state ${state}`}${most === usualMost ? "" : ` --most ${most}`}`;
  return commandFor(operations, `ls ${what}${asked} --after ${next}`);
}
