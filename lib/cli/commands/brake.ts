/** `rollcall brake status|allow|reject`: what they share, and where each is. */
import type { Command } from "commander";
import { type CommandContext, common } from "../command-context.ts";
import { commandGroup } from "../command-group.ts";
import { brakeAllow, brakeReject } from "./brake-decide.ts";
import { brakeStatusCommand } from "./brake-status.ts";
import { asking, type AskingOptions } from "./dlq.ts";

export interface AllowOptions extends AskingOptions {
  readonly user?: string;
  readonly rejected?: boolean;
}

export function addBrakeCommands(program: Command, context: CommandContext): void {
  const brake = commandGroup(program, "brake", "too many leave at once: who is held, allow, reject");
  common(
    brake.command("status").description("whether it is on, how many have left, who is held"),
    "brake status --tenant acme",
  ).action(brakeStatusCommand(context));
  asking(
    common(
      brake
        .command("allow")
        .description("they are to leave: those who are held, and whoever leaves within the next window"),
      "brake allow --tenant acme",
      "brake allow --tenant acme --user ada@example.com --yes",
    ),
  )
    .option("--user <who>", "only this userName, e-mail, externalId or id; the others stay held")
    .option("--rejected", "only those whom an earlier reject kept")
    .action(brakeAllow(context));
  asking(
    common(
      brake.command("reject").description("it was a mistake at the identity provider: those who are held stay active"),
      "brake reject --tenant acme",
    ),
  ).action(brakeReject(context));
}
