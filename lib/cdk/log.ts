/** A log group whose lines end after so many days; the group itself outlives its stack, as does the question why. */
import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

export interface LogProps {
  readonly logRetentionDays: number;
  readonly ephemeral: boolean;
}

export function log(scope: Construct, id: string, { logRetentionDays, ephemeral }: LogProps): LogGroup {
  return new LogGroup(scope, id, {
    retention: retention(logRetentionDays),
    removalPolicy: ephemeral ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
}

function retention(days: number): RetentionDays {
  const offered = Object.values(RetentionDays).filter((value) => typeof value === "number");
  const found = offered.find((value) => (value as number) === days);
  if (found === undefined) throw new Error(`CloudWatch keeps logs for ${offered.join(", ")} days, not for ${days}.`);
  return found;
}
