/** What a resync tells when it is over. */
import { commandFor } from "../../ops/command.ts";
import type { Operations } from "../../ops/operations.ts";
import type { Resynced } from "../../ops/resync/resync.ts";
import { type Io, line, styled } from "../io.ts";
import { paragraph } from "../paragraph.ts";
import { counted, printable } from "../words.ts";

export function resyncedData({ failed, waiting, ...done }: Resynced): object {
  const failedAgain = failed.map(({ type, id, code, parked }) => ({ type, id, code, parked }));
  return { ...done, failedAgain, stillWaiting: waiting };
}

export function printResynced(io: Io, operations: Operations, done: Resynced): void {
  const { applied, failed, overtaken, waiting, problem } = done;
  line(io, styled(io, "green", `${counted(applied, "resource")} applied again.`));
  if (overtaken > 0) line(io, `${overtaken} had a newer change meanwhile, which does the same.`);
  if (failed.length > 0) {
    line(io, styled(io, "red", `${counted(failed.length, "resource")} failed:`));
    for (const [code, all] of Map.groupBy(failed, (one) => one.code)) line(io, `  ${all.length} ${printable(code)}`);
    line(io, `  $ ${commandFor(operations, "dlq ls")}`);
  }
  if (waiting > 0) line(io, `${waiting} marked and not answered yet: the worker does it when it comes to them.`);
  if (problem !== undefined) paragraph(io, styled(io, "red", problemText(operations, problem)));
}

function problemText({ deployment, tenant }: Operations, problem: NonNullable<Resynced["problem"]>): string {
  const isEmbedded = deployment === undefined;
  if (problem === "noLane") return "The queue takes nothing now; the sweeper sends what was marked.";
  if (problem === "noWorker")
    return isEmbedded
      ? "Nobody answers: is `npm start` running?"
      : "The worker answers none of them: `doctor` may tell why.";
  return isEmbedded
    ? `The server that is running has read another tenants/${tenant.name}.json: stop and start \`npm start\`.`
    : `The worker has another mapping than tenants/${tenant.name}.json here: deploy it.`;
}
