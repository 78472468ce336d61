/** A command that only has others below it, such as `dlq`: whoever names none of them is told which there are. */
import type { Command } from "commander";
import { UsageError } from "./io.ts";

export function commandGroup(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .helpCommand(true)
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_options: unknown, group: Command) => {
      if (group.args.length === 0) group.help({ error: true });
      throw new UsageError(whichOf(group));
    });
}

function whichOf(group: Command): string {
  const names = group.commands.map((command) => command.name());
  const [first = ""] = group.args;
  const late = group.args.find((word) => names.includes(word));
  if (late !== undefined) return `The command comes before its options: npx rollcall ${pathOf(group)} ${late} …`;
  const which = `Which? ${names.slice(0, -1).join(", ")} or ${names.at(-1)}: npx rollcall ${pathOf(group)} ${names[0]} …`;
  return first.startsWith("-") ? which : `Unknown command '${first}'. ${which}`;
}

/** A group may stand in another one: `events secret`. */
function pathOf(group: Command): string {
  const { parent } = group;
  return parent?.parent ? `${pathOf(parent)} ${group.name()}` : group.name();
}
