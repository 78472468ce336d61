/** The scim function: accepts and answers. */
import { createApiHandler } from "../lib/handlers/api.ts";
import { config, provisioning, telemetry } from "./deployed.ts";

const { publicUrl } = config;

export const handler = createApiHandler({ provisioning, telemetry, ...(publicUrl === undefined ? {} : { publicUrl }) });
