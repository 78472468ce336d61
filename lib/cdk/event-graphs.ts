/** The dashboard's rows about the application's side: whether it learns of changes, and how soon. */
import { type IWidget, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { Events } from "./events.ts";
import { type Graph, own, period, row, text } from "./graph.ts";

type Shown = Pick<Events, "publisher" | "sinks">;

export function eventRows(tenant: string, events: Shown): IWidget[][] {
  return [
    text(
      "## Does the application learn of it?\nPublished is in the feed; delivered is taken by a sink, and counts once for each. What waits or is parked: `events status`.",
    ),
    row(flow(tenant), latency(tenant), publisherAge(events)),
    ...(Object.keys(events.sinks).length === 0 ? [] : [row(waiting(events), parked(events))]),
  ];
}

function flow(tenant: string): Graph {
  return {
    title: "Events",
    left: [
      own(tenant, "Published", "published"),
      own(tenant, "Delivered", "delivered"),
      own(tenant, "Undelivered", "parked"),
      own(tenant, "Unpublished", "could not be made"),
      own(tenant, "FeedGaps", "missing in the feed"),
    ],
  };
}

function latency(tenant: string): Graph {
  const both = [Stats.p(50), Stats.p(99)];
  return {
    title: "From applied to published and to delivered (ms)",
    left: [
      ...both.map((one) => own(tenant, "PublishLatencyMs", `published: ${one}`, one)),
      ...both.map((one) => own(tenant, "DeliveryLatencyMs", `delivered: ${one}`, one)),
    ],
  };
}

function publisherAge({ publisher }: Shown): Graph {
  const label = "publisher";
  return {
    title: "How far the publisher is behind (ms)",
    left: [publisher.metric("IteratorAge", { label, statistic: Stats.MAXIMUM, period })],
  };
}

function waiting({ sinks }: Shown): Graph {
  return {
    title: "Events that wait for a sink",
    left: Object.entries(sinks).flatMap(([label, { queue }]) => [
      queue.metricApproximateNumberOfMessagesVisible({ label, statistic: Stats.MAXIMUM, period }),
      queue.metricApproximateNumberOfMessagesNotVisible({ label: `${label}: tried`, statistic: Stats.MAXIMUM, period }),
    ]),
  };
}

function parked({ sinks }: Shown): Graph {
  return {
    title: "Events that a sink did not take",
    left: Object.entries(sinks).map(([label, { deadLetters }]) =>
      deadLetters.metricApproximateNumberOfMessagesVisible({ label, statistic: Stats.MAXIMUM, period }),
    ),
  };
}
