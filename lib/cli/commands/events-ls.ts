/** `rollcall events ls` */
import { type Command, InvalidArgumentError } from "commander";
import { type DirectoryEvent, isMembershipEvent } from "../../events/event.ts";
import { type EventRow, type EventsAsked, followEvents, listEvents } from "../../ops/events/listed.ts";
import { commandFor, shellWord } from "../../ops/command.ts";
import type { Operations } from "../../ops/operations.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, note, styled } from "../io.ts";
import { printJson, printJsonLine } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { withTarget } from "../target.ts";
import { moment, parseDuration, parseMoment, printable, wholeNumber } from "../words.ts";

interface EventsLsOptions extends CommonOptions {
  readonly after?: After;
  readonly type?: readonly string[];
  readonly person?: string;
  readonly most: number;
  readonly values?: boolean;
  readonly follow?: boolean;
}

type After = { readonly position: number } | { readonly moment: number } | { readonly ageMs: number };

const mostUsual = 50;

export function addEventsLs(events: Command, { io }: CommandContext): void {
  common(
    events
      .command("ls")
      .summary("what was told, newest last")
      .description("what was told of changes in the directory, as the feed has it, newest last"),
    "events ls --tenant acme",
    "events ls --tenant acme --person ada@example.com --values",
    "events ls --tenant acme --type user.suspended --after 2d",
    "events ls --local --follow",
  )
    .option("--after <place>", "from there on: a position, an age such as 2h, or a moment", parseAfter)
    .option("--type <types>", "only these, such as user.suspended, or user for all of users", parseTypes)
    .option("--person <who>", "only about this userName, e-mail, externalId, displayName or id")
    .option("--most <n>", "so many", wholeNumber(1, 1_000), mostUsual)
    .option("--values", "values as they are; else they are masked")
    .option("--follow", "what comes from now on, or from --after on, until Ctrl-C")
    .action(async (options: EventsLsOptions) => {
      await withTarget(options, io.settings, async ({ operations }) => {
        if (options.follow === true) return await follow(io, operations, options);
        const { events: rows, ...rest } = await listEvents(operations, asked(operations, options));
        if (options.json === true) return printJson(io, { events: rows, ...rest });
        for (const row of rows) printRow(io, row);
        if (rows.length === 0) line(io, rest.next === undefined ? "Nothing of that was told." : "None of these.");
        if (rest.notBefore !== undefined)
          note(io, styled(io, "dim", `Not looked at: position ${rest.notBefore} and before; --after begins earlier.`));
        if (rest.next !== undefined) line(io, `  $ ${nextCommand(operations, options, rest.next)}`);
      });
    });
}

/** Errors: InvalidArgumentError. */
function parseAfter(text: string): After {
  if (/^\d{1,15}$/.test(text)) return { position: Number(text) };
  if (/^\d{1,6}[smhd]$/.test(text)) return { ageMs: parseDuration(text) };
  try {
    return { moment: parseMoment(text) };
  } catch {
    throw new InvalidArgumentError(
      "Expected a position such as 1200, an age such as 2h, or a past moment such as 2026-11-24T12:00:00Z.",
    );
  }
}

/** Errors: InvalidArgumentError. */
function parseTypes(text: string): string[] {
  return text.split(",").map((word) => {
    const type = word.trim().toLowerCase();
    if (/^[a-z][a-z0-9]*(\.[a-z]+)?$/.test(type)) return type;
    throw new InvalidArgumentError(
      "Expected types of events such as user.suspended or membership, with commas between.",
    );
  });
}

function asked({ clock }: Pick<Operations, "clock">, options: EventsLsOptions): EventsAsked {
  const { after, type, person, most, values } = options;
  const place = after !== undefined && "ageMs" in after ? { moment: clock.now() - after.ageMs } : after;
  return {
    most,
    ...(place && { after: place }),
    ...(type && { types: type }),
    ...(person !== undefined && { who: person }),
    ...(values !== undefined && { values }),
  };
}

async function follow(io: Io, operations: Operations, options: EventsLsOptions): Promise<void> {
  if (options.json !== true) note(io, styled(io, "dim", "Following; Ctrl-C ends it."));
  const followed = { ...asked(operations, options), signal: io.interruption() };
  for await (const row of followEvents(operations, followed)) {
    if (options.json === true) printJsonLine(io, row);
    else printRow(io, row);
  }
}

function printRow(io: Io, { position, at, event }: EventRow): void {
  const rest = "    ";
  const first = `${styled(io, "dim", `${moment(at)}  ${position}`)}  ${styled(io, toneOf(event), event.type)} `;
  paragraph(io, printable(whatText(event)), { first, rest });
  // An id is to be copied: it has a line of its own.
  for (const one of whom(event)) line(io, `${rest}${printable(one)}`);
  if (isMembershipEvent(event) || event.data.values === undefined) return;
  for (const [name, { old, new: now }] of Object.entries(event.data.values)) {
    const was = old === undefined ? "none" : JSON.stringify(old);
    paragraph(io, printable(`${name}: ${was} → ${now === undefined ? "none" : JSON.stringify(now)}`), { first: rest });
  }
}

/** `department, title; version 3` */
function whatText(event: DirectoryEvent): string {
  const { version, caughtUp } = event.data;
  const changed = isMembershipEvent(event) ? "" : event.data.changed.join(", ");
  const told = `version ${version}${caughtUp === true ? ", caught up" : ""}`;
  return changed === "" ? told : `${changed}; ${told}`;
}

function whom(event: DirectoryEvent): string[] {
  if (!isMembershipEvent(event)) return [event.data.subject];
  const { group, member } = event.data;
  return [`Group/${group.id}`, ...(member === undefined ? [] : [`${member.type}/${member.id}`])];
}

function toneOf({ type }: DirectoryEvent): "bold" | "yellow" {
  return /\.(?:suspended|removed|reset)$/.test(type) ? "yellow" : "bold";
}

function nextCommand(operations: Operations, { type, person, most, values }: EventsLsOptions, next: number): string {
  const words = [
    `events ls --after ${next}`,
    ...(type === undefined ? [] : [`--type ${type.join(",")}`]),
    ...(person === undefined ? [] : [`--person ${shellWord(person)}`]),
    ...(most === mostUsual ? [] : [`--most ${most}`]),
    ...(values === true ? ["--values"] : []),
  ];
  return commandFor(operations, words.join(" "));
}
