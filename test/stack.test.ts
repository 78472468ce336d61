/** The template keeps the promises of the design: nothing is lost, nothing is shared, nobody may do more than he must. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { createTableInputs } from "../lib/aws/table-definition.ts";
import { type DeploymentSettings, TenantStack } from "../lib/cdk/tenant-stack.ts";

const settings: DeploymentSettings = {
  environment: { account: "111122223333", region: "eu-central-1" },
  logRetentionDays: 30,
  alarms: { pendingMinutes: 15 },
};
const topicArn = "arn:aws:sns:eu-central-1:111122223333:on-call";
const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/2e1f";

let template: Template;

beforeAll(() => {
  template = synthesise(settings);
});

describe("the tables", () => {
  test("keep every point in time, cannot be deleted by accident, and outlive their stack", () => {
    template.allResources("AWS::DynamoDB::Table", {
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
        TableName: Match.absent(),
      },
    });
    template.resourceCountIs("AWS::DynamoDB::Table", 2);
  });

  test("have the keys and the sparse index that the contract suite runs on", () => {
    const deployed = Object.values(template.findResources("AWS::DynamoDB::Table")).map(({ Properties }) => Properties);
    const tested = createTableInputs({ scim: "scim", directory: "directory" });
    const shape = ({ KeySchema, AttributeDefinitions, GlobalSecondaryIndexes }: Record<string, unknown>) => {
      return { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes };
    };
    expect(deployed.map(shape)).toEqual(tested.map((input) => shape({ ...input })));
  });

  test("of a rehearsal go with their stack", () => {
    synthesise(settings, { ephemeral: true }).allResources("AWS::DynamoDB::Table", {
      DeletionPolicy: "Delete",
      Properties: { DeletionProtectionEnabled: false },
    });
  });
});

describe("the lanes", () => {
  test("there are two, and each gives up a message after five receives into its own dead-letter queue", () => {
    const queues = Object.entries(template.findResources("AWS::SQS::Queue"));
    const targets = queues.flatMap(([, queue]) => {
      const redrive = queue["Properties"]["RedrivePolicy"];
      return redrive === undefined
        ? []
        : [{ receives: redrive.maxReceiveCount, to: redrive.deadLetterTargetArn["Fn::GetAtt"][0] }];
    });
    expect(queues).toHaveLength(4);
    expect(targets.map(({ receives }) => receives)).toEqual([5, 5]);
    expect(new Set(targets.map(({ to }) => to)).size).toBe(2);
  });

  test("a message stays hidden for six time-outs of the worker", () => {
    const worker = lambda("Worker");
    const hidden = Object.values(template.findResources("AWS::SQS::Queue")).flatMap((queue) => {
      return queue["Properties"]["VisibilityTimeout"] ?? [];
    });
    expect(hidden).toEqual([worker["Timeout"] * 6, worker["Timeout"] * 6]);
  });

  test("dead letters are kept for as long as SQS can, and longer than on the queue they came from", () => {
    const days = (deadLetters: boolean) => {
      const queues = Object.values(template.findResources("AWS::SQS::Queue")).map((queue) => queue["Properties"]);
      const some = queues.filter(({ RedrivePolicy }) => (RedrivePolicy === undefined) === deadLetters);
      return some.map(({ MessageRetentionPeriod }) => MessageRetentionPeriod / 86_400);
    };
    expect(days(false)).toEqual([4, 4]);
    expect(days(true)).toEqual([14, 14]);
  });

  test("all queues are encrypted and refuse plain HTTP", () => {
    template.allResourcesProperties("AWS::SQS::Queue", { SqsManagedSseEnabled: true });
    template.resourcePropertiesCountIs(
      "AWS::SQS::QueuePolicy",
      {
        PolicyDocument: {
          Statement: [Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } })],
        },
      },
      4,
    );
  });

  test("both lanes start the worker, which reports the messages that failed one by one", () => {
    template.resourcePropertiesCountIs(
      "AWS::Lambda::EventSourceMapping",
      { BatchSize: 10, FunctionResponseTypes: ["ReportBatchItemFailures"], FunctionName: { Ref: logicalId("Worker") } },
      2,
    );
    const mappings = Object.values(template.findResources("AWS::Lambda::EventSourceMapping"));
    expect(mappings.map((mapping) => mapping["Properties"]["ScalingConfig"])).toEqual([
      { MaximumConcurrency: 10 },
      { MaximumConcurrency: 20 },
    ]);
  });
});

describe("the functions", () => {
  test("there are three, on Lambda's Node 24 and ARM", () => {
    template.resourceCountIs("AWS::Lambda::Function", 3);
    template.allResourcesProperties("AWS::Lambda::Function", { Runtime: "nodejs24.x", Architectures: ["arm64"] });
  });

  test("each is told the tables, the queues and the hash of the tenant file, and nothing secret", () => {
    template.allResourcesProperties("AWS::Lambda::Function", {
      Environment: {
        Variables: {
          ROLLCALL_TENANT: "acme",
          TENANT_HASH: "0123456789ab",
          SCIM_TABLE: Match.anyValue(),
          DIRECTORY_TABLE: Match.anyValue(),
          LEAVERS_QUEUE_URL: Match.anyValue(),
          LEAVERS_DEAD_LETTER_URL: Match.anyValue(),
          CHANGES_QUEUE_URL: Match.anyValue(),
          CHANGES_DEAD_LETTER_URL: Match.anyValue(),
          ROLLCALL_PUBLIC_URL: Match.absent(),
        },
      },
    });
  });

  test("each logs to its own group, which is kept for as long as the tenant file says", () => {
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 30 });
    const groups = Object.values(template.findResources("AWS::Lambda::Function")).map(
      (one) => one["Properties"]["LoggingConfig"]["LogGroup"]["Ref"],
    );
    expect(new Set(groups).size).toBe(3);
  });

  test("the worker may send messages to itself: Lambda's loop detection would end a long walk", () => {
    expect(lambda("Worker")["RecursiveLoop"]).toBe("Allow");
    expect(lambda("Api")["RecursiveLoop"]).toBeUndefined();
  });

  test("the sweeper runs every minute, and the next minute is its retry", () => {
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: "rate(1 minute)",
      State: "ENABLED",
      Target: {
        Arn: { "Fn::GetAtt": [logicalId("Sweeper"), "Arn"] },
        RetryPolicy: { MaximumRetryAttempts: 0 },
      },
    });
  });
});

describe("the rights", () => {
  test("nobody may do all actions, or act on all resources", () => {
    const tooMuch = statements().filter(({ actions, resources }) => {
      return actions.some((action) => action.includes("*")) || resources.includes("*");
    });
    expect(tooMuch).toEqual([]);
  });

  test("the worker alone writes the directory", () => {
    const writers = statements().filter(({ actions, resources }) => {
      return (
        actions.some((action) => writes.includes(action)) &&
        resources.some((resource) => resource === "Directory table")
      );
    });
    expect(new Set(writers.map(({ role }) => role))).toEqual(new Set([logicalId("WorkerRole")]));
  });

  test("each role is exactly this", () => {
    expect(rightsOf("Api")).toEqual({
      "Scim table": [...reads, ...writes].sort(),
      "Directory table": reads,
      "Leavers queue": ["sqs:SendMessage"],
      "Changes queue": ["sqs:SendMessage"],
      ApiLog: logs,
    });
    expect(rightsOf("Worker")).toEqual({
      "Scim table": [...reads, ...writes].sort(),
      "Directory table": [...reads, ...writes].sort(),
      "Leavers queue": [...consumes, "sqs:SendMessage"],
      "Changes queue": [...consumes, "sqs:SendMessage"],
      "Leavers dead letters": ["sqs:SendMessage"],
      "Changes dead letters": ["sqs:SendMessage"],
      WorkerLog: logs,
    });
    expect(rightsOf("Sweeper")).toEqual({
      "Scim table": ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      "waiting index": ["dynamodb:Query"],
      "Leavers queue": ["sqs:SendMessage"],
      "Changes queue": ["sqs:SendMessage"],
      SweeperLog: logs,
    });
  });
});

describe("the API", () => {
  test("every path and method goes to the function, so the gateway never answers a client by itself (R91)", () => {
    template.resourceCountIs("AWS::ApiGatewayV2::Route", 1);
    template.hasResourceProperties("AWS::ApiGatewayV2::Route", { RouteKey: "$default", AuthorizationType: "NONE" });
    template.hasResourceProperties("AWS::ApiGatewayV2::Integration", {
      IntegrationType: "AWS_PROXY",
      PayloadFormatVersion: "2.0",
      IntegrationUri: { "Fn::GetAtt": [logicalId("Api"), "Arn"] },
    });
  });

  test("its access log holds neither path nor query string: both may name a person (R122)", () => {
    const [stage] = Object.values(template.findResources("AWS::ApiGatewayV2::Stage"));
    const format: string = stage?.["Properties"]["AccessLogSettings"]["Format"];
    expect(format).toContain("$context.requestId");
    expect(format).not.toMatch(/path|querystring|authorizer|header|identity/i);
  });

  test("a custom domain speaks TLS 1.2 or later (R119), and is the base URL", () => {
    const domain = { name: "scim.example.com", certificateArn };
    const own = synthesise({ ...settings, domain });
    own.hasResourceProperties("AWS::ApiGatewayV2::DomainName", {
      DomainName: "scim.example.com",
      DomainNameConfigurations: [
        { CertificateArn: certificateArn, EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" },
      ],
    });
    own.resourceCountIs("AWS::ApiGatewayV2::ApiMapping", 1);
    own.hasOutput("ScimBaseUrl", { Value: "https://scim.example.com/scim/v2" });
    own.hasOutput("DomainTarget", {});
    own.allResourcesProperties("AWS::Lambda::Function", {
      Environment: { Variables: { ROLLCALL_PUBLIC_URL: "https://scim.example.com" } },
    });
  });
});

describe("the alarms", () => {
  test.each([
    ["a dead letter of a leaver", { MetricName: "ApproximateNumberOfMessagesVisible", Threshold: 0 }],
    ["a change that waits too long", { MetricName: "OldestPendingSeconds", Namespace: "Rollcall", Threshold: 900 }],
    ["a function that fails", { MetricName: "Errors", Namespace: "AWS/Lambda", Threshold: 0 }],
    ["an answer 5xx", { MetricName: "5xx", Namespace: "AWS/ApiGateway", Threshold: 0 }],
  ])("%s", (_what, alarm) => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", { ...alarm, ComparisonOperator: "GreaterThanThreshold" });
  });

  test("there is one for each dead-letter queue and each function", () => {
    const watched = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map((alarm) => {
      return `${alarm["Properties"]["MetricName"]} ${JSON.stringify(alarm["Properties"]["Dimensions"])}`;
    });
    expect(watched).toHaveLength(7);
    expect(new Set(watched).size).toBe(7);
  });

  test("a sweep that reports nothing is an alarm too", () => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "OldestPendingSeconds",
      Dimensions: [{ Name: "service", Value: "acme" }],
      TreatMissingData: "breaching",
    });
  });

  test("all tell the topic of the tenant file when they begin and when they end", () => {
    synthesise({ ...settings, alarms: { pendingMinutes: 15, topicArn } }).allResourcesProperties(
      "AWS::CloudWatch::Alarm",
      {
        AlarmActions: [topicArn],
        OKActions: [topicArn],
      },
    );
  });
});

describe("the stack", () => {
  test("tells where its API, tables and queues are", () => {
    expect(Object.keys(template.findOutputs("*")).sort()).toEqual([
      "ChangesDeadLetterUrl",
      "ChangesQueueUrl",
      "DirectoryTableName",
      "LeaversDeadLetterUrl",
      "LeaversQueueUrl",
      "ScimBaseUrl",
      "ScimTableName",
      "TenantHash",
    ]);
  });

  test("is named by its tenant, tagged for cost allocation, and protected from deletion", () => {
    const app = new App({ context });
    const stack = new TenantStack(app, props(settings));
    const artifact = app.synth().getStackByName("rollcall-acme");
    expect(artifact.tags).toEqual({ "rollcall:tenant": "acme" });
    expect(artifact.terminationProtection).toBe(true);
    expect(stack.region).toBe("eu-central-1");
  });

  test("a number of days that CloudWatch does not offer is refused with those it does", () => {
    expect(() => synthesise({ ...settings, logRetentionDays: 31 })).toThrow(
      /keeps logs for 1, 3, 5, 7, .* days, not for 31\.$/,
    );
  });
});

/** What stands where a promise is checked, by the beginning of its logical id. */
const things = {
  TablesScim: "Scim table",
  TablesDirectory: "Directory table",
  LeaversQueue: "Leavers queue",
  ChangesQueue: "Changes queue",
  LeaversDeadLetters: "Leavers dead letters",
  ChangesDeadLetters: "Changes dead letters",
};
type FunctionName = "Api" | "Worker" | "Sweeper";
// Sorted, as the template has them.
const reads = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
const writes = ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"];
const consumes = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];

// The code is not bundled here, so that a template takes milliseconds; test/bundle.test.ts looks at the bundles.
const { context: flags } = JSON.parse(readFileSync(join(import.meta.dirname, "../cdk.json"), "utf8"));
const context = { ...flags, "aws:cdk:bundling-stacks": [] };

function synthesise(settings: DeploymentSettings, options: { ephemeral?: boolean } = {}): Template {
  return Template.fromStack(new TenantStack(new App({ context }), { ...props(settings), ...options }));
}

function props(settings: DeploymentSettings) {
  return { tenant: "acme", settings, tenantPath: "tenants/acme.json", tenantHash: "0123456789ab" };
}

/** CDK adds eight letters to the path of a construct. */
function logicalId(name: FunctionName | `${FunctionName}Role`): string {
  const ids = Object.keys(template.toJSON()["Resources"]);
  return ids.find((id) => new RegExp(`^Functions${name}[0-9A-F]{8}$`).test(id)) ?? name;
}

function lambda(name: FunctionName): Record<string, any> {
  return template.findResources("AWS::Lambda::Function")[logicalId(name)]?.["Properties"];
}

interface Statement {
  readonly role: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Every statement that allows something to one of our roles. */
function statements(): Statement[] {
  const inline = Object.entries(template.findResources("AWS::IAM::Role")).flatMap(([role, { Properties }]) => {
    return (Properties.Policies ?? []).map((policy: any) => ({ role, document: policy.PolicyDocument }));
  });
  const attached = Object.values(template.findResources("AWS::IAM::Policy")).flatMap(({ Properties }) => {
    return Properties.Roles.map((role: any) => ({ role: role.Ref, document: Properties.PolicyDocument }));
  });
  return [...inline, ...attached].flatMap(({ role, document }) => {
    return document.Statement.map((statement: any) => {
      expect(statement.Effect).toBe("Allow");
      return { role, actions: [statement.Action].flat(), resources: [statement.Resource].flat().map(thing) };
    });
  });
}

/** A resource of a statement in words; what has none stays as it is in the template. */
function thing(resource: any): string {
  const [arn, rest = ""] = resource["Fn::Join"]?.[1] ?? [resource];
  const id = String(arn?.["Fn::GetAtt"]?.[0] ?? JSON.stringify(resource));
  if (/^Functions\w+Log/.test(id)) return id.slice("Functions".length, -8);
  const name = Object.entries(things).find(([prefix]) => id.startsWith(prefix))?.[1];
  return rest === "/index/waiting" ? "waiting index" : (name ?? resource);
}

function rightsOf(name: FunctionName): Record<string, string[]> {
  const rights: Record<string, string[]> = {};
  for (const { actions, resources } of statements().filter(({ role }) => role === logicalId(`${name}Role`))) {
    for (const resource of resources) rights[resource] = [...(rights[resource] ?? []), ...actions].sort();
  }
  return rights;
}
