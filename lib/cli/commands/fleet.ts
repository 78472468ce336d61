/** `rollcall fleet ls|doctor|deploy|upgrade` */
import type { Command } from "commander";
import { type CommandContext, ofAllTenants } from "../command-context.ts";
import { commandGroup } from "../command-group.ts";
import { wholeNumber } from "../words.ts";
import { asking } from "./dlq.ts";
import { fleetDeploy } from "./fleet-deploy.ts";
import { fleetDoctor } from "./fleet-doctor.ts";
import { fleetLs } from "./fleet-ls.ts";

export function addFleetCommands(program: Command, context: CommandContext): void {
  const fleet = commandGroup(program, "fleet", "all tenants at once: list, examine, deploy, upgrade");

  ofAllTenants(
    fleet
      .command("ls")
      .summary("a row a tenant: its stack, release, drift from the file here")
      .description(
        "a row for each tenant file, and for each stack without one in the same regions: state, release, and whether that is what is here",
      ),
    "fleet ls",
    "fleet ls --json",
  ).action(fleetLs(context));

  ofAllTenants(
    fleet
      .command("doctor")
      .summary("doctor for each deployed tenant, the worst first")
      .description("`doctor` for each deployed tenant, the worst first; exit code 1 when something failed"),
    "fleet doctor",
    "fleet doctor --json",
  ).action(fleetDoctor(context));

  deploying(
    ofAllTenants(
      fleet
        .command("deploy")
        .argument("[names...]", "only these; also those that were never deployed")
        .summary("deploy what differs from its file or this release")
        .description(
          "deploys each tenant whose stack differs from its file here or from this release, several at a time; shows its plan first. The same command again goes on where it was stopped",
        ),
      "fleet deploy --dry-run",
      "fleet deploy acme globex --yes",
    ),
  )
    .option("--all", "also what is as it should be, and what was never deployed")
    .action(fleetDeploy(context, "deploy"));

  deploying(
    ofAllTenants(
      fleet
        .command("upgrade")
        .argument("[names...]", "only these")
        .summary("deploy what runs an older release")
        .description("deploys each tenant whose stack runs an older release than this one, and nothing else"),
      "fleet upgrade --dry-run",
      "fleet upgrade --yes --at-once 5",
    ),
  ).action(fleetDeploy(context, "upgrade"));
}

function deploying(command: Command): Command {
  return asking(command)
    .option("--at-once <n>", "so many at a time", wholeNumber(1, 20), 3)
    .option("--keep-going", "do not stop when one fails");
}
