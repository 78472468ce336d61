/** `rollcall dlq replay` */
import { planReplay, replay, type ReplayPlan, type Replayed } from "../../ops/dlq/replay.ts";
import { withFailedChanges } from "../../ops/dlq/select.ts";
import { byCause } from "../../ops/dlq/causes.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, note } from "../io.ts";
import { printJson } from "../json.ts";
import { progress } from "../progress.ts";
import { withTarget } from "../target.ts";
import { counted } from "../words.ts";
import { asksFirst, type AskingOptions, selectionOf } from "./dlq.ts";

/** A letter is ours for so long: reading, the question and the run itself. After that it may come twice, which is safe. */
export const hiddenSecondsToChange = 900;

export function dlqReplay({ io, fail }: CommandContext) {
  return async (options: AskingOptions): Promise<void> => {
    const ask = asksFirst(io, options);
    await withTarget(options, io.settings, async ({ operations }) => {
      const reading = progress(io, "reading dead letters");
      const look = { hiddenSeconds: hiddenSecondsToChange, onProgress: reading.onProgress };
      await withFailedChanges(operations, selectionOf(options), look, async ({ changes, removed }) => {
        reading.stop();
        const plan = planReplay(changes);
        if (options.json !== true) printPlan(io, plan);
        const toDo = plan.replay.length + plan.superseded.length;
        if (toDo > 0 && !(await ask("Replay them?"))) return note(io, "Nothing was changed.");
        const running = progress(io, "replaying");
        const signal = io.interruption();
        const result = await replay(operations, plan, removed, { onProgress: running.onProgress, signal }).finally(() =>
          running.stop(),
        );
        if (result.stopped) fail();
        if (options.json === true) printJson(io, { planned: plannedOf(plan), ...result });
        else printResult(io, plan, result);
      }).finally(() => reading.stop());
    });
  };
}

function plannedOf({ replay, superseded, unreadable }: ReplayPlan): object {
  return {
    replay: replay.length,
    superseded: superseded.length,
    unreadable: unreadable.length,
    causes: byCause(replay),
  };
}

function printPlan(io: Io, { replay, superseded, unreadable }: ReplayPlan): void {
  line(io, `${counted(replay.length, "change")} to replay`);
  for (const { cause, count } of byCause(replay)) line(io, `  ${count} ${cause}`);
  if (superseded.length > 0) line(io, `${superseded.length} superseded or applied already: only their dead letters go`);
  if (unreadable.length > 0)
    line(io, `${unreadable.length} not ours: they stay; \`dlq drop --cause unreadable-message\` takes them away`);
}

function printResult(io: Io, plan: ReplayPlan, { sent, superseded, stopped, problem }: Replayed): void {
  if (plan.replay.length + plan.superseded.length === 0) return;
  const taken = superseded === 0 ? "" : `; ${counted(superseded, "superseded one")} cleared`;
  line(io, `${counted(sent, "change")} sent to the worker${taken}. \`npx rollcall dlq ls\` shows what fails again.`);
  if (!stopped) return;
  note(io, `Stopped before the end${problem === undefined ? "" : `: ${problem}`}. Run it again to go on.`);
}
