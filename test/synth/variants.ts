/** Tenants that use what the files in tenants/ do not: each is one of those files with something changed. */
import type { JsonObject } from "../../lib/scim/json.ts";

export interface Variant {
  /** Also the tenant's, and the stack's. */
  readonly name: string;
  readonly change: JsonObject;
  readonly ephemeral?: boolean;
}

const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/2e1f5b0c-0000-4000-8000-000000000000";

export const variants: readonly Variant[] = [
  {
    name: "own-domain",
    change: {
      environment: { region: "eu-central-1", account: "111122223333" },
      domain: { name: "scim.example.com", certificateArn },
      alarms: { topicArn: "arn:aws:sns:eu-central-1:111122223333:on-call" },
    },
  },
  {
    name: "adopted",
    change: { adopt: { scimTable: "kept-scim", directoryTable: "kept-directory" } },
  },
  { name: "thrown-away", change: {}, ephemeral: true },
];
