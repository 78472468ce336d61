/** The template keeps the promises of the design: nothing is lost, nothing fails unseen. For rights see cdk/rights.test.ts. */
import { Stage } from "aws-cdk-lib";
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { createTableInputs } from "../lib/aws/table-definition.ts";
import { acme, eventful, type FunctionName, logicalId as idIn, removeFolder, synthesise } from "./cdk/template.ts";

const topicArn = "arn:aws:sns:eu-central-1:111122223333:on-call";
const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/2e1f";

const keptStream = "arn:aws:dynamodb:eu-central-1:111122223333:table/kept-directory/stream/2026-11-25T02:00:00.000";

const template = synthesise();

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
    synthesise({}, { ephemeral: true }).allResources("AWS::DynamoDB::Table", {
      DeletionPolicy: "Delete",
      Properties: { DeletionProtectionEnabled: false },
    });
  });
});

describe("tables that are adopted", () => {
  const adopted = synthesise({ adopt: { scimTable: "kept-scim", directoryTable: "kept-directory" } });

  test("are referred to, and none is made", () => {
    adopted.resourceCountIs("AWS::DynamoDB::Table", 0);
    adopted.allResourcesProperties("AWS::Lambda::Function", {
      Environment: { Variables: { SCIM_TABLE: "kept-scim", DIRECTORY_TABLE: "kept-directory" } },
    });
    adopted.hasOutput("ScimTableName", { Value: "kept-scim" });
    adopted.hasOutput("DirectoryTableName", { Value: "kept-directory" });
  });

  test("change nothing else of the stack", () => {
    const others = (one: typeof template) =>
      Object.keys(one.toJSON()["Resources"]).filter((id) => !id.startsWith("Tables"));
    expect(others(adopted)).toEqual(others(template));
  });
});

describe("an upgrade", () => {
  // CloudFormation knows a resource by this name alone: with another one it would make a second, empty table or queue and
  // leave the first behind with all that is in it. They never change again, not even when a construct is moved or renamed.
  test.each([
    ["AWS::DynamoDB::Table", ["TablesDirectoryD82D92C0", "TablesScimFEE83665"]],
    [
      "AWS::SQS::Queue",
      ["ChangesDeadLetters18B289EF", "ChangesQueueD86756A9", "LeaversDeadLetters80AD5E72", "LeaversQueue8026BDBB"],
    ],
    ["AWS::ApiGatewayV2::Api", ["ApiHttp17514DA7"]],
  ])("finds what there is of %s: logical ids stay what they were in the first release", (type, ids) => {
    expect(Object.keys(template.findResources(type)).sort()).toEqual(ids);
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
    const own = synthesise({ domain });
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

describe("mutual TLS", () => {
  const domain = { name: "scim.example.com", certificateArn };
  const own = synthesise({
    domain: { ...domain, mutualTls: { truststore: "s3://acme-trust/scim/ca.pem", version: "v1" } },
  });

  test("takes the client certificates of the truststore alone", () => {
    own.hasResourceProperties("AWS::ApiGatewayV2::DomainName", {
      MutualTlsAuthentication: { TruststoreUri: "s3://acme-trust/scim/ca.pem", TruststoreVersion: "v1" },
    });
  });

  test("cannot be got around by the gateway's own address", () => {
    own.hasResourceProperties("AWS::ApiGatewayV2::Api", { DisableExecuteApiEndpoint: true });
  });

  test("is a choice: a domain without it leaves the gateway's own address as it is", () => {
    const without = synthesise({ domain });
    without.hasResourceProperties("AWS::ApiGatewayV2::Api", { DisableExecuteApiEndpoint: false });
    without.hasResourceProperties("AWS::ApiGatewayV2::DomainName", { MutualTlsAuthentication: Match.absent() });
  });
});

describe("the alarms", () => {
  test.each([
    ["a dead letter of a leaver", { MetricName: "ApproximateNumberOfMessagesVisible", Threshold: 0 }],
    ["a change that waits too long", { MetricName: "OldestPendingSeconds", Namespace: "Rollcall", Threshold: 900 }],
    ["a leaver who was late", { MetricName: "LeaversLate", Namespace: "Rollcall", Threshold: 0 }],
    ["a leaver who still waits", { MetricName: "LeaversWaiting", Namespace: "Rollcall", Threshold: 0 }],
    ["a mass deactivation", { MetricName: "BrakeTripped", Namespace: "Rollcall", Threshold: 0 }],
    ["a function that fails", { MetricName: "Errors", Namespace: "AWS/Lambda", Threshold: 0 }],
    ["an answer 5xx", { MetricName: "5xx", Namespace: "AWS/ApiGateway", Threshold: 0 }],
  ])("%s", (_what, alarm) => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", { ...alarm, ComparisonOperator: "GreaterThanThreshold" });
  });

  test("there is one for each dead-letter queue and each function", () => {
    const watched = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map((alarm) => {
      return `${alarm["Properties"]["MetricName"]} ${JSON.stringify(alarm["Properties"]["Dimensions"])}`;
    });
    expect(watched).toHaveLength(10);
    expect(new Set(watched).size).toBe(10);
  });

  test("a sweep that reports nothing is an alarm too", () => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "OldestPendingSeconds",
      Dimensions: [{ Name: "service", Value: "acme" }],
      TreatMissingData: "breaching",
    });
  });

  test("all tell the topic of the tenant file when they begin and when they end", () => {
    synthesise({ alarms: { pendingMinutes: 15, topicArn } }).allResourcesProperties("AWS::CloudWatch::Alarm", {
      AlarmActions: [topicArn],
      OKActions: [topicArn],
    });
  });
});

describe("whoever is told by e-mail", () => {
  const email = ["on-call@example.com", "boss@example.com", "on-call@example.com"];
  const own = synthesise({ alarms: { pendingMinutes: 15, email } });

  test("is subscribed once to a topic of the stack's own, which all alarms tell", () => {
    const subscriptions = Object.values(own.findResources("AWS::SNS::Subscription")).map(
      ({ Properties }) => Properties,
    );
    expect(subscriptions.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`).toSorted()).toEqual([
      "email boss@example.com",
      "email on-call@example.com",
    ]);
    const [topic] = Object.keys(own.findResources("AWS::SNS::Topic"));
    const told = { AlarmActions: [{ Ref: topic }], OKActions: [{ Ref: topic }] };
    own.allResourcesProperties("AWS::CloudWatch::Alarm", told);
  });

  test("may be told beside a topic of the tenant file", () => {
    const both = synthesise({ alarms: { pendingMinutes: 15, email, topicArn } });
    both.allResourcesProperties("AWS::CloudWatch::Alarm", { AlarmActions: [topicArn, { Ref: Match.anyValue() }] });
  });

  test("is nobody by default: then there is no topic", () => {
    template.resourceCountIs("AWS::SNS::Topic", 0);
  });
});

describe("a tenant with events", () => {
  const own = synthesise(eventful);
  const idOf = (name: FunctionName) => idIn(own, name);
  const functionOf = (name: FunctionName): Record<string, any> =>
    own.findResources("AWS::Lambda::Function")[idOf(name)]?.["Properties"] ?? {};

  test("has all that another one has, under the same names, and nothing of it is changed but the stream", () => {
    const before = template.toJSON()["Resources"];
    const after = own.toJSON()["Resources"];
    const changed = Object.keys(before).filter(
      (id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]) && !/^(?:Dashboard|ApiHttp)/.test(id),
    );
    expect(changed).toEqual([expect.stringMatching(/^TablesDirectory/)]);
    const { StreamSpecification, ...rest } = after[changed[0] ?? ""].Properties;
    expect(StreamSpecification).toEqual({ StreamViewType: "NEW_AND_OLD_IMAGES" });
    expect(rest).toEqual(before[changed[0] ?? ""].Properties);
  });

  test("keeps its table, its queues and its bus by the same names in every later release, as above", () => {
    const ids = ["AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Events::EventBus"].flatMap((type) =>
      Object.keys(own.findResources(type)).filter((id) => /Events/.test(id)),
    );
    expect(ids.toSorted()).toEqual([
      "EventsBus45DE4339",
      "EventsSinkbusDeadLetters5579712D",
      "EventsSinkbusQueue0D223F41",
      "EventsSinkpayrollDeadLetters2729816A",
      "EventsSinkpayrollQueue01A844CF",
      "TablesEventsE8DD42EA",
    ]);
  });

  test("has an Events table that keeps every point in time, forgets what is over, and outlives its stack", () => {
    own.resourceCountIs("AWS::DynamoDB::Table", 3);
    own.allResources("AWS::DynamoDB::Table", {
      DeletionPolicy: "Retain",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
        TableName: Match.absent(),
      },
    });
  });

  test("has the publisher read the stream from its beginning, in order, and try a batch again without end", () => {
    own.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionName: { Ref: idOf("Publisher") },
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^TablesDirectory"), "StreamArn"] },
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      ParallelizationFactor: 1,
      MaximumRetryAttempts: Match.absent(),
      MaximumRecordAgeInSeconds: Match.absent(),
    });
  });

  test("ends the publisher before a queue forgets what it was sent", () => {
    expect(functionOf("Publisher")["Timeout"]).toBeLessThan(5 * 60);
  });

  test("has the publisher look each hour for what the stream lost", () => {
    own.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: "rate(1 hour)",
      State: "ENABLED",
      Target: { Arn: { "Fn::GetAtt": [idOf("Publisher"), "Arn"] }, Input: '{"catchUp":true}' },
    });
  });

  test("has for each sink a queue that keeps the order, and dead letters that keep it, too", () => {
    const queues = Object.values(own.findResources("AWS::SQS::Queue")).map(({ Properties }) => Properties);
    const fifo = queues.filter(({ FifoQueue }) => FifoQueue === true);
    const sinks = fifo.filter(({ RedrivePolicy }) => RedrivePolicy !== undefined);
    expect(fifo).toHaveLength(4);
    expect(sinks).toHaveLength(2);
    const secured = { SqsManagedSseEnabled: true };
    for (const sink of sinks) {
      expect(sink).toMatchObject({
        ...secured,
        VisibilityTimeout: 720,
        MessageRetentionPeriod: 14 * 86_400,
        RedrivePolicy: { maxReceiveCount: 100 },
        FifoThroughputLimit: "perMessageGroupId",
        DeduplicationScope: "messageGroup",
      });
    }
    const letters = fifo.filter(({ RedrivePolicy }) => RedrivePolicy === undefined);
    for (const queue of letters) expect(queue).toMatchObject({ ...secured, MessageRetentionPeriod: 14 * 86_400 });
  });

  test("has each sink's queue start the deliverer, which reports the messages that failed one by one, five batches at once", () => {
    for (const sink of ["bus", "payroll"]) {
      own.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        FunctionName: { Ref: idOf("Deliver") },
        EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp(`^EventsSink${sink}Queue`), "Arn"] },
        BatchSize: 10,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        ScalingConfig: { MaximumConcurrency: 5 },
      });
    }
    expect(functionOf("Deliver")["Timeout"] * 6).toBe(720);
  });

  test.each([
    ["Publisher", ["EVENTS_TABLE", "SINK_QUEUE_URLS"]],
    ["Deliver", ["EVENTS_TABLE", "EVENT_BUS_NAME", "SINK_DEAD_LETTER_URLS", "SINK_QUEUE_URLS"]],
    ["Feed", ["EVENTS_TABLE"]],
    ["OAuth", []],
    ["Api", []],
    ["Worker", []],
  ] as const)("tells the function %s what it needs of it, and no more", (name, expected) => {
    const told = Object.keys(functionOf(name)["Environment"].Variables).filter((key) => /EVENT|SINK/.test(key));
    expect(told.toSorted()).toEqual(expected);
  });

  test("answers the feed and the token endpoint by functions of their own, whatever the method", () => {
    const routes = Object.values(own.findResources("AWS::ApiGatewayV2::Route")).map(({ Properties }) => Properties);
    expect(routes.map(({ RouteKey }): string => RouteKey).sort()).toEqual([
      "$default",
      "ANY /events",
      "ANY /oauth/token",
    ]);
  });

  test("has a bus by the name of the stack, where the tenant file asks for one", () => {
    own.hasResourceProperties("AWS::Events::EventBus", { Name: "rollcall-acme" });
    const without = synthesise({ events: { bus: false, webhooks: {} } });
    without.resourceCountIs("AWS::Events::EventBus", 0);
    without.resourceCountIs("AWS::SQS::Queue", 4);
    expect(Object.keys(without.findOutputs("*"))).not.toContain("EventBusName");
  });

  test.each([
    ["a publisher that is behind", { MetricName: "IteratorAge", Namespace: "AWS/Lambda", Threshold: 300_000 }],
    ["a change that cannot be told", { MetricName: "Unpublished", Namespace: "Rollcall", Threshold: 0 }],
  ])("has an alarm for %s", (_what, alarm) => {
    own.hasResourceProperties("AWS::CloudWatch::Alarm", { ...alarm, ComparisonOperator: "GreaterThanThreshold" });
  });

  test("has one for the dead letters of each sink, and for errors of each function", () => {
    const names = (one: typeof template) => Object.keys(one.findResources("AWS::CloudWatch::Alarm"));
    const more = names(own).filter((id) => !names(template).includes(id));
    expect(more.map((id) => id.replace(/^Alarms(.*)[0-9A-F]{8}$/, "$1")).toSorted()).toEqual([
      "DeliverErrors",
      "FeedErrors",
      "OAuthErrors",
      "PublisherBehind",
      "PublisherErrors",
      "SinkbusDeadLetters",
      "SinkpayrollDeadLetters",
      "Unpublished",
    ]);
  });

  test("tells where the feed, the token endpoint, the bus and the queues are", () => {
    const more = Object.keys(own.findOutputs("*")).filter((name) => !(name in template.findOutputs("*")));
    expect(more.toSorted()).toEqual([
      "EventBusName",
      "EventsTableName",
      "FeedUrl",
      "SinkDeadLetterUrls",
      "SinkQueueUrls",
      "TokenUrl",
    ]);
  });

  test("and adopted tables goes on with the Events table that is named, or makes its own", () => {
    const adopt = { scimTable: "kept-scim", directoryTable: "kept-directory", directoryStreamArn: keptStream };
    synthesise({ ...eventful, adopt }).resourceCountIs("AWS::DynamoDB::Table", 1);
    const named = synthesise({ ...eventful, adopt: { ...adopt, eventsTable: "kept-events" } });
    named.resourceCountIs("AWS::DynamoDB::Table", 0);
    named.hasOutput("EventsTableName", { Value: "kept-events" });
    named.hasResourceProperties("AWS::Lambda::EventSourceMapping", { EventSourceArn: keptStream });
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
      "ReaderPolicyArn",
      "RollcallVersion",
      "ScimBaseUrl",
      "ScimTableName",
      "TenantHash",
    ]);
  });

  test("is named by its tenant, tagged for cost allocation, and protected from deletion", () => {
    const stack = acme();
    const artifact = Stage.of(stack)?.synth().getStackByName("rollcall-acme");
    expect(artifact?.tags).toEqual({ "rollcall:tenant": "acme" });
    expect(artifact?.terminationProtection).toBe(true);
    expect(stack.region).toBe("eu-central-1");
    removeFolder(stack);
  });

  test("a number of days that CloudWatch does not offer is refused with those it does", () => {
    expect(() => synthesise({ logRetentionDays: 31 })).toThrow(/keeps logs for 1, 3, 5, 7, .* days, not for 31\.$/);
  });
});

function logicalId(name: FunctionName): string {
  return idIn(template, name);
}

function lambda(name: FunctionName): Record<string, any> {
  return template.findResources("AWS::Lambda::Function")[logicalId(name)]?.["Properties"];
}
