/**
 * List prices, in one place: dollars, us-east-1, without a free tier and without taxes. A change of theirs is a change here.
 *
 * Looked up in November 2026 in stored public pages: DynamoDB's requests, Lambda, CloudWatch and the scheduler were found there
 * as they stand here; HTTP API, SQS, and DynamoDB's storage and backups were not found and stand as AWS's price pages had
 * them in 2025.
 */
export const pricesAre = "list prices, us-east-1, November 2026";

export interface Price {
  readonly of: string;
  readonly dollars: number;
  readonly per: string;
  /** Found in a public source while this table was written. */
  readonly isChecked: boolean;
}

export const prices = {
  writeUnit: { of: "DynamoDB write request unit, on demand", dollars: 0.625, per: "million", isChecked: true },
  readUnit: { of: "DynamoDB read request unit, on demand", dollars: 0.125, per: "million", isChecked: true },
  storage: { of: "DynamoDB storage, standard", dollars: 0.25, per: "GB and month", isChecked: false },
  backup: { of: "DynamoDB point-in-time recovery", dollars: 0.2, per: "GB and month", isChecked: false },
  gateway: { of: "HTTP API request, up to 512 KB", dollars: 1, per: "million", isChecked: false },
  invocation: { of: "Lambda invocation", dollars: 0.2, per: "million", isChecked: true },
  compute: { of: "Lambda, arm64", dollars: 0.000_013_333_4, per: "GB-second", isChecked: true },
  queue: { of: "SQS request, standard queue", dollars: 0.4, per: "million", isChecked: false },
  log: { of: "CloudWatch log ingestion", dollars: 0.5, per: "GB", isChecked: true },
  logStorage: { of: "CloudWatch log storage", dollars: 0.03, per: "GB and month", isChecked: true },
  alarm: { of: "CloudWatch alarm", dollars: 0.1, per: "month", isChecked: true },
  metric: { of: "CloudWatch custom metric", dollars: 0.3, per: "month, by the hour", isChecked: true },
  dashboard: { of: "CloudWatch dashboard", dollars: 3, per: "month", isChecked: true },
  schedule: { of: "EventBridge scheduler, first 14 million", dollars: 0, per: "million", isChecked: true },
} as const satisfies Record<string, Price>;

/** Of an account, each month and for good: what a single tenant's stack may not have to pay. */
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
