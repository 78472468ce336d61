/** `rollcall show <who>` */
import type { Command } from "commander";
import { callerText } from "../../ops/caller-text.ts";
import { ignoredWords } from "../../ops/ignored-words.ts";
import { type GroupOf, type Groups, groupsOf } from "../../ops/person/groups.ts";
import { type LogLine, show, type Shown } from "../../ops/show.ts";
import { userType } from "../../scim/resource-type.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { field, paragraph } from "../paragraph.ts";
import { withTarget } from "../target.ts";
import { age, counted, moment, printable, wholeNumber } from "../words.ts";

interface ShowOptions extends CommonOptions {
  readonly log: number;
  readonly groups?: boolean;
}

interface ShownWithGroups extends Shown {
  readonly memberOf?: Groups;
}

export function addShowCommand(program: Command, { io }: CommandContext): void {
  common(
    program
      .command("show <who>")
      .summary("all about one resource, as it is stored")
      .description("all about one resource: accepted, applied, what is between, how it came to be"),
    "show --tenant acme ada@example.com",
    "show --local ada@example.com --groups",
    'show --local "Support 1-0" --json',
  )
    .option("--log <n>", "so many of the latest changes", wholeNumber(0, 10_000), 10)
    .option("--groups", "of a user: the groups by name, those to come and those to go too")
    .action(async (who: string, options: ShowOptions) => {
      await withTarget(options, io.settings, async ({ operations }) => {
        const found = await show(operations, who, options.log);
        const all = await Promise.all(
          found.map(async (shown): Promise<ShownWithGroups> => {
            if (options.groups !== true || shown.type !== userType.id) return shown;
            return { ...shown, memberOf: await groupsOf(operations, shown.id) };
          }),
        );
        if (options.json === true) return printJson(io, all);
        all.forEach((shown, n) => {
          if (n > 0) line(io);
          print(io, shown, operations.clock.now());
        });
      });
    });
}

function print(io: Io, shown: ShownWithGroups, now: number): void {
  const { accepted, entry } = shown;
  line(io, styled(io, "bold", `${shown.type} ${printable(shown.name ?? shown.id)}`));
  field(io, "id", shown.id);
  field(io, "found by", shown.foundBy);
  field(io, "accepted", `version ${accepted.version}, ${accepted.state}, ${moment(accepted.lastModified)}`);
  field(io, "applied", appliedText(io, shown, now));
  const { failure } = shown.applied;
  if (failure !== undefined)
    field(io, "failure", `${failure.code}, tried ${counted(failure.attempts, "time")}: ${printable(failure.message)}`);
  const since =
    entry && `version ${entry.version}, ${entry.state}, ${moment(entry.appliedAt)}, mapping ${entry.mappingHash}`;
  field(io, "directory", since ?? "no entry yet");
  if (shown.groups !== undefined) field(io, "groups", `${shown.groups} in the directory`);
  if (shown.members !== undefined) field(io, "members", membersText(shown.members));
  if (shown.memberOf !== undefined) printGroups(io, shown.memberOf);
  block(io, "What the identity provider said", accepted.resource);
  if (entry !== undefined) block(io, "What the application reads", entry.profile);
  printGivenUp(io, shown);
  printLog(io, shown);
}

function appliedText(io: Io, { applied: { version, status, since } }: Shown, now: number): string {
  const waits = since === undefined ? "" : ` for ${age(now - since)}`;
  if (status === "applied") return styled(io, "green", `version ${version}, nothing is pending`);
  if (status === "givenUp") return styled(io, "yellow", `version ${version}, given up by the operator`);
  if (status === "pending") return styled(io, "yellow", `version ${version}, pending${waits}`);
  return styled(io, "red", `version ${version}, parked${waits}: \`npx rollcall dlq replay\` tries again`);
}

function membersText({ applied, pendingAdded, pendingRemoved, replacesAll }: NonNullable<Shown["members"]>): string {
  if (pendingAdded + pendingRemoved === 0 && !replacesAll) return `${applied} in the directory`;
  const all = replacesAll ? ", all others leave" : "";
  return `${applied} in the directory; pending: ${pendingAdded} to add, ${pendingRemoved} to remove${all}`;
}

function printGroups(io: Io, { groups, applied, isMore, isMoreUnderWay }: Groups): void {
  for (const group of groups) line(io, `    ${printable(group.name ?? group.id)}${groupWords[group.state]}`);
  if (isMore) line(io, `    … of ${counted(applied, "group")}`);
  if (isMoreUnderWay) line(io, "    More groups wait for the worker than are looked at: some may be to come.");
}

const groupWords: Readonly<Record<GroupOf["state"], string>> = { in: "", coming: ", to come", leaving: ", to leave" };

function block(io: Io, title: string, data: Shown["accepted"]["resource"]): void {
  line(io);
  line(io, styled(io, "bold", title));
  for (const text of JSON.stringify(data, undefined, 2).split("\n")) line(io, `  ${printable(text)}`);
}

function printGivenUp(io: Io, { givenUp }: Shown): void {
  if (givenUp.length === 0) return;
  line(io);
  line(io, styled(io, "bold", "Given up by the operator, newest first"));
  for (const { at, version, cause, reason } of givenUp) {
    const what = `version ${version}${cause === undefined ? "" : `, ${cause}`}: ${reason}`;
    paragraph(io, `${moment(at)}: ${printable(what)}`, { first: "  ", rest: "    " });
  }
}

function printLog(io: Io, { log, olderChanges }: Shown): void {
  if (log.length === 0) return;
  line(io);
  line(io, styled(io, "bold", "Changes, newest first"));
  for (const change of log) printChange(io, change);
  if (olderChanges > 0)
    line(io, `  … and ${counted(olderChanges, "older change")}, which --log shows while they are kept`);
}

function printChange(io: Io, { version, at, kind, tokenId, requestId, attributes, ignored }: LogLine): void {
  line(io, `  ${String(version).padStart(4)}  ${moment(at)}  ${kind}`);
  const caller = callerText(tokenId);
  const from = caller === undefined ? "" : `${caller}, `;
  line(io, styled(io, "dim", `        ${from}request ${requestId}`));
  if (attributes.length > 0) paragraph(io, printable(attributes.join(", ")), { first: "        changed: " });
  const left = ignored.map(({ path, reason }) => `${printable(path)} (${ignoredWords[reason]})`).join(", ");
  if (left !== "") paragraph(io, left, { first: "        ignored: " });
}
