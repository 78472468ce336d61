/** `rollcall resync --restored <moment>` */
import { commandFor } from "../../ops/command.ts";
import { lostHere } from "../../ops/doctor/restore.ts";
import type { Operations } from "../../ops/operations.ts";
import { mend, type Mended } from "../../ops/restore/mend.ts";
import { listTokens } from "../../provisioning/token.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, note, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { refuseOtherFile } from "../../ops/other-file.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { counted, moment, printable, whole } from "../words.ts";
import { isWanted } from "./dlq.ts";
import { usualPatienceMs } from "../../ops/worker-answers.ts";
import type { ResyncOptions } from "./resync.ts";

/** It only asks for what is missing, so the question comes before the walk and not after a first one. */
export async function resyncRestored(
  { io, fail }: CommandContext,
  operations: Operations,
  options: ResyncOptions,
): Promise<void> {
  const dryRun = options.dryRun === true;
  const restoredTo = options.restored ?? 0;
  if (!dryRun) {
    refuseOtherFile(operations);
    if (!(await isWanted(io, options, `Bring both tables together, as restored to ${moment(restoredTo)}?`)))
      return note(io, "Nothing was changed.");
  }
  const running = progress(io, "comparing");
  const done = await mend(operations, {
    restoredTo,
    dryRun,
    patienceMs: usualPatienceMs,
    onProgress: running.onProgress,
    signal: io.interruption(),
    ...(options.after === undefined ? {} : { after: options.after }),
  }).finally(() => running.stop());
  if (done.stopped || done.pending + done.waiting + done.failed.length + done.notKept.length > 0) fail();
  if (options.json === true) printJson(io, { ...done, dryRun });
  else await print(io, operations, done, { dryRun, examples: options.examples });
  if (!done.stopped) return;
  const after = done.position === undefined ? "" : ` --after ${done.position}`;
  const words = `resync --restored ${new Date(restoredTo).toISOString()}${after}`;
  note(io, `Stopped before the end. To go on: ${commandFor(operations, words)}`);
}

async function print(
  io: Io,
  operations: Operations,
  done: Mended,
  { dryRun, examples }: { dryRun: boolean; examples: number },
): Promise<void> {
  const { seen, behind, ahead, left, decided, parked, pending, applied, waiting, failed, notKept, problem } = done;
  line(io, styled(io, "bold", `${counted(seen, "resource")} compared`));
  const rows: [number, string][] = [
    [behind, `${dryRun ? "are to be" : "were"} applied once more: the directory is older, or may be`],
    [ahead, `of an older Scim table: their next change ${dryRun ? "will count" : "counts"} again`],
    [left, "  of these had left by then: that is accepted here, too, and they stay out"],
    [decided, "stay as an operator decided"],
    [parked, `are parked, and the directory has more: \`${commandFor(operations, "dlq replay")}\``],
    [pending, "were under way: run this again in a minute"],
    [waiting, "not answered yet: the worker does it when it comes to them"],
    [failed.length, `failed: \`${commandFor(operations, "dlq ls")}\``],
  ];
  for (const [count, text] of rows) if (count > 0) line(io, `  ${whole(count)}  ${text}`);
  if (behind + ahead + pending === 0) line(io, "  Both tables fit.");
  if (applied > 0) line(io, styled(io, "green", `${counted(applied, "resource")} applied.`));
  if (problem !== undefined) {
    const text =
      problem === "noLane"
        ? "The queue takes nothing now; the sweeper sends what was marked."
        : operations.deployment === undefined
          ? "Nobody answers: is `npm start` running?"
          : "The worker answers none of them: `doctor` may tell why.";
    paragraph(io, styled(io, "red", text));
  }
  if (notKept.length > 0) {
    const ids = notKept.slice(0, Math.max(examples, 3)).join(", ");
    const text = `${counted(notKept.length, "group")} (${ids}${notKept.length > Math.max(examples, 3) ? " …" : ""}): changes of that time are not kept any more, so members may be missing until the identity provider sends them again.`;
    paragraph(io, styled(io, "red", text));
  }
  line(io);
  paragraph(io, printable(lostHere(await listTokens(operations.table))));
}
