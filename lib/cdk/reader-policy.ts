/** What the tenant's application attaches to its role: it reads the Directory table and nothing else. */
import { ManagedPolicy } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { readerRights } from "./rights.ts";
import type { TenantTable } from "./tables.ts";

export function readerPolicy(scope: Construct, id: string, tenant: string, directory: TenantTable): ManagedPolicy {
  return new ManagedPolicy(scope, id, {
    description: `Rollcall: reads the directory of ${tenant}`,
    statements: readerRights(directory),
  });
}
