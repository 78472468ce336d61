/** The stacks of all tenants, by CloudFormation. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStacks,
  type Stack,
  StackStatus,
} from "@aws-sdk/client-cloudformation";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { FleetStack, Stacks } from "../../ops/fleet/stack.ts";
import { defined } from "../../provisioning/head.ts";
import { stackName } from "../../stack-outputs.ts";

/** CloudFormation says "Rate exceeded" soon, and means nothing bad by it. */
const maxAttempts = 8;
const tagKey = "rollcall:tenant";
const prefix = stackName("");
/** Those of deleted stacks are listed for 90 days. */
const living = Object.values(StackStatus).filter((status) => status !== "DELETE_COMPLETE");

/** `close` ends the connections. `homeRegion`: where it is asked whose the credentials are. */
export function cloudFormationStacks(homeRegion: string): Stacks & { close(): void } {
  const clients = new Map<string, CloudFormationClient>();
  const clientIn = (region: string): CloudFormationClient => {
    const client = clients.get(region) ?? new CloudFormationClient({ region, maxAttempts });
    clients.set(region, client);
    return client;
  };
  const sts = new STSClient({ region: homeRegion });
  return {
    account: async () => (await sts.send(new GetCallerIdentityCommand({}))).Account ?? "",
    find: async (tenant, region) => {
      const stack = await describe(clientIn(region), tenant);
      return stack && asFound(stack, tenant, region);
    },
    tenantsIn: async (region) => {
      const names: string[] = [];
      const pages = paginateListStacks({ client: clientIn(region) }, { StackStatusFilter: living });
      for await (const { StackSummaries = [] } of pages) {
        for (const { StackName = "" } of StackSummaries) if (StackName.startsWith(prefix)) names.push(StackName);
      }
      return names.map((name) => name.slice(prefix.length));
    },
    close: () => {
      for (const client of [...clients.values(), sts]) client.destroy();
    },
  };
}

/** Absent: there is none. Errors: the SDK's. */
async function describe(client: CloudFormationClient, tenant: string): Promise<Stack | undefined> {
  try {
    const { Stacks: found = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName(tenant) }));
    return found[0];
  } catch (error) {
    // CloudFormation has no error of its own for this.
    if (error instanceof Error && error.name === "ValidationError" && error.message.includes("does not exist")) return;
    throw error;
  }
}

function asFound(stack: Stack, tenant: string, region: string): FleetStack {
  const output = (name: string) => stack.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  return {
    tenant,
    region,
    status: stack.StackStatus ?? "unknown",
    deployedAt: (stack.LastUpdatedTime ?? stack.CreationTime)?.getTime() ?? 0,
    ...defined({
      costTag: stack.Tags?.find(({ Key }) => Key === tagKey)?.Value,
      baseUrl: output("ScimBaseUrl"),
      version: output("RollcallVersion"),
      tenantHash: output("TenantHash"),
    }),
  };
}
