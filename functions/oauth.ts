/** The oauth function: gives tokens to identity providers. It has no lanes, so nothing of SQS is loaded. */
import { readFileSync } from "node:fs";
import { dynamoClient } from "../lib/aws/clients.ts";
import { dynamoTable } from "../lib/aws/dynamo-table.ts";
import { functionConfig, metricsNamespace, tenantFileName } from "../lib/config.ts";
import { createOAuthHandler } from "../lib/handlers/oauth.ts";
import { lambdaTelemetry } from "../lib/handlers/telemetry.ts";
import { readTenantFile } from "../lib/provisioning/tenant-file.ts";
import { systemChance, systemClock } from "../lib/system.ts";

const config = functionConfig(process.env);

export const handler = createOAuthHandler({
  provisioning: {
    table: dynamoTable({ client: dynamoClient(), names: config.tables }),
    clock: systemClock,
    chance: systemChance,
    tenant: readTenantFile(config.tenant, JSON.parse(readFileSync(new URL(tenantFileName, import.meta.url), "utf8"))),
  },
  ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
  telemetry: lambdaTelemetry({ tenant: config.tenant, namespace: metricsNamespace }),
});
