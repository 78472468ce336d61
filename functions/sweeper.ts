/** The sweeper function: sends again what waits and is due. */
import { createSweeperHandler } from "../lib/handlers/sweeper.ts";
import { provisioning, telemetry } from "./deployed.ts";

export const handler = createSweeperHandler({ provisioning, telemetry });
