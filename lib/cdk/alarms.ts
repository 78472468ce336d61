/** What must not go unnoticed. Each description says what to do: the operator reads it at night. */
import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { metricsNamespace } from "../config.ts";
import type { Lane } from "./lane.ts";

export interface AlarmsProps {
  readonly tenant: string;
  readonly lanes: Readonly<Record<string, Lane>>;
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly http: HttpApi;
  /** A change that waits longer than this is late. */
  readonly pendingMinutes: number;
  /** An SNS topic that is told when an alarm begins and ends. */
  readonly topicArn?: string;
}

interface AlarmOptions {
  readonly metric: IMetric;
  readonly above: number;
  readonly description: string;
  readonly missing?: TreatMissingData;
  readonly evaluationPeriods?: number;
}

const oneMinute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);

export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { tenant, lanes, functions, http, pendingMinutes, topicArn }: AlarmsProps) {
    super(scope, id);
    const tell = topicArn === undefined ? undefined : new SnsAction(Topic.fromTopicArn(this, "Topic", topicArn));
    for (const [name, { deadLetters }] of Object.entries(lanes)) {
      alarm(this, `${name}DeadLetters`, tell, {
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: oneMinute, statistic: Stats.MAXIMUM }),
        above: 0,
        description: `Changes of ${tenant} are parked: npx rollcall --tenant ${tenant} dlq ls`,
      });
    }
    alarm(this, "OldestPending", tell, {
      metric: metric(tenant, "OldestPendingSeconds", Stats.MAXIMUM),
      above: pendingMinutes * 60,
      description: `A change of ${tenant} waits for more than ${pendingMinutes} minutes, or the sweep does not run`,
      // The sweeper reports every minute, 0 when nothing waits. Silence is a sweep that does not run.
      missing: TreatMissingData.BREACHING,
      evaluationPeriods: 5,
    });
    alarm(this, "LeaversLate", tell, {
      metric: metric(tenant, "LeaversLate", Stats.SUM),
      above: 0,
      description: `Somebody who left ${tenant} could still be seen as active for too long: npx rollcall doctor --tenant ${tenant}`,
    });
    alarm(this, "LeaversWaiting", tell, {
      metric: metric(tenant, "LeaversWaiting", Stats.MAXIMUM),
      above: 0,
      description: `Somebody has left ${tenant} and is still active in the directory: npx rollcall doctor --tenant ${tenant}`,
    });
    alarm(this, "BrakeTripped", tell, {
      metric: metric(tenant, "BrakeTripped", Stats.SUM),
      above: 0,
      description: `More people left ${tenant} at once than its tenant file expects: npx rollcall brake status --tenant ${tenant}`,
    });
    for (const [name, handler] of Object.entries(functions)) {
      alarm(this, `${name}Errors`, tell, {
        metric: handler.metricErrors({ period: fiveMinutes, statistic: Stats.SUM }),
        above: 0,
        description: `The ${name.toLowerCase()} function of ${tenant} failed: see its log group`,
      });
    }
    alarm(this, "ServerErrors", tell, {
      metric: http.metricServerError({ period: fiveMinutes, statistic: Stats.SUM }),
      above: 0,
      description: `The identity provider of ${tenant} got 5xx answers: see the log group of the api function`,
    });
  }
}

function alarm(scope: Construct, id: string, tell: SnsAction | undefined, options: AlarmOptions): void {
  const alarm = new Alarm(scope, id, {
    metric: options.metric,
    threshold: options.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: options.evaluationPeriods ?? 1,
    treatMissingData: options.missing ?? TreatMissingData.NOT_BREACHING,
    alarmDescription: options.description,
  });
  if (tell === undefined) return;
  alarm.addAlarmAction(tell);
  alarm.addOkAction(tell);
}

/** One that our own functions report (lib/handlers/telemetry.ts). */
function metric(tenant: string, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: metricsNamespace,
    metricName,
    dimensionsMap: { service: tenant },
    period: oneMinute,
    statistic,
  });
}
