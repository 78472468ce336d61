/** The metrics of a tenant that are no construct's own: what our functions report, and what tables and queues use. */
import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { metricsNamespace } from "../config.ts";

/** Reported by lib/handlers/telemetry.ts; test/cdk/dashboard.test.ts holds the names against those that there are. */
export function tenantMetric(tenant: string, metricName: string, statistic: string, period: Duration): Metric {
  return new Metric({
    namespace: metricsNamespace,
    metricName,
    dimensionsMap: { service: tenant },
    period,
    statistic,
  });
}

/** Also of a table that was adopted. `index`: of that alone, which the table's own number does not hold. */
export function capacityMetric(what: "Read" | "Write", tableName: string, index?: string): Metric {
  return new Metric({
    namespace: "AWS/DynamoDB",
    metricName: `Consumed${what}CapacityUnits`,
    dimensionsMap: { TableName: tableName, ...(index === undefined ? {} : { GlobalSecondaryIndexName: index }) },
    period: Duration.minutes(5),
    statistic: "Sum",
  });
}
