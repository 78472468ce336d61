/**
 * List prices, in one place: dollars, us-east-1, without a free tier and without taxes. A change of theirs is a change here.
 *
 * Nobody asked AWS. In November 2026 each was looked for in stored copies of public web pages: `seenAt` is where it stands as it
 * stands here, mostly a guide of somebody else's, of 2024 to 2026. What has none was not found, and comes from general
 * knowledge. Look them up before you rely on them.
 */
export const pricesAre = "list prices of us-east-1, looked up in November 2026";

export interface Price {
  readonly of: string;
  readonly dollars: number;
  readonly per: string;
  readonly seenAt?: string;
}

export const prices = {
  writeUnit: {
    of: "DynamoDB write request unit, on demand",
    dollars: 0.625,
    per: "million",
    seenAt: "airbyte.com/data-engineering-resources/dynamodb-pricing",
  },
  readUnit: {
    of: "DynamoDB read request unit, on demand",
    dollars: 0.125,
    per: "million",
    seenAt: "airbyte.com/data-engineering-resources/dynamodb-pricing",
  },
  storage: {
    of: "DynamoDB storage, standard",
    dollars: 0.25,
    per: "GB and month",
    seenAt: "aws.amazon.com/dynamodb/pricing",
  },
  backup: { of: "DynamoDB point-in-time recovery", dollars: 0.2, per: "GB and month" },
  gateway: {
    of: "HTTP API request, up to 512 KB",
    dollars: 1,
    per: "million",
    seenAt: "go-cloud.io/aws-api-gateway-pricing",
  },
  invocation: {
    of: "Lambda invocation",
    dollars: 0.2,
    per: "million",
    seenAt: "git.mcrn.ar/mariano/lambda_local_runner",
  },
  compute: {
    of: "Lambda, arm64",
    dollars: 0.000_013_333_4,
    per: "GB-second",
    seenAt: "git.mcrn.ar/mariano/lambda_local_runner",
  },
  queue: {
    of: "SQS request, standard queue",
    dollars: 0.4,
    per: "million",
    seenAt: "cloudburn.io/blog/amazon-sqs-pricing",
  },
  fifoQueue: { of: "SQS request, FIFO queue", dollars: 0.5, per: "million" },
  bus: { of: "EventBridge custom event, up to 64 KB", dollars: 1, per: "million" },
  log: {
    of: "CloudWatch log ingestion",
    dollars: 0.5,
    per: "GB",
    seenAt: "factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards",
  },
  logStorage: { of: "CloudWatch log storage", dollars: 0.03, per: "GB and month" },
  alarm: {
    of: "CloudWatch alarm",
    dollars: 0.1,
    per: "month",
    seenAt: "002-workshop-application-performance-monitoring.huyanh.click/5-optimization",
  },
  metric: {
    of: "CloudWatch custom metric",
    dollars: 0.3,
    per: "month, by the hour",
    seenAt: "signoz.io/guides/cloudwatch-pricing",
  },
  dashboard: {
    of: "CloudWatch dashboard",
    dollars: 3,
    per: "month",
    seenAt: "factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards",
  },
  schedule: {
    of: "EventBridge scheduler, first 14 million",
    dollars: 0,
    per: "million",
    seenAt: "cloudburn.io/blog/amazon-eventbridge-pricing",
  },
} as const satisfies Record<string, Price>;

/**
 * Of an account, each month and for good: what a single tenant's stack may not have to pay. Those of CloudWatch and DynamoDB
 * stand on AWS's own pages, those of Lambda and SQS in the guides above.
 */
export const alwaysFree = {
  alarms: 10,
  metrics: 10,
  dashboards: 3,
  queueRequests: 1_000_000,
  invocations: 1_000_000,
  gbSeconds: 400_000,
  logGb: 5,
  storageGb: 25,
};
