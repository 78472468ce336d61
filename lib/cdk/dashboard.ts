/**
 * The tenant on one page: whether it works, who waits, what goes wrong, what it costs. From top to bottom in the order in
 * which an operator asks; each row begins with what it is to tell.
 *
 * CloudWatch gives an account three dashboards, and asks 3 dollars a month for each further one. That is more than the
 * rest of an idle tenant, so the tenant file can do without: `"dashboard": false`.
 */
import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  type Alarm,
  AlarmStatusWidget,
  Color,
  Dashboard as CloudWatchDashboard,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { eventRows } from "./event-graphs.ts";
import type { Events } from "./events.ts";
import { columns, type Graph, own, period, row, text } from "./graph.ts";
import type { Lane } from "./lane.ts";
import { capacityMetric } from "./metrics.ts";
import { runbook } from "./runbook.ts";
import { waitingIndex } from "./tables.ts";

export interface DashboardProps {
  readonly tenant: string;
  readonly alarms: readonly Alarm[];
  readonly lanes: Readonly<Record<string, Lane>>;
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly http: HttpApi;
  readonly tables: { readonly scim: string; readonly directory: string; readonly events?: string };
  /** Of a tenant with events. */
  readonly events?: Pick<Events, "publisher" | "sinks">;
  readonly pendingMinutes: number;
  readonly leaversLimitMinutes: number;
  readonly runbookUrl?: string;
}

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { tenant, alarms, events, runbookUrl } = props;
    new CloudWatchDashboard(this, "Page", {
      defaultInterval: Duration.hours(12),
      widgets: [
        text(`# Rollcall: ${tenant}\n${introduction(tenant, runbook("when-an-alarm-rings", runbookUrl))}`, 3),
        [new AlarmStatusWidget({ title: "Alarms", width: columns, height: 3, alarms: [...alarms] })],
        text(
          "## Is what was accepted also applied?\nApplied follows accepted within seconds, and may be fewer: several changes of one person are applied as one. Parked waits for you: `dlq ls`.",
        ),
        row(flow(props), waiting(props), deadLetters(props)),
        text(
          "## Do leavers lose their access in time?\nFrom the arrival of a deactivation until the application can see it. Anything in the second graph is a reason to look: `doctor`.",
        ),
        row(leaversClock(props), leaversOver(props)),
        ...(events === undefined ? [] : eventRows(tenant, events)),
        text(
          "## What does the identity provider see?\n4xx are answers to what it sends: `doctor` names them. 5xx are ours.",
        ),
        row(requests(props), latency(props), applyLatency(props)),
        text(
          "## What goes wrong inside?\nThe log group of the function has the stack. Throttles: the account's concurrency is used up.",
        ),
        row(functionErrors(props), durations(props), queueAges(props)),
        text(
          "## What does it cost?\nUnits of the tables are most of it, then requests. While nobody provisions, a sweep each minute and the pollers of both queues are all that runs; this page and the alarms cost more than both.",
        ),
        row(capacity(props, "Write"), capacity(props, "Read"), invocations(props)),
      ],
    });
  }
}

function introduction(tenant: string, url: string): string {
  return `An alarm is red: its description says what to do, and the runbook says more: ${linked(url)}. Is somebody missing? \`npx rollcall explain <who> --tenant ${tenant}\`. Is anything wrong at all? \`npx rollcall doctor --tenant ${tenant}\`.`;
}

/** A path is no link. */
function linked(url: string): string {
  return url.startsWith("https://") ? `[${url}](${url})` : `\`${url}\``;
}

function flow({ tenant }: DashboardProps): Graph {
  return {
    title: "Changes",
    left: [
      own(tenant, "Accepted", "accepted"),
      own(tenant, "Applied", "applied"),
      own(tenant, "Parked", "parked"),
      own(tenant, "Refused", "refused"),
      own(tenant, "Unchanged", "asked for what was so"),
    ],
  };
}

function waiting({ tenant, pendingMinutes }: DashboardProps): Graph {
  return {
    title: "The oldest change that waits (s)",
    left: [own(tenant, "OldestPendingSeconds", "waits since", Stats.MAXIMUM)],
    leftAnnotations: [{ value: pendingMinutes * 60, label: "alarm", color: Color.RED }],
  };
}

function deadLetters({ lanes }: DashboardProps): Graph {
  return {
    title: "Dead letters",
    left: Object.entries(lanes).map(([name, lane]) =>
      lane.deadLetters.metricApproximateNumberOfMessagesVisible({
        label: name.toLowerCase(),
        statistic: Stats.MAXIMUM,
        period,
      }),
    ),
  };
}

function leaversClock({ tenant, leaversLimitMinutes }: DashboardProps): Graph {
  return {
    title: "Until a leaver is seen as one (ms)",
    left: [Stats.p(50), Stats.p(99), Stats.MAXIMUM].map((one) => own(tenant, "LeaverLatencyMs", one, one)),
    leftAnnotations: [{ value: leaversLimitMinutes * 60_000, label: "limit", color: Color.RED }],
  };
}

function leaversOver({ tenant }: DashboardProps): Graph {
  return {
    title: "Leavers over the limit, and the brake",
    left: [
      own(tenant, "LeaversLate", "were late"),
      own(tenant, "LeaversWaiting", "still active", Stats.MAXIMUM),
      own(tenant, "BrakeTripped", "the brake tripped"),
    ],
  };
}

function requests({ http }: DashboardProps): Graph {
  return {
    title: "Requests",
    left: [
      http.metricCount({ label: "all", statistic: Stats.SUM, period }),
      http.metricClientError({ label: "4xx", statistic: Stats.SUM, period }),
      http.metricServerError({ label: "5xx", statistic: Stats.SUM, period }),
    ],
  };
}

function latency({ http }: DashboardProps): Graph {
  return {
    title: "Until an answer (ms)",
    left: [Stats.p(50), Stats.p(99)].map((one) => http.metricLatency({ label: one, statistic: one, period })),
  };
}

function applyLatency({ tenant }: DashboardProps): Graph {
  return {
    title: "From accepted to applied (ms)",
    left: [Stats.p(50), Stats.p(99)].map((one) => own(tenant, "ApplyLatencyMs", one, one)),
  };
}

function functionErrors({ functions }: DashboardProps): Graph {
  return {
    title: "Errors and throttles of the functions",
    left: Object.entries(functions).flatMap(([name, one]) => [
      one.metricErrors({ label: `${name.toLowerCase()}: errors`, statistic: Stats.SUM, period }),
      one.metricThrottles({ label: `${name.toLowerCase()}: throttles`, statistic: Stats.SUM, period }),
    ]),
  };
}

function durations({ functions }: DashboardProps): Graph {
  return {
    title: "Duration of the functions, p99 (ms)",
    left: Object.entries(functions).map(([name, one]) =>
      one.metricDuration({ label: name.toLowerCase(), statistic: Stats.p(99), period }),
    ),
  };
}

function queueAges({ lanes }: DashboardProps): Graph {
  return {
    title: "The oldest message of each lane (s)",
    left: Object.entries(lanes).map(([name, { queue }]) =>
      queue.metricApproximateAgeOfOldestMessage({ label: name.toLowerCase(), statistic: Stats.MAXIMUM, period }),
    ),
  };
}

function capacity({ tables }: DashboardProps, what: "Read" | "Write"): Graph {
  return {
    title: `${what} units`,
    left: [
      capacityMetric(what, tables.scim).with({ label: "Scim" }),
      capacityMetric(what, tables.scim, waitingIndex).with({ label: "its index of who waits" }),
      capacityMetric(what, tables.directory).with({ label: "Directory" }),
      ...(tables.events === undefined ? [] : [capacityMetric(what, tables.events).with({ label: "Events" })]),
    ],
  };
}

function invocations({ functions, lanes }: DashboardProps): Graph {
  return {
    title: "Invocations and messages",
    left: [
      ...Object.entries(functions).map(([name, one]) =>
        one.metricInvocations({ label: name.toLowerCase(), statistic: Stats.SUM, period }),
      ),
      ...Object.entries(lanes).map(([name, { queue }]) =>
        queue.metricNumberOfMessagesSent({ label: `messages: ${name.toLowerCase()}`, statistic: Stats.SUM, period }),
      ),
    ],
  };
}
