/** A deployed stack as a target: its outputs say where its tables and queues are. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudFormationClient, DescribeStacksCommand, type Output } from "@aws-sdk/client-cloudformation";
import { dynamoClient, sqsClient } from "../aws/clients.ts";
import { eventBridgeClient } from "../aws/event-bus.ts";
import { dynamoTable } from "../aws/dynamo-table.ts";
import { sqsDeadLetters } from "../aws/sqs-dead-letters.ts";
import { sqsLane } from "../aws/sqs-lane.ts";
import { defined } from "../provisioning/head.ts";
import { OperationError } from "../ops/operations.ts";
import { stackName, type StackOutputs } from "../stack-outputs.ts";
import { systemChance, systemClock } from "../system.ts";
import type { LoadedTenant } from "../tenant-folder.ts";
import { stackAlarms } from "./stack-alarms.ts";
import { storedTables } from "./stored-tables.ts";
import { deployedEvents } from "./deployed-events.ts";
import type { Target } from "./target.ts";

/** Errors: OperationError when the tenant is not deployed; the SDK's own, such as missing credentials. */
export async function openDeployed(loaded: LoadedTenant): Promise<Target> {
  const { tenant, settings, hash } = loaded;
  // The stack is where the tenant file says, whatever region the environment prefers.
  const { region } = settings.environment;
  const cloudFormation = new CloudFormationClient({ region });
  const outputs = stackOutputs(tenant.name, await describeStack(cloudFormation, tenant.name, region));
  const cloudWatch = new CloudWatchClient({ region });
  const dynamo = dynamoClient({ region });
  const sqs = sqsClient({ region });
  const names = {
    scim: outputs.ScimTableName,
    directory: outputs.DirectoryTableName,
    ...defined({ events: outputs.EventsTableName }),
  };
  const eventBridge = eventBridgeClient({ region });
  const table = dynamoTable({ client: dynamo, names });
  const lane = (queueUrl: string, deadLetterUrl: string) => sqsLane({ client: sqs, queueUrl, deadLetterUrl });
  return {
    loaded,
    baseUrl: outputs.ScimBaseUrl,
    operations: {
      table,
      lanes: {
        leavers: lane(outputs.LeaversQueueUrl, outputs.LeaversDeadLetterUrl),
        changes: lane(outputs.ChangesQueueUrl, outputs.ChangesDeadLetterUrl),
      },
      deadLetters: {
        leavers: sqsDeadLetters({ client: sqs, queueUrl: outputs.LeaversDeadLetterUrl }),
        changes: sqsDeadLetters({ client: sqs, queueUrl: outputs.ChangesDeadLetterUrl }),
      },
      clock: systemClock,
      chance: systemChance,
      tenant,
      ...(tenant.events && { events: deployedEvents({ tenant, outputs, table, sqs, eventBridge }) }),
      deployment: {
        fileHash: hash,
        ...defined({ deployedHash: outputs.TenantHash }),
        alarms: async () => await stackAlarms(cloudWatch, tenant.name),
        tables: async () => await storedTables(dynamo, names),
      },
    },
    close: () => {
      for (const client of [cloudFormation, cloudWatch, dynamo, sqs, eventBridge]) client.destroy();
    },
  };
}

async function describeStack(client: CloudFormationClient, tenant: string, region: string): Promise<readonly Output[]> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName(tenant) }));
    return Stacks[0]?.Outputs ?? [];
  } catch (error) {
    // CloudFormation has no error of its own for this.
    if (!(error instanceof Error) || error.name !== "ValidationError") throw error;
    throw new OperationError(
      `Tenant "${tenant}" is not deployed: there is no stack ${stackName(tenant)} in ${region}; \`npm run deploy -- ${tenant}\` makes it.`,
      { cause: error },
    );
  }
}

/** What every stack has told since the first release; the others came later, or stand for what the tenant file asks for. */
const always = [
  "ScimBaseUrl",
  "ScimTableName",
  "DirectoryTableName",
  "LeaversQueueUrl",
  "LeaversDeadLetterUrl",
  "ChangesQueueUrl",
  "ChangesDeadLetterUrl",
] as const satisfies readonly (keyof StackOutputs)[];

type Told = Pick<StackOutputs, (typeof always)[number]> & Partial<StackOutputs>;

/** Errors: OperationError when an output is missing, as it is while a first deployment is under way. */
export function stackOutputs(tenant: string, outputs: readonly Output[]): Told {
  const values = outputs.flatMap(({ OutputKey: key, OutputValue: value }) =>
    key === undefined || value === undefined ? [] : [[key, value] as const],
  );
  const told: Partial<StackOutputs> = Object.fromEntries(values);
  const missing = always.find((name) => told[name] === undefined);
  if (missing === undefined) return told as Told;
  throw new OperationError(
    `Stack ${stackName(tenant)} has no output ${missing}: it is being made, or was made by another version; deploy it again.`,
  );
}
