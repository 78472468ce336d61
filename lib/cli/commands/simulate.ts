/** `rollcall simulate entra|okta` */
import { writeFileSync } from "node:fs";
import { Argument, type Command } from "commander";
import type { Assignment, PlantedFault } from "../../ops/simulate/plant-faults.ts";
import type { Difference } from "../../ops/simulate/difference.ts";
import { dialects, type Simulated, simulate } from "../../ops/simulate/simulate.ts";
import type { Summary } from "../../ops/simulate/tally.ts";
import { systemClock } from "../../system.ts";
import { type CommandContext, common, type CommonOptions } from "../command-context.ts";
import { type Io, line, note, styled, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { progress } from "../progress.ts";
import { paragraph } from "../paragraph.ts";
import { printTable } from "../table.ts";
import { isTargetNamed, type Target, withTarget } from "../target.ts";
import { counted, parseBaseUrl, printable, wholeNumber } from "../words.ts";

interface SimulateOptions extends CommonOptions {
  readonly users: number;
  readonly groups: number;
  readonly baseUrl?: string;
  readonly token?: string;
  readonly concurrency: number;
  readonly seed: number;
  readonly verify?: boolean;
  readonly plantFaults?: boolean;
  readonly export?: string;
}

const npmStart = "http://127.0.0.1:8080/scim/v2";

export function addSimulateCommand(program: Command, context: CommandContext): void {
  const { io } = context;
  const idps = Object.keys(dialects);
  common(
    program
      .command("simulate")
      .summary("play an identity provider, and what goes wrong")
      .description("play an identity provider's first cycle against a base URL; exit code 1 if anything failed")
      .addArgument(new Argument("<idp>", "whose dialect").choices(idps)),
    "simulate entra --users 2000 --groups 50 --token rc_start_…",
    "simulate okta --users 100 --groups 5 --local --token rc_start_…",
  )
    .requiredOption("--users <n>", "so many people", wholeNumber(1, 1_000_000))
    .requiredOption("--groups <n>", "so many groups", wholeNumber(0, 100_000))
    .option("--base-url <url>", `ends in /scim/v2 (default: ${npmStart}, or the stack's)`)
    .option("--token <token>", "rc_<id>_<secret> (default: ROLLCALL_TOKEN)")
    .option("--concurrency <n>", "requests at once", wholeNumber(1, 100), 5)
    .option("--seed <n>", "the same people and groups for the same number", wholeNumber(0, 2 ** 32 - 1), 1)
    .option("--verify", "read everything back; with --local or --tenant, which imply it, compare the Directory too")
    .option("--plant-faults", "seven people more for whom something goes wrong, to practise on")
    .option("--export <file>", "write a CSV of whom the identity provider has assigned, for rollcall orphans")
    .action(async (idp: keyof typeof dialects, options: SimulateOptions) => {
      const run = (target?: Target) => runOne(context, idp, options, target);
      await (isTargetNamed(options) ? withTarget(options, io.settings, run) : run());
    });
}

async function runOne(
  { io, fail }: CommandContext,
  idp: keyof typeof dialects,
  options: SimulateOptions,
  target?: Target,
): Promise<void> {
  const token = options.token ?? io.settings.token;
  if (token === undefined) throw new UsageError("Which token? Name it with --token, or in ROLLCALL_TOKEN.");
  const { users, groups, seed, concurrency } = options;
  const plantFaults = options.plantFaults === true;
  if (plantFaults && target === undefined) {
    throw new UsageError(
      "--plant-faults needs --local or --tenant <name>: one of the faults is a token that has expired.",
    );
  }
  const running = progress(io, `simulating ${idp}`);
  const result = await simulate({
    idp,
    users,
    groups,
    seed,
    concurrency,
    token,
    baseUrl: parseBaseUrl(options.baseUrl ?? target?.baseUrl ?? io.settings.baseUrl ?? npmStart),
    verify: options.verify === true || target !== undefined,
    ...(target && { directory: target.operations }),
    plantFaults,
    clock: systemClock,
    onProgress: running.onProgress,
    signal: io.interruption(),
  }).finally(() => running.stop());
  if (!result.ok) fail();
  const { assignments, ...told } = result;
  if (options.export !== undefined) {
    writeFileSync(options.export, csvOf(assignments));
    note(io, `${counted(assignments.length, "assignment")} written to ${options.export}.`);
  }
  if (options.json === true) printJson(io, told);
  else print(io, result);
}

function print(io: Io, result: Simulated): void {
  const { summary, users, groups, memberships } = result;
  printSummary(io, summary);
  line(io);
  line(io, `${counted(users, "user")}, ${counted(groups, "group")}, ${counted(memberships, "membership")} accepted.`);
  for (const { kind, about, status, detail } of summary.failures) {
    note(io, styled(io, "red", `${kind}, ${about}: ${status ?? "no answer"}, ${printable(detail)}`));
  }
  if (summary.failed > summary.failures.length)
    note(io, `… and ${summary.failed - summary.failures.length} more failures`);
  printCompared(io, "Read back through SCIM", result.readBack);
  printCompared(io, "Directory", result.directory);
  const pending = result.directory?.pending ?? 0;
  if (pending > 0)
    note(io, styled(io, "red", `${counted(pending, "change")} not applied; \`npx rollcall dlq ls\` tells why.`));
  printPlanted(io, result.planted ?? []);
  if (result.stopped) note(io, "Stopped before the end; the same command again goes on with the same people.");
}

/** The complaints, not their causes: those are to be found. */
function printPlanted(io: Io, planted: readonly PlantedFault[]): void {
  if (planted.length === 0) return;
  line(io);
  line(io, styled(io, "bold", "And now the telephone rings"));
  for (const { complaint, who } of planted)
    paragraph(io, `${complaint}${who === undefined ? "." : `: ${who}`}`, { first: "  ", rest: "    " });
}

/** Values of the simulation's own hold neither commas nor quotation marks. */
function csvOf(assignments: readonly Assignment[]): string {
  const rows = assignments.map((one) => [one.userName, one.externalId, one.displayName, String(one.enabled)]);
  return [["userPrincipalName", "objectId", "displayName", "accountEnabled"], ...rows]
    .map((row) => `${row.join(",")}\n`)
    .join("");
}

function printSummary(io: Io, { kinds, requests, failed, retried, seconds, perSecond }: Summary): void {
  const rows = kinds.map((kind) => {
    const counts = [kind.requests, kind.failed, kind.retried].map((count) => count.toLocaleString("en"));
    return [kind.kind, ...counts, ...[kind.p50, kind.p95, kind.p99].map((ms) => ms.toFixed(1))];
  });
  const numbers = ["requests", "failed", "again", "p50 ms", "p95 ms", "p99 ms"];
  printTable(io, ["kind", ...numbers], rows, numbers);
  line(io);
  const again = retried === 0 ? "" : `, ${retried} sent again`;
  const outcome = failed === 0 ? styled(io, "green", "no failure") : styled(io, "red", counted(failed, "failure"));
  line(io, `${counted(requests, "request")} in ${seconds} s, ${perSecond} a second${again}: ${outcome}.`);
}

interface ComparedText {
  readonly differences: number;
  readonly examples: readonly Difference[];
}

function printCompared(io: Io, what: string, compared: ComparedText | undefined): void {
  if (compared === undefined) return;
  const { differences, examples } = compared;
  line(
    io,
    `${what}: ${differences === 0 ? styled(io, "green", "equal to what was sent") : styled(io, "red", counted(differences, "difference"))}.`,
  );
  for (const example of examples) note(io, `  ${example.about} ${example.what}`);
}
