/** The feed function: reads events, and nothing else, for the tenant's application. */
import { readFileSync } from "node:fs";
import { dynamoClient } from "../lib/aws/clients.ts";
import { dynamoTable } from "../lib/aws/dynamo-table.ts";
import { functionConfig, metricsNamespace, tenantFileName } from "../lib/config.ts";
import { createFeedHandler } from "../lib/handlers/feed.ts";
import { lambdaTelemetry } from "../lib/handlers/telemetry.ts";
import { readTenantFile } from "../lib/provisioning/tenant-file.ts";
import { systemChance, systemClock } from "../lib/system.ts";

const config = functionConfig(process.env);

export const handler = createFeedHandler({
  feed: {
    table: dynamoTable({ client: dynamoClient(), names: config.tables }),
    clock: systemClock,
    chance: systemChance,
    tenant: readTenantFile(config.tenant, JSON.parse(readFileSync(new URL(tenantFileName, import.meta.url), "utf8"))),
  },
  telemetry: lambdaTelemetry({ tenant: config.tenant, namespace: metricsNamespace }),
});
