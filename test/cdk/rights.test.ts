/** What each role may do: exactly what its function does, and the worker alone writes the directory. */
import { describe, expect, test } from "vitest";
import { type FunctionName, logicalId, synthesise } from "./template.ts";

const template = synthesise();

/** Resources in words, by the beginning of their logical ids. */
const things = {
  TablesScim: "Scim table",
  TablesDirectory: "Directory table",
  LeaversQueue: "Leavers queue",
  ChangesQueue: "Changes queue",
  LeaversDeadLetters: "Leavers dead letters",
  ChangesDeadLetters: "Changes dead letters",
};

// Sorted, as the template has them.
const reads = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
const writes = ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"];
const consumes = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];

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
    expect(new Set(writers.map(({ role }) => role))).toEqual(new Set([logicalId(template, "WorkerRole")]));
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
  for (const { actions, resources } of statements().filter(({ role }) => role === logicalId(template, `${name}Role`))) {
    for (const resource of resources) rights[resource] = [...(rights[resource] ?? []), ...actions].sort();
  }
  return rights;
}
