/** The template of a tenant, for the tests that look at it. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { App, Stage } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { type DeploymentSettings, TenantStack } from "../../lib/cdk/tenant-stack.ts";

export const settings: DeploymentSettings = {
  environment: { account: "111122223333", region: "eu-central-1" },
  logRetentionDays: 30,
  leavers: { limitMinutes: 5 },
  alarms: { pendingMinutes: 15 },
  dashboard: true,
};

/** What adds to a stack: events with both kinds of sinks, and OAuth. */
export const eventful: Partial<DeploymentSettings> = {
  events: { bus: true, webhooks: { payroll: { url: "https://app.example.com/rollcall" } } },
  oauth: { tokenMinutes: 60 },
};

// The code is not bundled here, so that a template takes milliseconds; test/bundle.test.ts looks at the bundles.
const { context: flags } = JSON.parse(readFileSync(join(import.meta.dirname, "../../cdk.json"), "utf8"));

type Given = [change?: Partial<DeploymentSettings>, options?: { readonly ephemeral?: boolean }];

/** The stack of the tenant acme, in an app of its own. Its folder is the caller's to remove. */
export function acme(...[change = {}, options = {}]: Given): TenantStack {
  const app = new App({ context: { ...flags, "aws:cdk:bundling-stacks": [] } });
  const file = { tenantPath: "tenants/acme.json", tenantHash: "0123456789ab" };
  return new TenantStack(app, {
    tenant: "acme",
    version: "1.0.0",
    settings: { ...settings, ...change },
    ...file,
    ...options,
  });
}

export function synthesise(...given: Given): Template {
  const stack = acme(...given);
  try {
    return Template.fromStack(stack);
  } finally {
    removeFolder(stack);
  }
}

/** Each app makes one, and CDK leaves it behind. */
export function removeFolder(stack: TenantStack): void {
  const outdir = Stage.of(stack)?.outdir;
  if (outdir !== undefined) rmSync(outdir, { recursive: true, force: true });
}

export type FunctionName = "Api" | "Worker" | "Sweeper" | "Publisher" | "Deliver" | "Feed" | "OAuth";

/** Of a function or its role; CDK adds eight letters to the path of a construct. */
export function logicalId(template: Template, name: FunctionName | `${FunctionName}Role`): string {
  const ids = Object.keys(template.toJSON()["Resources"]);
  return ids.find((id) => new RegExp(`^(?:Functions|Events)?${name}[0-9A-F]{8}$`).test(id)) ?? name;
}
