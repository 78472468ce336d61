/** `rollcall fleet ls` */
import { driftText } from "../../ops/fleet/plan.ts";
import { type FleetRow, type FleetState, type RegionProblem, rowsOf, stacksWithoutFile } from "../../ops/fleet/rows.ts";
import type { CommandContext } from "../command-context.ts";
import { fleetFiles } from "../fleet/files.ts";
import { withFleet } from "../fleet/sight.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { printTable } from "../table.ts";
import { moment, printable } from "../words.ts";

export function fleetLs({ io }: CommandContext) {
  return async (options: { json?: boolean }): Promise<void> => {
    const files = fleetFiles(io.settings.tenantsDir);
    const { release, rows, problems } = await withFleet(io, files, async (sight) => {
      const [own, others] = await Promise.all([rowsOf(sight, files), stacksWithoutFile(sight, files)]);
      return { release: sight.release, rows: [...own, ...others.rows], problems: others.problems };
    });
    if (options.json === true) printJson(io, { release, rows, problems });
    else print(io, rows, problems);
  };
}

const stateWords: Readonly<Record<FleetState, string>> = {
  deployed: "deployed",
  "rolled-back": "rolled back",
  updating: "updating",
  failed: "failed",
  "not-deployed": "not deployed",
  "without-file": "stack without file",
  "broken-file": "file cannot be read",
  unknown: "unknown",
};

function print(io: Io, rows: readonly FleetRow[], problems: readonly RegionProblem[]): void {
  printTable(
    io,
    ["tenant", "state", "region", "release", "drift", "last deployed", "cost tag"],
    rows.map((row) => [
      row.tenant,
      stateWords[row.state],
      row.region ?? "-",
      releaseText(row),
      row.drift.length === 0 ? "-" : driftText(row.drift),
      row.deployedAt === undefined ? "-" : moment(row.deployedAt).slice(0, 10),
      row.costTag ?? "-",
    ]),
  );
  const sentences = [
    ...Map.groupBy(
      rows.filter(({ problem }) => problem !== undefined),
      ({ problem = "" }) => problem,
    ),
  ].map(([problem, all]) => `${all.map(({ tenant }) => tenant).join(", ")}: ${problem}`);
  const ofRegions = problems.map(({ region, problem }) => {
    return `Stacks without a file in ${region} could not be looked for: ${problem}`;
  });
  if (sentences.length + ofRegions.length > 0) line(io);
  for (const text of [...sentences, ...ofRegions]) paragraph(io, styled(io, "yellow", printable(text)), { rest: "  " });
}

function releaseText({ baseUrl, version }: FleetRow): string {
  if (baseUrl === undefined) return "-";
  return version ?? "before 0.1";
}
