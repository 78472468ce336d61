/** The alarms of a tenant's stack, as CloudWatch has them. */
import { type CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import type { StackAlarm } from "../ops/operations.ts";
import { stackName } from "../stack-outputs.ts";

/** Their names are generated from the stack's and the construct's, so a tenant `acme` does not get those of `acme-eu`. */
export async function stackAlarms(client: CloudWatchClient, tenant: string): Promise<StackAlarm[]> {
  const alarms: StackAlarm[] = [];
  for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix: `${stackName(tenant)}-Alarms` })) {
    for (const {
      AlarmName: name,
      StateValue: state,
      StateTransitionedTimestamp: at,
      AlarmDescription,
    } of page.MetricAlarms ?? []) {
      if (name === undefined || state === undefined) continue;
      alarms.push({
        name,
        state,
        ...(at === undefined ? {} : { since: at.getTime() }),
        ...(AlarmDescription === undefined ? {} : { description: AlarmDescription }),
      });
    }
  }
  return alarms;
}
