/** `rollcall orphans` */
import { basename } from "node:path";
import type { Command } from "commander";
import { type Assignments, AssignmentsError, readAssignments } from "../../ops/orphans/assignments.ts";
import type { Compared } from "../../ops/orphans/compare-assignments.ts";
import { findOrphans, type Orphans } from "../../ops/orphans/orphans.ts";
import type { Person } from "../../ops/orphans/person.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, note, styled, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { checkPosition } from "../position.ts";
import { progress } from "../progress.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { readTextFile } from "../text-file.ts";
import { age, counted, printable, wholeNumber } from "../words.ts";

interface OrphanOptions extends CommonOptions {
  readonly days: number;
  readonly assignments?: string;
  readonly after?: string;
  readonly all?: boolean;
}

interface Page {
  readonly io: Io;
  readonly now: number;
  /** How many of each list. */
  readonly most: number;
}

const shownMost = 20;

export function addOrphansCommand(program: Command, { io, fail }: CommandContext): void {
  common(
    program
      .command("orphans")
      .summary("who is here and ought not to be, or the other way round")
      .description(
        "active users whom nobody speaks of, or who are in no group; members that point nowhere; and, with an export of the identity provider's assignments, who is missing, extra or in another state here",
      ),
    "orphans --tenant acme",
    "orphans --tenant acme --days 180 --assignments okta-people.csv",
    "orphans --local --json",
  )
    .option("--days <n>", "not named for so many days", wholeNumber(1, 3_650), 90)
    .option(
      "--assignments <file>",
      "CSV with a header: userName, userPrincipalName, login or email; externalId, objectId or id; accountEnabled, active or status",
    )
    .option("--all", `print whole lists, not the first ${shownMost} of each`)
    .option("--after <position>", "go on where a run was stopped")
    .action(async (options: OrphanOptions) => {
      const { days, after, assignments: path } = options;
      refuseMisfits(options);
      const assignments = path === undefined ? undefined : readExport(path);
      await withTarget(options, io.settings, async ({ operations }) => {
        const running = progress(io, "users");
        const found = await findOrphans(operations, {
          days,
          ...(after === undefined ? {} : { after }),
          ...(assignments === undefined ? {} : { assignments }),
          onProgress: running.onProgress,
          signal: io.interruption(),
        }).finally(() => running.stop());
        if (found.stopped) fail();
        if (options.json === true) printJson(io, found);
        else {
          const page = { io, now: found.at, most: options.all === true ? Number.POSITIVE_INFINITY : shownMost };
          printCounts(page, operations.tenant.name, found);
          if (found.compared !== undefined && assignments !== undefined)
            printCompared(page, basename(path ?? ""), assignments, found, found.compared);
          printLists(page, found);
        }
        if (found.stopped) note(io, stoppedText(found, assignments !== undefined));
      });
    });
}

function refuseMisfits({ after, assignments }: OrphanOptions): void {
  if (after === undefined) return;
  if (assignments !== undefined)
    throw new UsageError("--assignments compares everybody, so it begins at the beginning: leave --after out.");
  checkPosition(after, "id");
}

/** Errors: UsageError: nothing was asked of the tenant by then. */
function readExport(path: string): Assignments {
  try {
    return readAssignments(readTextFile(path).text);
  } catch (error) {
    if (error instanceof AssignmentsError) throw new UsageError(`${path}: ${error.message}.`, { cause: error });
    throw error;
  }
}

function stoppedText({ position }: Orphans, compares: boolean): string {
  if (compares) return "Stopped before the end: nothing was compared. Run it again.";
  const onward = position === undefined ? "Run it again." : `\`--after ${position}\` goes on behind it.`;
  return `Stopped before the end: this is the part that was seen. ${onward}`;
}

// ---------------------------------------------------------------- text

function printCounts(page: Page, tenant: string, found: Orphans): void {
  const { io } = page;
  const { days, active, inactive, silent, groupless, left, dangling, stopped } = found;
  const seen = stopped ? " seen so far" : "";
  const here = `${counted(active, "active user")}, ${inactive.toLocaleString("en")} inactive${seen}`;
  line(io, `${styled(io, "bold", tenant)}: ${here}`);
  line(io);
  count(page, silent, `active, and no change was accepted for ${days} days`);
  count(page, groupless, "active, and in no group");
  count(page, left, `inactive for ${days} days, and never deleted`);
  count(page, dangling, "members of a group who are no resource any more");
}

function printLists(page: Page, { days, silent, groupless, left, dangling, pendingGroups }: Orphans): void {
  const { io } = page;
  section(page, `No change for ${days} days`, silent, "last change");
  if (silent.length > 0) remark(io, silenceText);
  section(page, "In no group", groupless, "last change");
  if (pendingGroups > 0 && groupless.length > 0)
    remark(io, `${counted(pendingGroups, "group")} not applied to the end yet: members may be on their way.`);
  section(page, `Inactive for ${days} days, never deleted`, left, "inactive for");
  const pointless = dangling.map(({ id, groups }) => [id, groups.map((group) => group.name ?? group.id).join(", ")]);
  list(page, "Members who are no resource any more", ["member", "groups"], pointless);
}

const silenceText =
  "That alone is no fault: an identity provider that sends only changes is silent about whoever does not change. --assignments compares with its own list.";

/** Before the lists of who is in no group or was not named: it is what was asked for, and the more certain. */
function printCompared(
  page: Page,
  file: string,
  { columns, groups, repeated }: Assignments,
  found: Orphans,
  compared: Compared,
): void {
  const { io } = page;
  const { assigned, missing, extra, different, maybePartial } = compared;
  const people = assigned === 1 ? "1 person" : `${assigned.toLocaleString("en")} people`;
  const twice = repeated === 0 ? "" : `, ${counted(repeated, "further row")} about the same`;
  const skipped = `${twice}${groups === 0 ? "" : `, ${counted(groups, "group")} left out`}`;
  const taken = Object.values(columns).join(", ");
  line(io);
  paragraph(io, `${styled(io, "bold", printable(file))}: ${people}${skipped}; columns ${printable(taken)}`);
  line(io);
  count(page, missing, "assigned there, missing here");
  count(page, extra, "active here, not assigned there");
  count(page, different, "in another state here than there");
  if (maybePartial) {
    line(io);
    paragraph(io, styled(io, "red", partialText(extra.length, found.active)));
  }
  const gone = missing.map(({ row, name, externalId }) => [String(row), name ?? "", externalId ?? ""]);
  list(page, "Missing here", ["row", "who", "external id"], gone);
  if (missing.length > 0) remark(io, "`npx rollcall explain` says why, one by one.");
  section(page, "Not assigned there", extra, "last change");
  if (extra.length > 0) remark(io, extraText);
  const states = different.map(({ row, person, there }) => {
    return [String(row), person.name, there, person.active ? "active" : "inactive"];
  });
  list(page, "In another state", ["row", "who", "there", "here"], states);
}

function partialText(extra: number, active: number): string {
  const share = `${extra.toLocaleString("en")} of ${counted(active, "active user")} here`;
  return `WARNING: ${share} are not in the file, more than half. The export may be partial: export everybody, without a filter, and run it again. \`doctor\` does not take this result.`;
}

const extraText =
  "The identity provider will not deactivate whom it does not know: assign them and take them off again there, or deactivate them by SCIM.";

function count({ io }: Page, all: readonly unknown[], what: string): void {
  const text = `${all.length.toLocaleString("en").padStart(8)}  ${what}`;
  line(io, all.length === 0 ? text : styled(io, "yellow", text));
}

function remark(io: Io, text: string): void {
  paragraph(io, styled(io, "dim", text));
}

function section(page: Page, title: string, people: readonly Person[], since: string): void {
  const rows = people.map((one) => [one.name, one.externalId ?? "", age(page.now - one.since)]);
  list(page, title, ["userName", "external id", since], rows);
}

function list({ io, most }: Page, title: string, head: readonly string[], rows: readonly string[][]): void {
  if (rows.length === 0) return;
  line(io);
  line(io, styled(io, "bold", title));
  printTable(io, head, rows.slice(0, most));
  if (rows.length > most)
    line(io, `… and ${(rows.length - most).toLocaleString("en")} more, which --all and --json show`);
}
