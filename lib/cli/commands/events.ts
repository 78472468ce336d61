/** `rollcall events …`: what the application is told, and how it takes it. */
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { commandGroup } from "../command-group.ts";
import { addEventsCatchUp } from "./events-catch-up.ts";
import { addEventsLs } from "./events-ls.ts";
import { addEventsSinks } from "./events-sinks.ts";

export function addEventsCommands(program: Command, context: CommandContext): void {
  const events = commandGroup(program, "events", "what the application is told, and how sinks take it");
  addEventsLs(events, context);
  addEventsSinks(events, context);
  addEventsCatchUp(events, context);
}
