/** `rollcall fleet deploy` and `rollcall fleet upgrade` */
import { join } from "node:path";
import { type FleetPlan, type PlanOptions, planOf } from "../../ops/fleet/plan.ts";
import { rowsOf } from "../../ops/fleet/rows.ts";
import { type DeploymentEnd, type RunResult, runDeployments } from "../../ops/fleet/run.ts";
import type { CommandContext } from "../command-context.ts";
import { deployTenant, lastLines, logOf } from "../fleet/deployment.ts";
import { fleetFiles } from "../fleet/files.ts";
import { fleetProgress } from "../fleet/progress.ts";
import { withFleet } from "../fleet/sight.ts";
import { type Io, line, note, styled, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { printTable } from "../table.ts";
import { age, counted, printable } from "../words.ts";
import { type AskingOptions, isWanted } from "./dlq.ts";

interface FleetDeployOptions extends AskingOptions {
  readonly json?: boolean;
  readonly atOnce: number;
  readonly keepGoing?: boolean;
  readonly all?: boolean;
}

export function fleetDeploy({ io, fail }: CommandContext, kind: PlanOptions["kind"]) {
  return async (names: readonly string[], options: FleetDeployOptions): Promise<void> => {
    const files = fleetFiles(io.settings.tenantsDir, names);
    const rows = await withFleet(io, files, async (sight) => await rowsOf(sight, files));
    const plan = planOf(rows, { kind, names, all: options.all === true });
    if (plan.left.some(({ isFault }) => isFault)) fail();
    if (!(await isToRun(io, plan, options))) return;
    const folder = join(io.settings.dataDir, "fleet");
    const result = await run(io, plan, folder, options);
    if (result.ended.some(({ failure }) => failure !== undefined) || result.notStarted.length > 0) fail();
    if (options.json === true) printJson(io, { planned: plan, ...asData(folder, result) });
    else printResult(io, folder, result);
  };
}

/** Shows the plan, and asks if there is something to ask. Errors: UsageError when nobody is there. */
async function isToRun(io: Io, plan: FleetPlan, options: FleetDeployOptions): Promise<boolean> {
  const isOver = plan.deploy.length === 0 || options.dryRun === true;
  const isUnanswerable = options.yes !== true && io.confirm === undefined;
  if (options.json !== true) printPlan(io, plan, options);
  else if (isOver || isUnanswerable) printJson(io, { planned: plan });
  if (isOver) return false;
  if (await isWanted(io, options, "Deploy them?")) return true;
  note(io, "Nothing was deployed.");
  return false;
}

function printPlan(io: Io, { deploy, passedOver, left }: FleetPlan, { atOnce }: FleetDeployOptions): void {
  const several = deploy.length > 1 ? `, ${Math.min(atOnce, deploy.length)} at once` : "";
  line(io, `${counted(deploy.length, "tenant")} to deploy${several}`);
  if (deploy.length > 0) {
    const rows = deploy.map(({ tenant, region, why }) => [tenant, region, why]);
    printTable(io, ["tenant", "region", "because"], rows);
    paragraph(io, "Rights that this release adds are not asked for again: `npx cdk diff -c tenant=<name>` shows them.");
  }
  if (passedOver.length > 0) line(io, `${counted(passedOver.length, "tenant")} as it should be`);
  if (left.length > 0) line(io, `${counted(left.length, "tenant")} left alone`);
  for (const { tenant, why, isFault } of left) {
    const text = `${tenant}: ${printable(why)}`;
    paragraph(io, isFault ? styled(io, "yellow", text) : text, { first: "  ", rest: "    " });
  }
}

async function run(io: Io, plan: FleetPlan, folder: string, options: FleetDeployOptions): Promise<RunResult> {
  const { cdk } = io.settings;
  if (cdk === undefined) throw new UsageError("There is no CDK here to deploy with.");
  const { onChange, stop } = fleetProgress(io);
  const signal = io.interruption();
  const onAbort = () => note(io, stopping);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await runDeployments(
      plan.deploy.map(({ tenant }) => tenant),
      {
        deploy: async (tenant) => await deployTenant(cdk, folder, tenant),
        atOnce: options.atOnce,
        keepGoing: options.keepGoing === true,
        signal,
        now: () => performance.now(),
        onChange,
      },
    );
  } finally {
    signal.removeEventListener("abort", onAbort);
    stop();
  }
}

const stopping =
  "Stopping: what runs is finished, nothing more begins. Ctrl-C once more ends this command, and what runs goes on by itself.";

const linesShown = 12;

function asData(folder: string, { ended, notStarted, stopped }: RunResult): object {
  const one = ({ tenant, tookMs, failure }: DeploymentEnd) => {
    const log = logOf(folder, tenant);
    const told = { tenant, tookMs: Math.round(tookMs), log };
    return failure === undefined ? told : { ...told, failure, lastLines: lastLines(log, linesShown) };
  };
  return {
    deployed: ended.filter(({ failure }) => failure === undefined).map(one),
    failed: ended.filter(({ failure }) => failure !== undefined).map(one),
    notStarted,
    stopped,
  };
}

function printResult(io: Io, folder: string, { ended, notStarted, stopped }: RunResult): void {
  const failed = ended.filter(({ failure }) => failure !== undefined);
  for (const { tenant, tookMs, failure = "" } of failed) {
    line(io, `${styled(io, "red", `${tenant} failed`)} after ${age(tookMs)}: ${failure}. Its log ends:`);
    for (const text of lastLines(logOf(folder, tenant), linesShown)) line(io, `  | ${printable(text)}`);
  }
  line(io, styled(io, "green", `${counted(ended.length - failed.length, "tenant")} deployed.`));
  if (failed.length > 0)
    paragraph(io, styled(io, "red", `${counted(failed.length, "tenant")} failed: ${namesOf(failed)}.`));
  if (notStarted.length > 0) {
    const why = stopped ? "it was stopped" : "one failed; --keep-going goes on all the same";
    paragraph(io, `${counted(notStarted.length, "tenant")} not begun, because ${why}: ${notStarted.join(", ")}.`);
  }
  line(io, `The logs: ${logOf(folder, "<tenant>")}`);
  if (failed.length + notStarted.length > 0) paragraph(io, "The same command again passes over what is deployed.");
}

function namesOf(ended: readonly DeploymentEnd[]): string {
  return ended.map(({ tenant }) => tenant).join(", ");
}
