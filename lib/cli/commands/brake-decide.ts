/** `rollcall brake allow` and `rollcall brake reject` */
import { allow, type Allowed, allowSome, reject, type Rejected, type Watched } from "../../ops/brake/decide.ts";
import { allowedText, type DecisionPlan, planAllow, planReject, rejectedText } from "../../ops/brake/words.ts";
import { brakeStatus } from "../../ops/brake/status.ts";
import type { Operations } from "../../ops/operations.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, note, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { printable } from "../words.ts";
import { type AllowOptions } from "./brake.ts";
import { type AskingOptions, isWanted } from "./dlq.ts";

export function brakeAllow(context: CommandContext) {
  return async (options: AllowOptions): Promise<void> => {
    const { user } = options;
    if (user !== undefined && options.rejected === true)
      throw new UsageError("Name one of --user <who> and --rejected: each says by itself who may leave.");
    await withTarget(options, context.io.settings, async ({ operations }) => {
      const plan = planAllow(await brakeStatus(operations), options);
      const work = async (watched: Watched) => await allowed(operations, options, watched);
      await decide(context, options, plan, "letting go", work, allowedText);
    });
  };
}

async function allowed(o: Operations, { user, rejected }: AllowOptions, watched: Watched): Promise<Allowed> {
  if (user !== undefined) return await allowSome(o, { user }, watched);
  return rejected === true ? await allowSome(o, { cause: "brake-rejected" }, watched) : await allow(o, watched);
}

export function brakeReject(context: CommandContext) {
  return async (options: AskingOptions): Promise<void> => {
    await withTarget(options, context.io.settings, async ({ operations }) => {
      const plan = planReject(await brakeStatus(operations));
      const work = async (watched: Watched) => await reject(operations, watched);
      await decide(context, options, plan, "keeping", work, rejectedText);
    });
  };
}

/** Says what is about to be done, asks, does it with progress, and tells. */
async function decide<T extends Allowed | Rejected>(
  { io, fail }: CommandContext,
  options: AskingOptions,
  { text, people, nothing }: DecisionPlan,
  label: string,
  work: (watched: Watched) => Promise<T>,
  told: (done: T) => string,
): Promise<void> {
  const isUnanswerable = options.yes !== true && io.confirm === undefined;
  const isOver = nothing === true || options.dryRun === true;
  if (options.json !== true) paragraph(io, printable(text));
  else if (isOver || isUnanswerable) printJson(io, { planned: { people } });
  if (isOver) return;
  if (!(await isWanted(io, options, "Go on?"))) return note(io, "Nothing was changed.");
  const done = await watched(io, label, work);
  if (done.stopped) fail();
  if (options.json === true) return printJson(io, { planned: { people }, ...done });
  paragraph(io, told(done));
  const why = done.problem === undefined ? "" : `: ${done.problem}`;
  if (done.stopped) note(io, `Stopped before the end${why}. Run it again to go on.`);
}

async function watched<T>(io: Io, label: string, work: (watched: Watched) => Promise<T>): Promise<T> {
  const running = progress(io, label);
  return await work({ onProgress: running.onProgress, signal: io.interruption() }).finally(() => running.stop());
}
