/**
 * A topic of the stack's own that sends what the alarms say by e-mail.
 *
 * It has no key of its own: what it carries are the sentences of alarms.ts, which name the tenant and nobody in it, and leave
 * as plain mail. CloudWatch may not use AWS's own key for SNS, so encryption would cost a customer's key: a dollar a month.
 */
import { ArnFormat, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";

export function alarmTopic(scope: Construct, id: string, tenant: string, addresses: readonly string[]): Topic {
  const stack = Stack.of(scope);
  const topic = new Topic(scope, id, { displayName: `Rollcall ${tenant}`, enforceSSL: true });
  for (const address of new Set(addresses)) topic.addSubscription(new EmailSubscription(address));
  const alarms = stack.formatArn({
    service: "cloudwatch",
    resource: "alarm",
    resourceName: `${stack.stackName}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  topic.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: {
        ArnLike: { "aws:SourceArn": alarms },
        StringEquals: { "aws:SourceAccount": stack.account },
      },
    }),
  );
  return topic;
}
