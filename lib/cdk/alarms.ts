/** What must not go unnoticed. Each description says what to do, and where more of it stands: it is read at night. */
import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { alarmTopic } from "./alarm-topic.ts";
import type { Events } from "./events.ts";
import type { Lane } from "./lane.ts";
import { tenantMetric } from "./metrics.ts";
import { runbook, type RunbookSection } from "./runbook.ts";

/** What the tenant file says about alarms. */
export interface AlarmSettings {
  /** A change that waits longer than this is late. */
  readonly pendingMinutes: number;
  /** An SNS topic that is told when an alarm begins and ends. */
  readonly topicArn?: string;
  /** Who is told by e-mail: the stack makes a topic for them. */
  readonly email?: readonly string[];
  /** The address of docs/operating.md. */
  readonly runbookUrl?: string;
}

export interface AlarmsProps extends AlarmSettings {
  readonly tenant: string;
  readonly lanes: Readonly<Record<string, Lane>>;
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly http: HttpApi;
  /** Of a tenant with events. */
  readonly events?: Pick<Events, "publisher" | "sinks">;
}

interface AlarmOptions {
  readonly metric: IMetric;
  readonly above: number;
  readonly description: string;
  readonly section: RunbookSection;
  readonly missing?: TreatMissingData;
  readonly evaluationPeriods?: number;
}

const oneMinute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);

/** A stream keeps a day; a directory that changes is told of within seconds. */
const publisherMinutes = 5;

export class Alarms extends Construct {
  /** In the order of the page. */
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { tenant, lanes, functions, http, events, pendingMinutes, runbookUrl } = props;
    const tell = told(this, props);
    const all: Alarm[] = [];
    const add = (
      name: string,
      { metric, above, description, section, missing, evaluationPeriods = 1 }: AlarmOptions,
    ) => {
      const alarm = new Alarm(this, name, {
        metric,
        threshold: above,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods,
        treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
        alarmDescription: `${description}. Runbook: ${runbook(section, runbookUrl)}`,
      });
      for (const action of tell) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
      all.push(alarm);
    };
    const own = (metricName: string, statistic: string) => tenantMetric(tenant, metricName, statistic, oneMinute);

    for (const [name, { deadLetters }] of Object.entries(lanes)) {
      add(`${name}DeadLetters`, {
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: oneMinute, statistic: Stats.MAXIMUM }),
        above: 0,
        description: `Changes of ${tenant} are parked: npx rollcall dlq ls --tenant ${tenant}`,
        section: "alarm-dead-letters",
      });
    }
    add("OldestPending", {
      metric: own("OldestPendingSeconds", Stats.MAXIMUM),
      above: pendingMinutes * 60,
      description: `A change of ${tenant} waits for more than ${pendingMinutes} minutes, or the sweep does not run: npx rollcall doctor --tenant ${tenant}`,
      section: "alarm-oldest-pending",
      // The sweeper reports every minute, 0 when nothing waits. Silence is a sweep that does not run.
      missing: TreatMissingData.BREACHING,
      evaluationPeriods: 5,
    });
    add("LeaversLate", {
      metric: own("LeaversLate", Stats.SUM),
      above: 0,
      description: `Somebody who left ${tenant} could still be seen as active for too long: npx rollcall doctor --tenant ${tenant}`,
      section: "alarm-leavers-late",
    });
    add("LeaversWaiting", {
      metric: own("LeaversWaiting", Stats.MAXIMUM),
      above: 0,
      description: `Somebody has left ${tenant} and is still active in the directory: npx rollcall doctor --tenant ${tenant}`,
      section: "alarm-leavers-waiting",
    });
    add("BrakeTripped", {
      metric: own("BrakeTripped", Stats.SUM),
      above: 0,
      description: `More people left ${tenant} at once than its tenant file expects: npx rollcall brake status --tenant ${tenant}`,
      section: "alarm-brake-tripped",
    });
    if (events !== undefined) {
      add("PublisherBehind", {
        metric: events.publisher.metric("IteratorAge", { period: oneMinute, statistic: Stats.MAXIMUM }),
        above: publisherMinutes * 60_000,
        description: `The application of ${tenant} learns of changes more than ${publisherMinutes} minutes late: npx rollcall events status --tenant ${tenant}`,
        section: "alarm-publisher-behind",
      });
      add("Unpublished", {
        metric: own("Unpublished", Stats.SUM),
        above: 0,
        description: `A change of ${tenant} could not be made into an event: npx rollcall events catch-up --tenant ${tenant}`,
        section: "alarm-unpublished",
      });
      for (const [name, { deadLetters }] of Object.entries(events.sinks)) {
        add(`Sink-${name}-DeadLetters`, {
          metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: oneMinute, statistic: Stats.MAXIMUM }),
          above: 0,
          description: `Events of ${tenant} are parked that ${name} did not take: npx rollcall events replay ${name} --tenant ${tenant}`,
          section: "alarm-sink-dead-letters",
        });
      }
    }
    for (const [name, handler] of Object.entries(functions)) {
      add(`${name}Errors`, {
        metric: handler.metricErrors({ period: fiveMinutes, statistic: Stats.SUM }),
        above: 0,
        description: `The ${name.toLowerCase()} function of ${tenant} failed: see its log group`,
        section: "alarm-function-errors",
      });
    }
    add("ServerErrors", {
      metric: http.metricServerError({ period: fiveMinutes, statistic: Stats.SUM }),
      above: 0,
      description: `The identity provider of ${tenant} got 5xx answers: npx rollcall doctor --tenant ${tenant}`,
      section: "alarm-server-errors",
    });
    this.all = all;
  }
}

function told(scope: Construct, { tenant, topicArn, email = [] }: AlarmsProps): SnsAction[] {
  const theirs = topicArn === undefined ? [] : [Topic.fromTopicArn(scope, "Topic", topicArn)];
  const ours = email.length === 0 ? [] : [alarmTopic(scope, "Mail", tenant, email)];
  return [...theirs, ...ours].map((topic) => new SnsAction(topic));
}
