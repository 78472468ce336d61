/** What the three functions have in common: their environment, the tenant file beside the code, and the ports on AWS. */
import { readFileSync } from "node:fs";
import { dynamoClient, sqsClient } from "../lib/aws/clients.ts";
import { dynamoTable } from "../lib/aws/dynamo-table.ts";
import { sqsLane } from "../lib/aws/sqs-lane.ts";
import { functionConfig, metricsNamespace, tenantFileName } from "../lib/config.ts";
import { lambdaTelemetry } from "../lib/handlers/telemetry.ts";
import type { Provisioning } from "../lib/provisioning/state.ts";
import { readTenantFile } from "../lib/provisioning/tenant-file.ts";
import { systemChance, systemClock } from "../lib/system.ts";

export const config = functionConfig(process.env);

const sqs = sqsClient();

export const provisioning: Provisioning = {
  table: dynamoTable({ client: dynamoClient(), names: config.tables }),
  lanes: {
    leavers: sqsLane({ client: sqs, ...config.lanes.leavers }),
    changes: sqsLane({ client: sqs, ...config.lanes.changes }),
  },
  clock: systemClock,
  chance: systemChance,
  tenant: readTenantFile(config.tenant, JSON.parse(readFileSync(new URL(tenantFileName, import.meta.url), "utf8"))),
};

export const telemetry = lambdaTelemetry({ tenant: config.tenant, namespace: metricsNamespace });
