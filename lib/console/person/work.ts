/** What the buttons of a person's page start: it goes on by itself, and tells in a sentence what came of it. */
import { isNothing, otherMappingText, runReplay, type ReplayRun } from "../../ops/dlq/run-replay.ts";
import { type Head, isGivenUp } from "../../provisioning/head.ts";
import type { Operations } from "../../ops/operations.ts";
import type { ReplayPlan } from "../../ops/dlq/replay-plan.ts";
import { refuseOtherFile } from "../../ops/other-file.ts";
import { planOne } from "../../ops/resync/one.ts";
import { resync, type Resynced } from "../../ops/resync/resync.ts";
import { usualPatienceMs } from "../../ops/worker-answers.ts";
import { logged } from "../action-log.ts";
import { notice, type Tone } from "../components.ts";
import type { ConsoleContext } from "../context.ts";
import type { Job } from "../jobs.ts";

interface Result {
  readonly tone: Tone;
  /** For the page. */
  readonly text: string;
  /** For the action log: counts. */
  readonly outcome: string;
}

type Run = (signal: AbortSignal) => Promise<Result>;

/** As `rollcall resync --user <id>` does it. */
export function startApplyAgain(context: ConsoleContext, head: Head): Job {
  return start(context, head, "resync", async (signal) => await applyAgain(context.operations, head, signal));
}

/** As `rollcall dlq replay --user <id>` does it; what was given up is taken up again. */
export function startReplay(context: ConsoleContext, head: Head): Job {
  return start(context, head, "replay", async (signal) => await replayOne(context.operations, head, signal));
}

/** Whatever comes of it stands in the action log. */
function start({ jobs, actions }: ConsoleContext, { type, id }: Head, action: string, run: Run): Job {
  const subject = `${type}/${id}`;
  return jobs.start({
    kind: `person.${action}`,
    title: `${action} of ${subject}`,
    run: async ({ signal }) => {
      const work = async () => await run(signal);
      const { tone, text } = await logged(actions, { action, subject }, work, ({ outcome }) => ({ outcome }));
      return () => notice(tone, text);
    },
  });
}

async function applyAgain(o: Operations, { type, id }: Head, signal: AbortSignal): Promise<Result> {
  refuseOtherFile(o);
  const one = (await planOne(o, id)).find((found) => found.id === id);
  if (one === undefined || one.standing === "deleted")
    return nothingDone("It is deleted: there is nothing to apply again.");
  if (one.standing === "pending")
    return nothingDone("A change is pending: the worker applies it with the mapping of today.");
  if (one.standing !== "settled") return nothingDone("It is parked: replay it once the cause is gone.");
  if (one.forecast !== undefined) {
    return nothingDone(`It would fail: ${one.forecast.message} The entry stays as it is.`, "warn");
  }
  return resyncedResult(await resync(o, [{ type, id }], { patienceMs: usualPatienceMs, signal }), o);
}

function resyncedResult({ applied, failed, overtaken, problem }: Resynced, o: Operations): Result {
  const [failure] = failed;
  if (problem === "otherMapping")
    return { tone: "bad", text: otherMappingText(o), outcome: "the worker has another mapping" };
  if (applied > 0)
    return { tone: "good", text: "It was applied again, with the mapping of today.", outcome: "1 applied" };
  if (overtaken > 0)
    return { tone: "good", text: "Something came meanwhile, which the worker applies.", outcome: "1 overtaken" };
  if (failure !== undefined) return failedResult(failure.code);
  return unanswered(o);
}

async function replayOne(o: Operations, head: Head, signal: AbortSignal): Promise<Result> {
  const selection = { user: head.id, ...(isGivenUp(head) ? { givenUp: true } : {}) };
  let why: string | undefined;
  const isWanted = async (plan: ReplayPlan): Promise<boolean> => {
    why = plan.failing[0]?.forecast.message;
    return !isNothing(plan);
  };
  const run = await runReplay(o, selection, { isWanted, onPhase: () => () => {}, signal: () => signal });
  if (run !== undefined) return replayedResult(run, o);
  if (why === undefined) return nothingDone("Nothing of it is parked any more: nothing was sent.");
  return nothingDone(`It would fail again, so it was not sent: ${why}`, "warn");
}

function replayedResult({ replayed, answers, isOtherMapping }: ReplayRun, o: Operations): Result {
  const { sent, superseded, problem } = replayed;
  const [failure] = answers?.failed ?? [];
  if (problem !== undefined) return { tone: "bad", text: `It was not sent: ${problem}.`, outcome: "stopped" };
  if (isOtherMapping) return { tone: "bad", text: otherMappingText(o), outcome: "the worker has another mapping" };
  if (failure !== undefined) return failedResult(failure.code);
  if ((answers?.applied.length ?? 0) > 0)
    return { tone: "good", text: "It was replayed, and is applied.", outcome: "1 sent, 1 applied" };
  if (sent === 0 && superseded > 0)
    return {
      tone: "good",
      text: "It was overtaken: only its dead letter was left, and is gone.",
      outcome: `${superseded} superseded`,
    };
  return unanswered(o);
}

function nothingDone(text: string, tone: Tone = "info"): Result {
  return { tone, text, outcome: "nothing was done" };
}

function failedResult(code: string): Result {
  return {
    tone: "bad",
    text: `The worker could not apply it: ${code}. Below stands why, and what to do.`,
    outcome: `failed: ${code}`,
  };
}

function unanswered({ deployment }: Operations): Result {
  const is = deployment === undefined ? " Is `npm start` running?" : "";
  return {
    tone: "warn",
    text: `It was sent, and the worker has not answered yet: it goes on by itself.${is}`,
    outcome: "1 sent, not answered yet",
  };
}
