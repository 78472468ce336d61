/** Replay: begins it as a job, and says what came of it. What it does is what `dlq replay` does. */
import type { ReplayPlan } from "../../ops/dlq/replay-plan.ts";
import { isNothing, otherMappingText, type ReplayPhase, type ReplayRun, runReplay } from "../../ops/dlq/run-replay.ts";
import type { Selection } from "../../ops/dlq/select.ts";
import type { OnProgress, Operations } from "../../ops/operations.ts";
import type { Answers } from "../../ops/worker-answers.ts";
import { counted, whole } from "../../ops/words.ts";
import { causeAddress } from "../addresses.ts";
import { facts, notice, section, table } from "../components.ts";
import type { ConsoleContext } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import type { Summary } from "../jobs.ts";
import { failingTable } from "./plan-part.ts";
import { tally } from "./run-page.ts";
import type { RunResult, RunWork } from "./runs.ts";

const phases: Readonly<Record<ReplayPhase, string>> = {
  reading: "Reading dead letters",
  sending: "Sent to the worker",
  answering: "Answered by the worker",
};

export interface ReplayAsked {
  readonly selection: Selection;
  readonly evenFailing: boolean;
  readonly title: string;
  /** For the action log. */
  readonly subject: string;
}

export function replayRun({ operations: o }: ConsoleContext, asked: ReplayAsked): RunWork {
  const { selection, evenFailing, title, subject } = asked;
  const run: RunWork["run"] = async ({ onProgress, signal }) => {
    let planned: ReplayPlan | undefined;
    const done = await runReplay(o, selection, {
      evenFailing,
      signal: () => signal,
      onPhase: (phase) => inPhase(phase, onProgress),
      isWanted: async (plan) => {
        planned = plan;
        return !isNothing(plan);
      },
    });
    return done === undefined ? nothingSent(planned) : resultOf(o, done);
  };
  return { kind: "replay", title, subject, run };
}

function inPhase(phase: ReplayPhase, onProgress: OnProgress): OnProgress {
  const tell: OnProgress = (done, total) => onProgress(done, total, phases[phase]);
  tell(0, 0);
  return tell;
}

function nothingSent(plan: ReplayPlan | undefined): RunResult {
  const failing = plan?.failing ?? [];
  const why =
    failing.length === 0
      ? "There is nothing to replay any more."
      : `Nothing was sent: ${counted(failing.length, "change")} would fail again.`;
  return {
    summary: remembered(html`${notice(failing.length === 0 ? "info" : "warn", why)} ${leftPart(plan)}`),
    outcome: tally([[failing.length, "would fail again"]]),
  };
}

function resultOf(o: Operations, done: ReplayRun): RunResult {
  const { plan, replayed, answers = { applied: [], failed: [], waiting: [] }, isOtherMapping } = done;
  const { sent, superseded, stopped } = replayed;
  const [applied, failed, waiting] = [answers.applied.length, answers.failed.length, answers.waiting.length];
  return {
    outcome: tally([
      [sent, "sent"],
      [applied, "applied"],
      [failed, "failed again"],
      [waiting, "not answered yet"],
      [superseded, "superseded"],
      [plan.failing.length, "would fail again"],
      [stopped ? 1 : 0, "stop"],
    ]),
    summary: remembered(
      html`${headline(done, answers)}
      ${countsPart([
        ["Sent to the worker", sent],
        ["Applied", applied],
        ["Failed again", failed],
        ["Not answered yet", waiting],
        ["Superseded: only the letter went", superseded],
      ])}
      ${failedPart(answers)} ${waiting === 0 ? nothing : waitingPart(o, waiting, stopped)}
      ${isOtherMapping ? notice("bad", otherMappingText(o)) : nothing} ${leftPart(plan)}`,
    ),
  };
}

/** It has no values and no times. Made at once: the plan and the answers, of thousands, are not to stay in memory with it. */
function remembered(shown: Html): Summary {
  return () => shown;
}

function countsPart(counts: readonly (readonly [name: string, count: number])[]): Html {
  return facts(counts.flatMap(([name, count]) => (count === 0 ? [] : [[name, whole(count)] as const])));
}

function headline({ replayed: { sent, stopped, problem } }: ReplayRun, { applied, failed }: Answers): Html {
  if (stopped) {
    const why = problem === undefined ? "" : `: ${problem}`;
    return notice("warn", `Stopped before the end${why}. The rest waits as before: replay again to go on.`);
  }
  if (failed.length > 0) {
    const done = applied.length === 0 ? "" : `${counted(applied.length, "change")} applied; `;
    return notice("bad", `${done}${counted(failed.length, "change")} failed again.`);
  }
  if (applied.length === sent) return notice("good", `Done: ${counted(applied.length, "change")} applied.`);
  return notice("warn", `${whole(applied.length)} of ${counted(sent, "change")} applied so far.`);
}

function failedPart({ failed }: Answers): Html {
  if (failed.length === 0) return nothing;
  const rows = [...Map.groupBy(failed, ({ code }) => code)].map(([code, all]) => {
    const retried = all.filter(({ parked }) => !parked).length;
    const href = causeAddress(code);
    return { href, cells: [html`<a href="${href}">${code}</a>`, whole(all.length), whole(retried)] };
  });
  const columns = [
    { title: "Cause" },
    { title: "Changes", isNumber: true },
    { title: "Tried again by itself", isNumber: true },
  ];
  return section("Failed again", table("What failed again, by cause", columns, rows));
}

function waitingPart({ deployment }: Operations, waiting: number, stopped: boolean): Html {
  const cure = deployment === undefined && !stopped ? " Is `npm start` running?" : "";
  const text = `${counted(waiting, "change")} not answered yet: the worker has the pointers and goes on by itself.${cure}`;
  return notice("warn", text);
}

/** What was left where it was. */
function leftPart(plan: ReplayPlan | undefined): Html {
  if (plan === undefined) return nothing;
  const { failing, unreadable } = plan;
  const groups = failing.length === 0 ? nothing : section("Would fail again, and were left", failingTable(failing));
  const foreign =
    unreadable.length === 0
      ? nothing
      : notice(
          "info",
          html`${counted(unreadable.length, "message")} that ${unreadable.length === 1 ? "is" : "are"} none of ours
            stayed in the dead-letter queues: <a href="/failed/unreadable-message">what they are</a>.`,
        );
  return html`${groups} ${foreign}`;
}
