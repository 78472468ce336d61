/** `rollcall mapping coverage|preview`: where each is. */
import type { Command } from "commander";
import { type CommandContext, common } from "../command-context.ts";
import { commandGroup } from "../command-group.ts";
import { wholeNumber } from "../words.ts";
import { mappingCoverage } from "./mapping-coverage.ts";
import { mappingPreview } from "./mapping-preview.ts";

export function addMappingCommands(program: Command, context: CommandContext): void {
  const mapping = commandGroup(program, "mapping", "what is mapped and missed; what another would change");
  common(
    mapping
      .command("coverage")
      .summary("what is sent and what becomes of it, path by path")
      .description(
        "for each attribute: how many have it, and what the mapping makes of it; warns of what is never sent or never mapped",
      ),
    "mapping coverage --tenant acme",
    "mapping coverage --local --type Group",
  )
    .option("--type <type>", "User, Group or a resource type of the tenant's own", "User")
    .option("--logs <n>", "read so many of the newest changes of each; 0 for none", wholeNumber(0, 1_000), 10)
    .option("--after <position>", "go on where a run was stopped")
    .action(mappingCoverage(context));
  common(
    mapping
      .command("preview <file>")
      .summary("what another mapping would change, before it is deployed")
      .description("what another tenant file would change on those who are here; exit code 1 if any of them would fail")
      .addHelpText(
        "after",
        "\nThe file is a tenant file, or only what differs from the one that is there: its\n`mapping`, or a mapping's `attributes`.",
      ),
    "mapping preview --tenant acme next.json",
    "mapping preview --local next.json --examples 10 --masked",
  )
    .option("--type <type>", "this type alone (default: users, and what else the file maps otherwise)")
    .option("--examples <n>", "so many of each difference and each failure", wholeNumber(0, 1_000), 3)
    .option("--masked", "ids instead of names, and values by their form alone")
    .action(mappingPreview(context));
}
