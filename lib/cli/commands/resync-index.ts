/** `rollcall resync --reindex` */
import { commandFor } from "../../ops/command.ts";
import type { Operations } from "../../ops/operations.ts";
import { reindex, type Reindexed } from "../../ops/resync/reindex.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, note, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { counted, printable } from "../words.ts";
import { isWanted } from "./dlq.ts";
import type { ResyncOptions } from "./resync.ts";
import { refuseOtherFile } from "../../ops/other-file.ts";

/** It only adds what is missing, so the question comes before the walk and not after a first one. */
export async function reindexAll(
  { io, fail }: CommandContext,
  operations: Operations,
  options: ResyncOptions,
): Promise<void> {
  const dryRun = options.dryRun === true;
  if (!dryRun) {
    refuseOtherFile(operations);
    if (!(await isWanted(io, options, "Make all resources findable as the tenant file says?")))
      return note(io, "Nothing was changed.");
  }
  const running = progress(io, "indexing");
  const done = await reindex(operations, {
    dryRun,
    onProgress: running.onProgress,
    signal: io.interruption(),
    ...(options.after === undefined ? {} : { after: options.after }),
  }).finally(() => running.stop());
  if (done.stopped || done.conflicts.length > 0) fail();
  if (options.json === true) printJson(io, { ...done, dryRun });
  else print(io, done, dryRun, options.examples);
  if (!done.stopped) return;
  const after = done.position === undefined ? "" : ` --after ${done.position}`;
  note(io, `Stopped before the end. To go on: ${commandFor(operations, `resync --reindex${after}`)}`);
}

function print(io: Io, done: Reindexed, dryRun: boolean, examplesMost: number): void {
  const { seen, lookups, claims, overtaken, tooMany, conflicts } = done;
  line(io, styled(io, "bold", `${counted(seen, "resource")} looked at`));
  const verb = dryRun ? "missing" : "added";
  line(io, `  ${counted(lookups, "lookup")} and ${counted(claims, "unique value")} ${verb}`);
  if (overtaken > 0) line(io, `  ${overtaken} had a newer change meanwhile, which has added its own`);
  if (tooMany > 0) line(io, `  ${tooMany} with more values than can be searched: nothing of these was added`);
  if (conflicts.length === 0) return;
  line(io);
  line(io, styled(io, "red", `${counted(conflicts.length, "value")} that two resources have: the holder keeps it`));
  for (const { type, attribute, value, holder, other } of conflicts.slice(0, Math.max(examplesMost, 20))) {
    const text = `${type} ${attribute} "${value}": ${holder} has it, ${other.name ?? other.id} (${other.id}) too`;
    paragraph(io, printable(text), { first: "  ", rest: "    " });
  }
  if (conflicts.length > Math.max(examplesMost, 20)) line(io, "  … --json lists all of them");
}
