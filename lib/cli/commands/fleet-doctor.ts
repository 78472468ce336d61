/** `rollcall fleet doctor` */
import { doctor } from "../../ops/doctor/doctor.ts";
import { diagnoseFleet, type FleetDiagnosis, worstFinding } from "../../ops/fleet/diagnose.ts";
import { rowsOf } from "../../ops/fleet/rows.ts";
import type { CommandContext } from "../command-context.ts";
import { fleetFiles } from "../fleet/files.ts";
import { withFleet } from "../fleet/sight.ts";
import { type Io, line, note, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { sentence } from "../sentence.ts";
import { withTarget } from "../target.ts";
import { counted, moment, printable } from "../words.ts";
import { verdictText } from "./doctor.ts";

export function fleetDoctor({ io, fail }: CommandContext) {
  return async (options: { json?: boolean }): Promise<void> => {
    const files = fleetFiles(io.settings.tenantsDir);
    const rows = await withFleet(io, files, async (sight) => await rowsOf(sight, files));
    const deployed = rows.filter(({ baseUrl }) => baseUrl !== undefined).map(({ tenant }) => tenant);
    const { onProgress, stop } = progress(io, "examining");
    const found = await diagnoseFleet(deployed, {
      diagnose: async (tenant) => await withTarget({ tenant }, io.settings, ({ operations }) => doctor(operations)),
      sentence,
      onProgress,
      signal: io.interruption(),
    }).finally(stop);
    const unseen = rows.flatMap(({ tenant, problem }) => (problem === undefined ? [] : [{ tenant, problem }]));
    const all = { ...found, problems: [...unseen, ...found.problems] };
    const notDeployed = rows.filter(({ baseUrl, problem }) => baseUrl === undefined && problem === undefined);
    if (all.diagnoses.some(({ failures }) => failures > 0) || all.problems.length + all.notAsked.length > 0) fail();
    const names = notDeployed.map(({ tenant }) => tenant);
    if (options.json === true) printJson(io, { ...all, notDeployed: names });
    else print(io, all, names);
  };
}

const behind = { first: "  ", rest: "    " };

function print(io: Io, { diagnoses, problems, notAsked }: FleetDiagnosis, notDeployed: readonly string[]): void {
  for (const { tenant, problem } of problems) {
    line(io, `${styled(io, "bold", tenant)}: ${styled(io, "yellow", "could not be examined")}`);
    paragraph(io, printable(problem), behind);
  }
  for (const diagnosis of diagnoses) {
    const { tenant, failures, warnings } = diagnosis;
    const style = failures > 0 ? "red" : warnings > 0 ? "yellow" : "green";
    line(io, `${styled(io, "bold", tenant)}: ${styled(io, style, verdictText(diagnosis))}`);
    const worst = worstFinding(diagnosis);
    if (worst === undefined) continue;
    const since = worst.since === undefined ? "" : ` Since ${moment(worst.since)}.`;
    paragraph(io, `${worst.name}: ${printable(worst.summary)}${since}`, behind);
    // On a line of its own and never wrapped, so that it can be copied.
    line(io, `    ${styled(io, "bold", `npx rollcall doctor --tenant ${tenant}`)}`);
  }
  if (diagnoses.length + problems.length + notAsked.length === 0) line(io, "No tenant is deployed.");
  else if (notDeployed.length > 0) paragraph(io, `Not deployed: ${notDeployed.join(", ")}`, { rest: "  " });
  if (notAsked.length > 0) note(io, `Stopped: ${counted(notAsked.length, "tenant")} not examined.`);
}
