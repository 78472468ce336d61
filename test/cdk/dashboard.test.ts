/** The dashboard shows what there is: a graph of a metric that nobody reports would be empty and look like good news. */
import { describe, expect, test } from "vitest";
import type { MetricName } from "../../lib/handlers/telemetry.ts";
import { metricsNamespace } from "../../lib/config.ts";
import { eventful, synthesise } from "./template.ts";

const template = synthesise();
const templates = [
  ["a tenant", "always", template],
  ["a tenant with events and OAuth", "events", synthesise(eventful)],
] as const;

interface Shown {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The compiler holds this against the names that telemetry has: none too few, none too many. */
const reported: Readonly<Record<MetricName, "always" | "events">> = {
  Accepted: "always",
  Unchanged: "always",
  Refused: "always",
  Applied: "always",
  Parked: "always",
  ApplyLatencyMs: "always",
  LeaverLatencyMs: "always",
  LeaversLate: "always",
  LeaversWaiting: "always",
  BrakeTripped: "always",
  OldestPendingSeconds: "always",
  Published: "events",
  PublishLatencyMs: "events",
  Unpublished: "events",
  Delivered: "events",
  DeliveryLatencyMs: "events",
  Undelivered: "events",
  FeedGaps: "events",
};

/**
 * What AWS reports by itself, with the dimensions that it reports it by.
 *
 * Source: the pages "Monitoring … metrics" of API Gateway (HTTP APIs), Lambda, SQS and DynamoDB.
 */
const ofAws: Readonly<Record<string, { names: readonly string[]; dimensions: readonly string[] }>> = {
  "AWS/ApiGateway": { names: ["Count", "4xx", "5xx", "Latency", "IntegrationLatency"], dimensions: ["ApiId"] },
  "AWS/Lambda": {
    names: ["Invocations", "Errors", "Throttles", "Duration", "IteratorAge"],
    dimensions: ["FunctionName"],
  },
  "AWS/SQS": {
    names: [
      "NumberOfMessagesSent",
      "ApproximateNumberOfMessagesVisible",
      "ApproximateNumberOfMessagesNotVisible",
      "ApproximateAgeOfOldestMessage",
    ],
    dimensions: ["QueueName"],
  },
  "AWS/DynamoDB": {
    names: ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"],
    dimensions: ["TableName", "GlobalSecondaryIndexName TableName"],
  },
};

const isReported = ({ namespace, name, dimensions }: Shown): boolean => {
  const by = Object.keys(dimensions).toSorted().join(" ");
  if (namespace === metricsNamespace) return name in reported && by === "service" && dimensions["service"] === "acme";
  const known = ofAws[namespace];
  return known !== undefined && known.names.includes(name) && known.dimensions.includes(by);
};

describe("the dashboard", () => {
  test.each(templates)("of %s shows only metrics that somebody reports", (_who, _when, some) => {
    expect(shownBy(bodyOf(some)).filter((metric) => !isReported(metric))).toEqual([]);
  });

  test.each(templates)("of %s shows each that we report of it", (_who, own, some) => {
    const names = shownBy(bodyOf(some)).flatMap(({ namespace, name }) =>
      namespace === metricsNamespace ? [name] : [],
    );
    const due = Object.entries(reported).flatMap(([name, when]) => (when === "always" || when === own ? [name] : []));
    expect(new Set(names)).toEqual(new Set(due));
  });

  test.each(templates)(
    "of %s shows those of all tables, queues and functions and of the API, and of nothing that is not in the stack",
    (_who, _when, some) => {
      const values = shownBy(bodyOf(some)).flatMap(({ namespace, dimensions }) =>
        namespace === metricsNamespace
          ? []
          : [dimensions["GlobalSecondaryIndexName"] ?? Object.values(dimensions).join()],
      );
      const types = ["AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::ApiGatewayV2::Api"];
      const there = types.flatMap((type) => Object.keys(some.findResources(type)));
      expect(new Set(values)).toEqual(new Set([...there, "waiting"]));
    },
  );

  test.each(templates)("of %s shows every alarm", (_who, _when, some) => {
    const alarms = widgetsOf(bodyOf(some)).flatMap(({ properties }) => properties.alarms ?? []);
    expect(new Set(alarms)).toEqual(new Set(Object.keys(some.findResources("AWS::CloudWatch::Alarm"))));
  });

  test("draws the limits of the tenant file into its graphs", () => {
    const own = bodyOf(synthesise({ leavers: { limitMinutes: 7 }, alarms: { pendingMinutes: 30 } }));
    const limits = widgetsOf(own).flatMap(({ properties }) => properties.annotations?.horizontal ?? []);
    expect(limits.map(({ value }) => value)).toEqual([30 * 60, 7 * 60_000]);
  });

  test("of a tenant with adopted tables shows those", () => {
    const own = synthesise({ adopt: { scimTable: "kept-scim", directoryTable: "kept-directory" } });
    const tables = shownBy(bodyOf(own)).flatMap(({ dimensions }) => dimensions["TableName"] ?? []);
    expect(new Set(tables)).toEqual(new Set(["kept-scim", "kept-directory"]));
  });

  test("is not made where the tenant file says so: it may cost three dollars a month", () => {
    expect(synthesise({ dashboard: false }).findResources("AWS::CloudWatch::Dashboard")).toEqual({});
  });

  test.each(templates)("and the alarms of %s look only at metrics that somebody reports", (_who, _when, some) => {
    const alarms = Object.values(some.findResources("AWS::CloudWatch::Alarm")).map(({ Properties: p }) => ({
      namespace: p.Namespace,
      name: p.MetricName,
      dimensions: Object.fromEntries(p.Dimensions.map(({ Name, Value }: any) => [Name, Value])),
    }));
    expect(alarms.filter((metric) => !isReported(metric))).toEqual([]);
  });
});

interface Widget {
  readonly properties: {
    readonly metrics?: readonly (string | object)[][];
    readonly alarms?: readonly string[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
  };
}

/** As CloudWatch gets it, with logical ids in place of names. */
function bodyOf(some: typeof template): string {
  const [board] = Object.values(some.findResources("AWS::CloudWatch::Dashboard"));
  const parts: any[] = board?.["Properties"].DashboardBody["Fn::Join"][1];
  return parts.map((part) => (typeof part === "string" ? part : (part.Ref ?? part["Fn::GetAtt"][0]))).join("");
}

function widgetsOf(body: string): Widget[] {
  const { widgets }: { widgets: Widget[] } = JSON.parse(body);
  return widgets;
}

function shownBy(body: string): Shown[] {
  const rows = widgetsOf(body).flatMap(({ properties }) => properties.metrics ?? []);
  return rows.map((row) => {
    const [namespace = "", name = "", ...pairs] = row.filter((part) => typeof part === "string");
    const dimensions = Object.fromEntries(
      pairs.flatMap((key, n) => (n % 2 === 0 ? [[key, pairs[n + 1] ?? ""] as const] : [])),
    );
    return { namespace, name, dimensions };
  });
}
