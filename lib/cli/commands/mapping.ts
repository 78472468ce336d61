/** `rollcall mapping coverage|preview`: where each is. */
import type { Command } from "commander";
import { type CommandContext, common } from "../command-context.ts";
import { wholeNumber } from "../words.ts";
import { mappingCoverage } from "./mapping-coverage.ts";

export function addMappingCommands(program: Command, context: CommandContext): void {
  const mapping = program.command("mapping").description("what is sent against what is mapped");
  common(
    mapping
      .command("coverage")
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
}
