/** `rollcall doctor` */
import type { Command } from "commander";
import type { Check, CheckState } from "../../ops/doctor/check.ts";
import { type Diagnosis, doctor } from "../../ops/doctor/doctor.ts";
import { common, type CommandContext, type CommonOptions } from "../command-context.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { withTarget } from "../target.ts";
import { counted, moment, printable } from "../words.ts";

export function addDoctorCommand(program: Command, { io, fail }: CommandContext): void {
  common(
    program
      .command("doctor")
      .summary("does provisioning work, since when not, and what to do")
      .description(
        "one page: does provisioning work, since when not, and what to do; exit code 1 when something failed",
      ),
    "doctor --tenant acme",
    "doctor --local --json",
  ).action(async (options: CommonOptions) => {
    await withTarget(options, io.settings, async ({ operations }) => {
      const diagnosis = await doctor(operations);
      if (diagnosis.failures > 0) fail();
      if (options.json === true) return printJson(io, diagnosis);
      print(io, diagnosis);
    });
  });
}

function print(io: Io, diagnosis: Diagnosis): void {
  const { tenant, at, checks } = diagnosis;
  line(io, `${styled(io, "bold", tenant)}, ${moment(at)}: ${verdictText(diagnosis)}`);
  line(io);
  for (const check of checks) printCheck(io, check);
}

/** `all is well`; `1 failure, 2 warnings` */
export function verdictText({ failures, warnings }: Pick<Diagnosis, "failures" | "warnings">): string {
  if (failures + warnings === 0) return "all is well";
  return [failures > 0 ? counted(failures, "failure") : "", warnings > 0 ? counted(warnings, "warning") : ""]
    .filter((text) => text !== "")
    .join(", ");
}

const marks: Readonly<
  Record<CheckState, { readonly word: string; readonly style: "red" | "yellow" | "green" | "dim" }>
> = {
  failure: { word: "FAILED", style: "red" },
  warning: { word: "warning", style: "yellow" },
  unknown: { word: "unknown", style: "yellow" },
  ok: { word: "ok", style: "green" },
  skipped: { word: "-", style: "dim" },
};

const wordWidth = 9;
const nameWidth = 16;

function printCheck(io: Io, { name, state, summary, details = [], since, action, command }: Check): void {
  const { word, style } = marks[state];
  const rest = " ".repeat(wordWidth + nameWidth);
  const begun = since === undefined || state === "ok" ? "" : ` Since ${moment(since)}.`;
  const first = `${styled(io, style, word.padEnd(wordWidth))}${name.padEnd(nameWidth)}`;
  paragraph(io, `${printable(summary)}${begun}`, { first, rest });
  for (const detail of details) paragraph(io, printable(detail), { first: `${rest}· `, rest: `${rest}  ` });
  if (action !== undefined) paragraph(io, printable(action), { first: `${rest}→ `, rest: `${rest}  ` });
  // On a line of its own and never wrapped, so that it can be copied.
  if (command !== undefined) line(io, `${rest}  ${styled(io, "bold", printable(command))}`);
}
