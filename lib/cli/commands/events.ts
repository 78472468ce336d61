/** `rollcall events …`: what the application is told, and how it takes it. */
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { commandGroup } from "../command-group.ts";
import { addEventsLs } from "./events-ls.ts";

export function addEventsCommands(program: Command, context: CommandContext): void {
  const events = commandGroup(program, "events", "what the application is told: list");
  addEventsLs(events, context);
}
