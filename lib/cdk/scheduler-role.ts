/** Who starts a function by the clock. */
import { Stack } from "aws-cdk-lib";
import { PolicyDocument, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { schedulerRights } from "./rights.ts";

/** Assumed by schedules of this account alone: another account's scheduler must not start our function (confused deputy). */
export function schedulerRole(scope: Construct, functionArn: string): Role {
  const stack = Stack.of(scope);
  const group = stack.formatArn({ service: "scheduler", resource: "schedule-group", resourceName: "default" });
  return new Role(scope, "SchedulerRole", {
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": stack.account, "aws:SourceArn": group } },
    }),
    inlinePolicies: { rights: new PolicyDocument({ statements: [schedulerRights(functionArn)] }) },
  });
}
