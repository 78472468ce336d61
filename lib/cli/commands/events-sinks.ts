/** `rollcall events status|secret|replay|send-test` */
import type { Command } from "commander";
import { commandFor } from "../../ops/command.ts";
import { type RunReplay, type SinkReplayPlan, withSinkReplay } from "../../ops/events/replay.ts";
import { sendTest } from "../../ops/events/send-test.ts";
import { eventsStatus, type SecretAction, sinkSecrets, type SinkStatus } from "../../ops/events/sinks.ts";
import { type CommandContext, common, type CommonOptions } from "../command-context.ts";
import { commandGroup } from "../command-group.ts";
import { type Io, line, note, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { age, counted } from "../words.ts";
import { asking, type AskingOptions, isWanted } from "./dlq.ts";

export function addEventsSinks(events: Command, context: CommandContext): void {
  const { io, fail } = context;
  common(
    events.command("status").description("the feed's end; of each sink what waits, what is parked, its last answer"),
    "events status --tenant acme",
  ).action(async (options: CommonOptions) => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const status = await eventsStatus(operations);
      if (options.json === true) return printJson(io, status);
      line(io, `The feed ends at position ${status.feedEnd}.`);
      if (status.sinks.length === 0) return line(io, "There is no sink: applications read the feed.");
      const now = operations.clock.now();
      const rows = status.sinks.map((sink) => rowOf(sink, now));
      printTable(io, ["sink", "waiting", "parked", "last taken", "last answer"], rows, ["waiting", "parked"]);
      for (const { name, parked = 0 } of status.sinks) {
        if (parked > 0) line(io, `  $ ${commandFor(operations, `events replay ${name}`)}`);
      }
    });
  });

  const secret = commandGroup(events, "secret", "what signs the requests to a webhook: show, rotate, retire");
  addSecret(secret, context, "show", "the live secrets, the newest first; the first one is made if there is none");
  addSecret(secret, context, "rotate", "a new secret beside the one of now: both sign until the former one is retired");
  addSecret(secret, context, "retire", "ends the former secret: the newest one alone signs");

  asking(
    common(
      events
        .command("replay")
        .argument("<sink>", "as the tenant file names it; bus: the stack's bus")
        .description("what a sink did not take goes to its queue again: shows the plan, asks"),
      "events replay app --tenant acme",
      "events replay app --local --yes",
    ),
  ).action(async (sink: string, options: AskingOptions) => await replay(context, sink, options));

  common(
    events
      .command("send-test")
      .argument("<sink>", "as the tenant file names it; bus: the stack's bus")
      .description("sends an event of type rollcall.test at once, and tells the answer"),
    "events send-test app --tenant acme",
  ).action(async (sink: string, options: CommonOptions) => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const { id, result } = await sendTest(operations, sink);
      if (!result.isTaken) fail();
      if (options.json === true) return printJson(io, { id, ...result });
      const status = result.status === undefined ? "" : ` (${result.status})`;
      if (result.isTaken) return line(io, styled(io, "green", `${sink} took ${id}${status}.`));
      paragraph(io, styled(io, "red", `${sink} did not take it: ${result.reason}.`));
    });
  });
}

function rowOf({ name, waiting, parked, takenAt, last }: SinkStatus, now: number): string[] {
  const answer = last === undefined ? "none yet" : `${last.outcome}, ${age(now - last.at)} ago`;
  const why = last?.reason === undefined ? "" : `: ${last.reason}`;
  const number = (value: number | undefined) => (value === undefined ? "not there" : String(value));
  const taken = takenAt === undefined ? "never" : `${age(now - takenAt)} ago`;
  return [name, number(waiting), number(parked), taken, `${answer}${why}`];
}

function addSecret(secret: Command, { io }: CommandContext, action: SecretAction, description: string): void {
  common(
    secret.command(action).argument("<sink>", "as the tenant file names the webhook").description(description),
    `events secret ${action} app --tenant acme`,
  ).action(async (sink: string, options: CommonOptions) => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const secrets = await sinkSecrets(operations, sink, action);
      if (options.json === true) return printJson(io, { sink, secrets });
      for (const one of secrets) line(io, one);
      if (secrets.length === 1) return;
      paragraph({ ...io, stdout: io.stderr }, "Both sign. When the receiver knows the first one, end the other:");
      note(io, `  $ ${commandFor(operations, `events secret retire ${sink}`)}`);
    });
  });
}

async function replay({ io, fail }: CommandContext, sink: string, options: AskingOptions): Promise<void> {
  await withTarget(options, io.settings, async ({ operations }) => {
    const reading = progress(io, "reading dead letters");
    const use = async (plan: SinkReplayPlan, run: RunReplay) => {
      reading.stop();
      if (!(await isToRun(io, plan, options))) return;
      const running = progress(io, "replaying");
      const replayed = await run({ onProgress: running.onProgress, signal: io.interruption() }).finally(() =>
        running.stop(),
      );
      if (replayed.stopped) fail();
      if (options.json === true) return printJson(io, { planned: plannedOf(plan), ...replayed });
      line(io, `${counted(replayed.sent, "event")} sent to ${sink} again.`);
      if (!replayed.stopped) return;
      note(
        io,
        `Stopped before the end${replayed.problem === undefined ? "" : `: ${replayed.problem}`}. Run it again to go on.`,
      );
    };
    await withSinkReplay(operations, sink, reading.onProgress, use).finally(() => reading.stop());
  });
}

async function isToRun(io: Io, plan: SinkReplayPlan, options: AskingOptions): Promise<boolean> {
  const isNothing = plan.replay.length + plan.gone.length === 0;
  const isUnanswerable = options.yes !== true && io.confirm === undefined;
  if (options.json !== true) printPlan(io, plan);
  else if (isNothing || options.dryRun === true || isUnanswerable) printJson(io, { planned: plannedOf(plan) });
  if (isNothing || options.dryRun === true) return false;
  if (await isWanted(io, options, "Replay them?")) return true;
  note(io, "Nothing was changed.");
  return false;
}

function plannedOf({ replay: all, gone, newer, unreadable }: SinkReplayPlan): object {
  return { replay: all.length, gone: gone.length, newer, unreadable };
}

function printPlan(io: Io, { replay: all, gone, newer, unreadable }: SinkReplayPlan): void {
  line(io, `${counted(all.length, "event")} to replay`);
  if (gone.length > 0) line(io, `${gone.length} that the feed does not have any more: only their dead letters go`);
  if (newer > 0) line(io, `${newer} of a later release: they stay until it is deployed again`);
  if (unreadable > 0) line(io, `${unreadable} not ours: they stay`);
}
