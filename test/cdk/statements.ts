/** Everything in a template that lets somebody do something, or forbids it, in sentences. */
import type { Template } from "aws-cdk-lib/assertions";

/** Things in words, by the beginning of their logical ids. */
const things: Readonly<Record<string, string>> = {
  TablesScim: "Scim table",
  TablesDirectory: "Directory table",
  LeaversQueue: "Leavers queue",
  ChangesQueue: "Changes queue",
  LeaversDeadLetters: "Leavers dead letters",
  ChangesDeadLetters: "Changes dead letters",
  TablesEvents: "Events table",
  EventsSinkbusQueue: "bus queue",
  EventsSinkbusDeadLetters: "bus dead letters",
  EventsSinkpayrollQueue: "payroll queue",
  EventsSinkpayrollDeadLetters: "payroll dead letters",
  EventsBus: "Event bus",
  EventsPublisherLog: "Publisher log",
  EventsDeliverLog: "Deliver log",
  EventsFeedLog: "Feed log",
  OAuthLog: "OAuth log",
  EventsPublisherRole: "Publisher role",
  EventsDeliverRole: "Deliver role",
  EventsFeedRole: "Feed role",
  OAuthRole: "OAuth role",
  EventsSchedulerRole: "Events scheduler role",
  EventsPublisher: "Publisher function",
  EventsDeliver: "Deliver function",
  EventsFeed: "Feed function",
  OAuth: "OAuth function",
  FunctionsApiLog: "Api log",
  FunctionsWorkerLog: "Worker log",
  FunctionsSweeperLog: "Sweeper log",
  FunctionsApiRole: "Api role",
  FunctionsWorkerRole: "Worker role",
  FunctionsSweeperRole: "Sweeper role",
  FunctionsSchedulerRole: "Scheduler role",
  FunctionsApi: "Api function",
  FunctionsWorker: "Worker function",
  FunctionsSweeper: "Sweeper function",
  Reader: "Reader policy",
  ApiHttp: "HTTP API",
  AlarmsMail: "Alarm topic",
};

export interface Statement {
  /** Where it stands: a role, a queue's policy. */
  readonly of: string;
  readonly effect: string;
  /** Who, in a policy that names somebody; a role's own statements name nobody. */
  readonly principal?: string;
  readonly actions: readonly string[];
  /** What a resource policy is about need not be named in it. */
  readonly resources: readonly string[];
  readonly condition?: string;
}

/** Every statement of every document in the template, wherever it stands, and every permission of a function. */
export function statementsIn(template: Template): Statement[] {
  const resources: Record<string, any> = template.toJSON()["Resources"];
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    Type === "AWS::Lambda::Permission"
      ? [permission(Properties)]
      : documentsIn(Properties).flatMap((document) => document.map((one: any) => statement(ownerOf(id), one))),
  );
}

/** A document stands at different depths in different types; none is to be overlooked. */
function documentsIn(value: any): any[][] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap((one) => documentsIn(one));
  return Array.isArray(value["Statement"]) ? [value["Statement"], ...inner] : inner;
}

function statement(
  of: string,
  { Effect, Principal, Action, NotAction, Resource, NotResource, Condition }: any,
): Statement {
  if (NotAction !== undefined || NotResource !== undefined) throw new Error(`${of} has a statement about all but some`);
  return {
    of,
    effect: Effect,
    ...(Principal !== undefined && { principal: worded(Principal.Service ?? Principal.AWS ?? Principal) }),
    actions: ([Action].flat() as string[]).toSorted(),
    resources: [Resource ?? []].flat().map(worded),
    ...(Condition !== undefined && { condition: worded(Condition) }),
  };
}

function permission({ Action, FunctionName, Principal, SourceArn, SourceAccount }: any): Statement {
  const condition = [SourceArn, SourceAccount].filter((one) => one !== undefined).map(worded);
  return {
    of: worded(FunctionName),
    effect: "Allow",
    principal: Principal,
    actions: [Action],
    resources: [],
    ...(condition.length > 0 && { condition: condition.join(" and ") }),
  };
}

function ownerOf(id: string): string {
  return /Policy[0-9A-F]{8}$/.test(id) ? `${nameOf(id)} policy` : nameOf(id);
}

/** References become names, and joins are joined. */
function worded(value: any): string {
  if (typeof value === "string") return value;
  if ("Ref" in value) return value.Ref.startsWith("AWS::") ? value.Ref.slice("AWS::".length) : nameOf(value.Ref);
  if ("Fn::GetAtt" in value) {
    const [id, attribute] = value["Fn::GetAtt"];
    return attribute === "StreamArn" ? `${nameOf(id)}'s stream` : nameOf(id);
  }
  if ("Fn::Join" in value) return value["Fn::Join"][1].map(worded).join(value["Fn::Join"][0]);
  if (Array.isArray(value)) return value.map(worded).join(", ");
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${worded(inner)}`)
    .join(", ");
}

function nameOf(id: string): string {
  return Object.entries(things).find(([prefix]) => id.startsWith(prefix))?.[1] ?? id;
}
