/** `rollcall brake allow` and `rollcall brake reject` */
import { allow, type Allowed, allowSome, reject, type Rejected, type Watched } from "../../ops/brake/decide.ts";
import { type BrakeStatus, brakeStatus } from "../../ops/brake/status.ts";
import type { Operations } from "../../ops/operations.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, note, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { counted, moment, printable } from "../words.ts";
import { type AllowOptions, whom } from "./brake.ts";
import { type AskingOptions, isWanted } from "./dlq.ts";

/** What is about to be done, in words and as data. */
interface Plan {
  readonly text: string;
  readonly people: number;
  readonly nothing?: true;
}

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

function planAllow({ held, rejected, windowMinutes }: BrakeStatus, options: AllowOptions): Plan {
  if (options.user !== undefined)
    return { people: 1, text: `${options.user} may leave; whoever else is held stays so.` };
  const next = `whoever leaves within the next ${windowMinutes} min`;
  if (options.rejected !== true) {
    const text = held.count === 0 ? `Nobody is held. May leave: ${next}.` : `May leave: ${whom(held)}; and ${next}.`;
    return { people: held.count, text };
  }
  return rejected.count === 0
    ? { people: 0, text: "Nobody is kept by an earlier reject.", nothing: true }
    : { people: rejected.count, text: `May leave after all: ${whom(rejected)}.` };
}

function allowedText({ letGo, allowedUntil }: Allowed): string {
  const sent = `${counted(letGo, "leaver")} sent to the worker.`;
  return allowedUntil === undefined ? sent : `${sent} Everybody may leave until ${moment(allowedUntil)}.`;
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

function planReject({ state, held }: BrakeStatus): Plan {
  if (held.count > 0)
    return {
      people: held.count,
      text: `Stay active in the directory, until the identity provider says more: ${whom(held)}. The brake is off then, and counts anew.`,
    };
  return state === "off"
    ? { people: 0, text: "The brake is off, and nobody is held.", nothing: true }
    : { people: 0, text: "Nobody is held: whoever left has left. The brake is off then, and counts anew." };
}

function rejectedText({ kept }: Rejected): string {
  return kept === 0
    ? "The brake is off."
    : `${counted(kept, "leaver")} kept as they were. Now mend it at the identity provider.`;
}

/** Says what is about to be done, asks, does it with progress, and tells. */
async function decide<T extends Allowed | Rejected>(
  { io, fail }: CommandContext,
  options: AskingOptions,
  { text, people, nothing }: Plan,
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
