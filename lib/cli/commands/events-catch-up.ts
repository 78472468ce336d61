/** `rollcall events catch-up` */
import type { Command } from "commander";
import { catchUpByHand, type CaughtUpByHand } from "../../ops/events/catch-up.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, note } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { checkPosition } from "../position.ts";
import { progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { counted } from "../words.ts";

interface CatchUpOptions extends CommonOptions {
  readonly after?: string;
}

export function addEventsCatchUp(events: Command, { io, fail }: CommandContext): void {
  common(
    events
      .command("catch-up")
      .summary("tell from the table what was never told")
      .description(
        "look at everybody, and tell the application from the table what the stream has lost: the publisher does the same by itself within a day",
      ),
    "events catch-up --tenant acme",
    "events catch-up --local --json",
  )
    .option("--after <position>", "go on where a run was stopped")
    .action(async (options: CatchUpOptions) => {
      const { after } = options;
      checkPosition(after, "typeAndId");
      await withTarget(options, io.settings, async ({ operations }) => {
        const running = progress(io, "looking");
        const done = await catchUpByHand(operations, {
          ...(after === undefined ? {} : { after }),
          onProgress: running.onProgress,
          signal: io.interruption(),
        }).finally(() => running.stop());
        const sinks = Object.keys(operations.events?.queues ?? {});
        const isNothingQueued = sinks.length > 0 && done.unqueued.length === sinks.length;
        if (done.stopped || done.left > 0 || isNothingQueued) fail();
        if (options.json === true) printJson(io, done);
        else print(io, operations.tenant.name, done);
      });
    });
}

function print(io: Io, tenant: string, { seen, events, left, stopped, position, unqueued }: CaughtUpByHand): void {
  const told = events === 0 ? "nothing was left to tell" : `${counted(events, "event")} told`;
  line(io, `${tenant}: ${counted(seen, "resource")} looked at, ${told}.`);
  for (const { sink, problem } of unqueued)
    paragraph(
      io,
      `The queue of the sink "${sink}" did not take everything (${problem}). What was told is in the feed; the publisher sends it the rest with the next change, or within the hour.`,
    );
  if (stopped) {
    note(
      io,
      `Stopped before the end. ${position === undefined ? "Run it again." : `\`--after ${position}\` goes on behind it.`}`,
    );
    return;
  }
  if (left > 0)
    paragraph(
      io,
      `${counted(left, "subject")} could not be told to the end: changed all the time, or an item that this release cannot read. The publisher tries again each hour, and its log names them.`,
    );
}
