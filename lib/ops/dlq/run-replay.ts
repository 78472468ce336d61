/** A replay from its plan to the worker's answers, whoever asks for it: the command, or a button of the console. */
import type { OnProgress, Operations } from "../operations.ts";
import { type Answers, usualPatienceMs, workerAnswers } from "../worker-answers.ts";
import { forecaster } from "./forecast.ts";
import { planReplay, type ReplayPlan } from "./replay-plan.ts";
import { replay, type Replayed } from "./replay.ts";
import { hiddenSecondsToChange, type Selection, withFailedChanges } from "./select.ts";

export interface ReplayRun {
  readonly plan: ReplayPlan;
  readonly replayed: Replayed;
  /** Absent: nobody waited for them. */
  readonly answers?: Answers;
  /** The worker refused what the mapping here can carry: it runs another one. */
  readonly isOtherMapping: boolean;
}

export type ReplayPhase = "reading" | "sending" | "answering";

export interface ReplayOptions {
  /** Those too that the mapping here would refuse again. */
  readonly evenFailing?: boolean;
  /** False: the worker's answers are not waited for. */
  readonly waits?: boolean;
  /** After the plan is made: whether it is carried out. */
  readonly isWanted: (plan: ReplayPlan) => Promise<boolean>;
  /** As each begins: who is told how far it is. */
  readonly onPhase: (phase: ReplayPhase) => OnProgress;
  /** Asked for when sending begins. Stopped at any moment, it may be run again. */
  readonly signal: () => AbortSignal;
}

/**
 * Undefined: it was not wanted, and nothing was done.
 *
 * Errors: OperationError for somebody whom nobody knows; UnknownCauseError; TableError, LaneError.
 */
export async function runReplay(
  o: Operations,
  selection: Selection,
  options: ReplayOptions,
): Promise<ReplayRun | undefined> {
  const done = await planAndSend(o, selection, options);
  if (done === undefined) return undefined;
  if (options.waits === false) return { ...done, isOtherMapping: false };
  const answers = await workerAnswers(o, done.replayed.pending, {
    patienceMs: usualPatienceMs,
    onProgress: options.onPhase("answering"),
    signal: options.signal(),
  });
  // The mapping here was asked before they were sent.
  const isOtherMapping = options.evenFailing !== true && answers.failed.some(({ code }) => isOfMapping(code));
  return { ...done, answers, isOtherMapping };
}

async function planAndSend(
  o: Operations,
  selection: Selection,
  { evenFailing, isWanted, onPhase, signal }: ReplayOptions,
): Promise<{ plan: ReplayPlan; replayed: Replayed } | undefined> {
  const look = { hiddenSeconds: hiddenSecondsToChange, onProgress: onPhase("reading") };
  return await withFailedChanges(o, selection, look, async ({ changes, removed }) => {
    const plan = planReplay(changes, {
      takesUp: selection.givenUp === true,
      ...(evenFailing === true ? {} : { forecast: await forecaster(o) }),
    });
    if (!(await isWanted(plan))) return undefined;
    const during = { onProgress: onPhase("sending"), signal: signal() };
    return { plan, replayed: await replay(o, plan, removed, during) };
  });
}

function isOfMapping(code: string): boolean {
  return code.startsWith("mapping-") || code === "entry-too-large";
}

/** Nothing of it is to be sent, or taken away. */
export function isNothing({ replay: all, superseded }: ReplayPlan): boolean {
  return all.length + superseded.length === 0;
}

export function otherMappingText({ deployment, tenant }: Pick<Operations, "deployment" | "tenant">): string {
  const how = deployment === undefined ? "stop and start `npm start`" : `\`npm run deploy -- ${tenant.name}\``;
  return `The worker runs another mapping than tenants/${tenant.name}.json here, which can carry them: ${how}, then replay.`;
}
