/** Tenants that use what the files in tenants/ do not: each is one of those files with something changed. */
import type { JsonObject } from "../../lib/scim/json.ts";

export interface Variant {
  /** Also the tenant's, and the stack's. */
  readonly name: string;
  readonly change: JsonObject;
  /** A key of that file that this one has not. */
  readonly without?: string;
  readonly ephemeral?: boolean;
}

const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/2e1f5b0c-0000-4000-8000-000000000000";

const domain = { name: "scim.example.com", certificateArn };
const environment = { region: "eu-central-1", account: "111122223333" };

const webhook = { url: "https://app.example.com/rollcall" };

export const variants: readonly Variant[] = [
  {
    name: "behind-a-domain",
    change: {
      environment,
      domain,
      alarms: { topicArn: "arn:aws:sns:eu-central-1:111122223333:on-call" },
      dashboard: false,
    },
  },
  {
    name: "asked-for-certificates",
    change: {
      environment,
      domain: { ...domain, mutualTls: { truststore: "s3://acme-trust/scim/ca.pem", version: "3sL4kqtJlcpXroDTDmJ" } },
      allowFrom: ["203.0.113.0/24", "2001:db8::/32"],
      alarms: { email: ["on-call@example.com"], runbookUrl: "https://git.example.com/rollcall/docs/operating.md" },
    },
  },
  {
    name: "going-on-with-tables",
    // Events need the stream of the directory as well.
    change: { adopt: { scimTable: "kept-scim", directoryTable: "kept-directory" } },
    without: "events",
  },
  {
    name: "telling-its-application",
    change: { environment, events: { bus: true, webhooks: { payroll: webhook, wiki: webhook } }, oauth: {} },
  },
  {
    name: "telling-from-kept-tables",
    change: {
      environment,
      adopt: {
        scimTable: "kept-scim",
        directoryTable: "kept-directory",
        directoryStreamArn:
          "arn:aws:dynamodb:eu-central-1:111122223333:table/kept-directory/stream/2026-11-25T02:00:00.000",
      },
      events: { values: true },
    },
  },
  { name: "thrown-away", change: {}, ephemeral: true },
];
