/** `rollcall brake status` */
import { type BrakeStatus, brakeStatus } from "../../ops/brake/status.ts";
import { decisionText, mayLeaveText, stateText, whom } from "../../ops/brake/words.ts";
import { commandFor } from "../../ops/command.ts";
import type { Operations } from "../../ops/operations.ts";
import type { CommandContext, CommonOptions } from "../command-context.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { field } from "../paragraph.ts";
import { withTarget } from "../target.ts";
import { age, moment, printable } from "../words.ts";

export function brakeStatusCommand({ io }: CommandContext) {
  return async (options: CommonOptions): Promise<void> => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const status = await brakeStatus(operations);
      if (options.json === true) return printJson(io, status);
      print(io, operations, status);
      printWays(io, operations, status);
    });
  };
}

const nameWidth = 13;
const colours = { good: "green", warn: "yellow", bad: "red" } as const;

function print(io: Io, o: Operations, status: BrakeStatus): void {
  const now = o.clock.now();
  const { brake } = o.tenant.leavers;
  const { trip, held, rejected, decision, windowMinutes } = status;
  const row = (name: string, text: string) => field(io, name, text, nameWidth);
  line(io, styled(io, "bold", `Brake of ${printable(o.tenant.name)}`));
  const { tone, text } = stateText(status);
  row("state", styled(io, colours[tone], text));
  if (trip !== undefined) {
    const why = `${trip.count} left within ${windowMinutes} min, ${trip.threshold} may`;
    row("tripped", `${age(now - trip.at)} ago (${moment(trip.at)}): ${why}`);
  }
  row("have left", `${status.left} within the last ${windowMinutes} min`);
  row("may leave", mayLeaveText(status, brake));
  row("held", held.count === 0 ? "nobody" : styled(io, "red", printable(whom(held))));
  if (rejected.count > 0) row("kept", `${printable(whom(rejected))}, by a reject`);
  if (decision !== undefined) row("last decision", decisionText(decision, now));
}

function printWays(io: Io, o: Operations, { state, held }: BrakeStatus): void {
  if (state === "off" && held.count === 0) return;
  const way = (text: string, words: string) => {
    line(io, text);
    line(io, `  $ ${commandFor(o, words)}`);
  };
  line(io);
  if (held.count === 0) return way("You have seen it, and it was meant:", "brake allow");
  way("They are to leave:", "brake allow");
  way("Only one of them is:", "brake allow --user <who>");
  way("It was a mistake at the identity provider:", "brake reject");
}
