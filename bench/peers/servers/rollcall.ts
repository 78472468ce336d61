/**
 * Rollcall's functions as they are deployed, log lines and metrics included, on DynamoDB and SQS: the api behind the gateway of
 * the embedded mode, and the worker when it is told to go through what was queued.
 */
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { dynamoClient, sqsClient } from "../../../lib/aws/clients.ts";
import { dynamoTable } from "../../../lib/aws/dynamo-table.ts";
import { sqsLane } from "../../../lib/aws/sqs-lane.ts";
import { createTableInputs } from "../../../lib/aws/table-definition.ts";
import { createApiHandler } from "../../../lib/handlers/api.ts";
import { nameOfQueue } from "../../../lib/handlers/name-of-queue.ts";
import { lambdaTelemetry } from "../../../lib/handlers/telemetry.ts";
import { createWorkerHandler } from "../../../lib/handlers/worker.ts";
import { gateway } from "../../../lib/local/gateway.ts";
import type { Worker } from "../../../lib/provisioning/apply.ts";
import { readResource } from "../../../lib/provisioning/read-resource.ts";
import { putToken } from "../../../lib/provisioning/token.ts";
import { groupType } from "../../../lib/scim/resource-type.ts";
import { systemChance, systemClock } from "../../../lib/system.ts";
import { benchTenant } from "../../tenant.ts";
import { hashToken, newToken } from "../../../lib/token.ts";
import { newLane } from "../../../test/real/new-lane.ts";
import type { Control } from "../control.ts";
import { bareClient } from "./batch-writer.ts";
import { bareCalls } from "./bare-calls.ts";
import { serveBeside } from "./control.ts";
import { rollcallFill } from "./rollcall-fill.ts";
import { settleLane } from "./rollcall-settle.ts";

const [dynamoUrl = "", sqsUrl = ""] = process.argv.slice(2);
const account = { region: "eu-central-1", credentials: { accessKeyId: "bench", secretAccessKey: "bench" } };
const dynamo = dynamoClient({ ...account, endpoint: dynamoUrl });
const sqs = sqsClient({ ...account, endpoint: sqsUrl });
const bare = { dynamo: bareClient(dynamoUrl), sqs: new SQSClient({ ...account, endpoint: sqsUrl }) };

const names = { scim: "rollcall-scim", directory: "rollcall-directory" };
// What is sent again goes there, so that no count is changed by it.
const spare = { scim: "rollcall-scim-again", directory: "rollcall-directory-again" };
for (const input of [names, spare].flatMap(createTableInputs)) await dynamo.send(new CreateTableCommand(input));
const batch = { visibilityTimeoutSeconds: 60, maxReceiveCount: 5 };
const queues = { leavers: await newLane(sqs, batch), changes: await newLane(sqs, batch) };
const { queueUrl: spareQueueUrl } = await newLane(sqs, batch);

const worker: Worker = {
  table: dynamoTable({ client: dynamo, names }),
  lanes: {
    leavers: sqsLane({ client: sqs, ...queues.leavers }),
    changes: sqsLane({ client: sqs, ...queues.changes }),
  },
  clock: systemClock,
  chance: systemChance,
  tenant: benchTenant,
  workerId: "bench",
};
const telemetry = lambdaTelemetry({ tenant: "bench", namespace: "Bench" });
const api = gateway(createApiHandler({ provisioning: worker, telemetry }));
const laneOf = nameOfQueue({ leavers: queues.leavers.queueUrl, changes: queues.changes.queueUrl });
const work = createWorkerHandler({ worker, laneOf, telemetry });
const token = newToken("bench");
await putToken(worker.table, { id: token.id, hash: hashToken(token.text), label: "bench", createdAt: Date.now() });

const fill = rollcallFill(worker, dynamoUrl, names);
const again = bareCalls({ ours: { dynamo, sqs }, bare, names, spare, spareQueueUrl });

const control: Control = {
  ...fill,
  members: async (id) =>
    (await readResource(worker, groupType, id, { members: true, groups: false })).members?.length ?? 0,
  async settle() {
    const settled = { applied: 0, cpuMs: 0 };
    for (const name of ["leavers", "changes"] as const) {
      const { applied, cpuMs } = await settleLane({ sqs: bare.sqs, name, queueUrl: queues[name].queueUrl, work });
      settled.applied += applied;
      settled.cpuMs += cpuMs;
    }
    return settled;
  },
  ...again,
};

serveBeside({
  scim: (request, response) => void api.emit("request", request, response),
  control,
  basePath: "/scim/v2",
  token: token.text,
});
