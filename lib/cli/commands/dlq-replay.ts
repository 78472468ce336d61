/** `rollcall dlq replay` */
import { commandFor } from "../../ops/command.ts";
import { byCause } from "../../ops/dlq/causes.ts";
import { failingGroups, type ReplayPlan } from "../../ops/dlq/replay-plan.ts";
import type { Replayed } from "../../ops/dlq/replay.ts";
import { isNothing, otherMappingText, type ReplayPhase, type ReplayRun, runReplay } from "../../ops/dlq/run-replay.ts";
import type { Operations } from "../../ops/operations.ts";
import type { Answers } from "../../ops/worker-answers.ts";
import { defined } from "../../provisioning/head.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, note, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { type Progress, progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { counted, printable } from "../words.ts";
import { noteOtherFile } from "../other-file.ts";
import { type AskingOptions, asUsage, isWanted, selectionOf, type SelectionOptions } from "./dlq.ts";

export interface ReplayOptions extends SelectionOptions, AskingOptions {
  readonly evenFailing?: boolean;
  readonly wait?: boolean;
}

export function dlqReplay(context: CommandContext) {
  return async (options: ReplayOptions): Promise<void> => {
    await withTarget(options, context.io.settings, async ({ operations }) => {
      await replaySelected(context, operations, options);
    });
  };
}

/** Plan, question, run, the worker's answers. */
export async function replaySelected(
  { io, fail }: CommandContext,
  operations: Operations,
  options: ReplayOptions,
): Promise<void> {
  const { evenFailing, wait } = options;
  let bar: Progress | undefined;
  const during = {
    ...defined({ evenFailing, waits: wait }),
    onPhase: (phase: ReplayPhase) => {
      bar?.stop();
      bar = progress(io, labels[phase]);
      return bar.onProgress;
    },
    isWanted: async (plan: ReplayPlan) => {
      bar?.stop();
      if (options.json !== true) noteOtherFile(io, operations, "what would fail is asked of the one here");
      return await isToRun(io, plan, options);
    },
    signal: () => io.interruption(),
  };
  const done = await asUsage(async () => await runReplay(operations, selectionOf(options), during)).finally(() =>
    bar?.stop(),
  );
  if (done === undefined) return;
  const { replayed, answers } = done;
  if (replayed.stopped || (answers !== undefined && answers.applied.length < replayed.sent)) fail();
  if (options.json === true) printJson(io, asData(done));
  else printResult(io, operations, replayed, answers);
  if (done.isOtherMapping) paragraph(io, styled(io, "red", otherMappingText(operations)));
}

const labels: Readonly<Record<ReplayPhase, string>> = {
  reading: "reading dead letters",
  sending: "replaying",
  answering: "answered by the worker",
};

/** Shows the plan, and asks if there is something to ask. Errors: UsageError when nobody is there. */
async function isToRun(io: Io, plan: ReplayPlan, options: ReplayOptions): Promise<boolean> {
  const isUnanswerable = options.yes !== true && io.confirm === undefined;
  if (options.json !== true) printPlan(io, plan);
  else if (isNothing(plan) || options.dryRun === true || isUnanswerable) printJson(io, { planned: plannedOf(plan) });
  if (isNothing(plan) || options.dryRun === true) return false;
  if (await isWanted(io, options, "Replay them?")) return true;
  note(io, "Nothing was changed.");
  return false;
}

function plannedOf({ replay: all, failing, superseded, unreadable }: ReplayPlan): object {
  return {
    replay: all.length,
    causes: byCause(all).map(({ cause, count }) => ({ cause, count })),
    failing: { count: failing.length, reasons: failingGroups(failing) },
    superseded: superseded.length,
    unreadable: unreadable.length,
  };
}

function asData({ plan, replayed, answers }: ReplayRun): object {
  const { sent, superseded, unreadable, stopped, problem } = replayed;
  const told = { planned: plannedOf(plan), sent, superseded, unreadable, stopped, problem };
  if (answers === undefined) return told;
  const { applied, failed, waiting } = answers;
  const failedAgain = failed.map(({ type, id, code, parked }) => ({ type, id, code, parked }));
  return { ...told, applied: applied.length, failedAgain, stillWaiting: waiting.length };
}

const item = { first: "  ", rest: "    " };

function printPlan(io: Io, { replay: all, failing, superseded, unreadable }: ReplayPlan): void {
  line(io, `${counted(all.length, "change")} to replay`);
  for (const { cause, count } of byCause(all)) line(io, `  ${count} ${printable(cause)}`);
  if (failing.length > 0) {
    line(io, styled(io, "yellow", `${counted(failing.length, "change")} would fail again and stay where they are`));
    for (const { count, message, examples } of failingGroups(failing)) {
      paragraph(
        io,
        `${count.toLocaleString("en")} ${printable(message)} (${printable(examplesText(examples, count))})`,
        item,
      );
    }
    line(io, "  --even-failing sends them too.");
  }
  if (superseded.length > 0) line(io, `${superseded.length} superseded: only their dead letters go`);
  if (unreadable.length > 0) {
    const text = `${unreadable.length} not ours: they stay; \`dlq drop --cause unreadable-message\` takes them away`;
    paragraph(io, text, { rest: "  " });
  }
}

function examplesText(examples: readonly string[], count: number): string {
  const more = count - examples.length;
  return `${examples.join(", ")}${more > 0 ? ` and ${more.toLocaleString("en")} more` : ""}`;
}

function printResult(io: Io, operations: Operations, replayed: Replayed, answers: Answers | undefined): void {
  const { sent, superseded, stopped, problem } = replayed;
  const cleared = superseded === 0 ? "" : `; ${counted(superseded, "superseded one")} cleared`;
  if (answers === undefined) line(io, `${counted(sent, "change")} sent to the worker${cleared}.`);
  else printAnswers(io, operations, answers, cleared);
  if (!stopped) return;
  note(io, `Stopped before the end${problem === undefined ? "" : `: ${problem}`}. Run it again to go on.`);
}

function printAnswers(io: Io, operations: Operations, { applied, failed, waiting }: Answers, cleared: string): void {
  line(io, styled(io, "green", `${counted(applied.length, "change")} applied${cleared}.`));
  if (failed.length > 0) {
    line(io, styled(io, "red", `${counted(failed.length, "change")} failed again:`));
    for (const [code, all] of Map.groupBy(failed, (one) => one.code)) {
      const retried = all.filter((one) => !one.parked).length;
      line(io, `  ${all.length} ${printable(code)}${retried === 0 ? "" : `, ${retried} tried again by itself`}`);
    }
    line(io, `  $ ${commandFor(operations, "dlq show")}`);
  }
  if (waiting.length === 0) return;
  const nobody = `${counted(waiting.length, "change")} not answered yet: the worker has the pointers and goes on by itself.`;
  const cure = operations.deployment === undefined ? "Is `npm start` running?" : "";
  paragraph(io, `${nobody} ${cure}`.trim());
}
