/** Who may do what: every statement of the template, by hand. That the roles fit the code is in calls.test.ts. */
import { describe, expect, test } from "vitest";
import { type Statement, statementsIn } from "./statements.ts";
import { eventful, synthesise } from "./template.ts";

const template = synthesise();

// Sorted, as the sentences have them.
const reads = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
const writes = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"];
const consumes = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];

const assumedBy = (service: string, condition?: string) => ({
  principal: `${service}.amazonaws.com`,
  actions: ["sts:AssumeRole"],
  resources: [],
  ...(condition !== undefined && { condition }),
});
const ofTheScheduler = assumedBy(
  "scheduler",
  "StringEquals aws:SourceAccount 111122223333, aws:SourceArn arn:aws:scheduler:eu-central-1:111122223333:schedule-group/default",
);
const queuePolicy = (queue: string) => ({
  of: `${queue} policy`,
  effect: "Deny",
  principal: "*",
  actions: ["sqs:*"],
  resources: [queue],
  condition: "Bool aws:SecureTransport false",
});

/** All that there is, resource policies included: whatever else comes into a template has to come in here. */
const expected: Statement[] = [
  ...allowing(
    "Api role",
    assumedBy("lambda"),
    { actions: [...reads, ...writes].toSorted(), resources: ["Scim table"] },
    { actions: reads, resources: ["Directory table"] },
    { actions: ["sqs:SendMessage"], resources: ["Changes queue", "Leavers queue"] },
    { actions: logs, resources: ["Api log"] },
  ),
  ...allowing(
    "Worker role",
    assumedBy("lambda"),
    { actions: [...reads, ...writes, "dynamodb:ConditionCheckItem"].toSorted(), resources: ["Scim table"] },
    { actions: [...reads, "dynamodb:DeleteItem", "dynamodb:PutItem"].toSorted(), resources: ["Directory table"] },
    { actions: consumes, resources: ["Changes queue", "Leavers queue"] },
    {
      actions: ["sqs:SendMessage"],
      resources: ["Changes dead letters", "Changes queue", "Leavers dead letters", "Leavers queue"],
    },
    { actions: logs, resources: ["Worker log"] },
  ),
  ...allowing(
    "Sweeper role",
    assumedBy("lambda"),
    { actions: ["dynamodb:Query"], resources: ["Scim table/index/waiting"] },
    { actions: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:UpdateItem"], resources: ["Scim table"] },
    { actions: ["sqs:GetQueueAttributes", "sqs:SendMessage"], resources: ["Changes queue", "Leavers queue"] },
    { actions: logs, resources: ["Sweeper log"] },
  ),
  ...allowing("Scheduler role", ofTheScheduler, {
    actions: ["lambda:InvokeFunction"],
    resources: ["Sweeper function"],
  }),
  // What the application attaches to a role of its own.
  ...allowing("Reader policy", { actions: [...reads, "dynamodb:Scan"], resources: ["Directory table"] }),
  ...allowing("Api function", {
    principal: "apigateway.amazonaws.com",
    actions: ["lambda:InvokeFunction"],
    resources: [],
    // Any stage and route of this one API, which has one of each.
    condition: "arn:aws:execute-api:eu-central-1:111122223333:HTTP API/*/*",
  }),
  ...["Leavers queue", "Leavers dead letters", "Changes queue", "Changes dead letters"].map(queuePolicy),
];

describe("the rights", () => {
  test("each statement of the template is one of these, and each of these is there", () => {
    expect(sorted(statementsIn(template))).toEqual(sorted(expected));
  });

  test("nobody is allowed all actions, or to act on all resources; a log's streams are all of that one log", () => {
    const allowed = statementsIn(template).filter(({ effect }) => effect === "Allow");
    expect(allowed.filter(({ actions }) => actions.some((action) => action.includes("*")))).toEqual([]);
    expect(allowed.filter(({ resources }) => resources.some((resource) => resource.includes("*")))).toEqual([]);
  });

  test("the worker alone writes the directory", () => {
    const writers = statementsIn(template).filter(
      ({ actions, resources }) =>
        actions.some((action) => ![...reads, "dynamodb:Scan"].includes(action)) &&
        resources.includes("Directory table"),
    );
    expect(new Set(writers.map(({ of }) => of))).toEqual(new Set(["Worker role"]));
  });

  test("no role has a policy of AWS's, which would change without us", () => {
    const roles = Object.values(template.findResources("AWS::IAM::Role"));
    expect(roles.filter(({ Properties }) => Properties.ManagedPolicyArns !== undefined)).toEqual([]);
    expect(roles).toHaveLength(4);
  });
});

/** What events and OAuth add. */
const added: Statement[] = [
  ...allowing(
    "Publisher role",
    assumedBy("lambda"),
    {
      actions: ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map((one) => `dynamodb:${one}`),
      resources: ["Directory table's stream"],
    },
    { actions: reads, resources: ["Directory table", "Scim table"] },
    { actions: ["dynamodb:Query"], resources: ["Scim table/index/waiting"] },
    { actions: [...reads, ...writes].toSorted(), resources: ["Events table"] },
    { actions: ["sqs:SendMessage"], resources: ["bus queue", "payroll queue"] },
    { actions: logs, resources: ["Publisher log"] },
  ),
  ...allowing(
    "Deliver role",
    assumedBy("lambda"),
    {
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
      resources: ["Events table"],
    },
    { actions: consumes, resources: ["bus queue", "payroll queue"] },
    { actions: ["sqs:SendMessage"], resources: ["bus dead letters", "payroll dead letters"] },
    { actions: ["events:PutEvents"], resources: ["Event bus"] },
    { actions: logs, resources: ["Deliver log"] },
  ),
  ...allowing(
    "Feed role",
    assumedBy("lambda"),
    { actions: ["dynamodb:GetItem"], resources: ["Scim table"] },
    { actions: ["dynamodb:GetItem", "dynamodb:Query"], resources: ["Events table"] },
    { actions: logs, resources: ["Feed log"] },
  ),
  ...allowing(
    "OAuth role",
    assumedBy("lambda"),
    { actions: ["dynamodb:BatchGetItem", "dynamodb:GetItem", ...writes].toSorted(), resources: ["Scim table"] },
    { actions: logs, resources: ["OAuth log"] },
  ),
  ...allowing("Events scheduler role", ofTheScheduler, {
    actions: ["lambda:InvokeFunction"],
    resources: ["Publisher function"],
  }),
  ...[
    ["Feed function", "events"],
    ["OAuth function", "oauth/token"],
  ].flatMap(([of = "", path]) =>
    allowing(of, {
      principal: "apigateway.amazonaws.com",
      actions: ["lambda:InvokeFunction"],
      resources: [],
      condition: `arn:aws:execute-api:eu-central-1:111122223333:HTTP API/*/*/${path}`,
    }),
  ),
  ...["bus queue", "bus dead letters", "payroll queue", "payroll dead letters"].map(queuePolicy),
];

describe("the rights of events and OAuth", () => {
  test("are these, and change nothing of the others", () => {
    expect(sorted(statementsIn(synthesise(eventful)))).toEqual(sorted([...expected, ...added]));
  });

  test("on an adopted stream are those on a stream of the stack's own, by name", () => {
    const directoryStreamArn =
      "arn:aws:dynamodb:eu-central-1:111122223333:table/kept-directory/stream/2026-11-25T02:00";
    const adopt = { scimTable: "kept-scim", directoryTable: "kept-directory", directoryStreamArn };
    const streams = (some: typeof template) =>
      statementsIn(some).flatMap(({ resources }) => resources.filter((one) => one.includes("stream")));
    expect(streams(synthesise({ ...eventful, adopt }))).toEqual([directoryStreamArn]);
  });

  test("nobody but the worker writes the directory, and nobody but the deliverer puts events on the bus", () => {
    const who = (action: RegExp, what: string) =>
      statementsIn(synthesise(eventful)).flatMap(({ of, actions, resources }) =>
        resources.includes(what) && actions.some((one) => action.test(one)) ? [of] : [],
      );
    expect(who(/Put|Update|Delete/, "Directory table")).toEqual(["Worker role"]);
    expect(who(/./, "Event bus")).toEqual(["Deliver role"]);
  });
});

describe("the rights on the topic that sends e-mails", () => {
  test("CloudWatch may publish for the alarms of this stack alone, and nobody without TLS; nothing else is added", () => {
    const own = statementsIn(synthesise({ alarms: { pendingMinutes: 15, email: ["on-call@example.com"] } }));
    const before = new Set(sorted(expected));
    const topic = { actions: ["sns:Publish"], resources: ["Alarm topic"] };
    const [of, account] = ["Alarm topic policy", "111122223333"];
    expect(sorted(own).filter((one) => !before.has(one))).toEqual(
      sorted([
        {
          ...topic,
          of,
          effect: "Allow",
          principal: "cloudwatch.amazonaws.com",
          condition: `ArnLike aws:SourceArn arn:aws:cloudwatch:eu-central-1:${account}:alarm:rollcall-acme-*, StringEquals aws:SourceAccount ${account}`,
        },
        { ...topic, of, effect: "Deny", principal: "*", condition: "Bool aws:SecureTransport false" },
      ]),
    );
    expect(own).toHaveLength(expected.length + 2);
  });
});

describe("the rights on tables that are adopted", () => {
  test("are those on tables of the stack's own, by name", () => {
    const adopted = synthesise({ adopt: { scimTable: "kept-scim", directoryTable: "kept-directory" } });
    expect(tablesOf(adopted)).toEqual(["kept-directory", "kept-scim", "kept-scim/index/waiting"]);
  });
});

/** The tables and indexes that any statement names. */
function tablesOf(some: typeof template): string[] {
  const names = [...JSON.stringify(some.findResources("AWS::IAM::Role")).matchAll(/:table\/([^"]+)"/g)];
  return [...new Set(names.map(([, name = ""]) => name))].sort();
}

function allowing(of: string, ...statements: Omit<Statement, "of" | "effect">[]): Statement[] {
  return statements.map((statement) => ({ of, effect: "Allow", ...statement }));
}

function sorted(statements: readonly Statement[]): string[] {
  return statements.map((statement) => JSON.stringify(statement, Object.keys(statement).toSorted())).toSorted();
}
