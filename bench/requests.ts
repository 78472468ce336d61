/** The requests of which the CPU is measured, as the functions get them: each prepares its world, and can then be made once. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { sqsEvent } from "../lib/local/sqs-event.ts";
import { apply, type Worker } from "../lib/provisioning/apply.ts";
import type { LaneName, Pointer } from "../lib/provisioning/ports.ts";
import { createResource, deleteResource, patchResource } from "../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../lib/scim/resource-type.ts";
import { apiEvent } from "../test/handlers/event.ts";
import { bodyOfUser, callerOfBench, nameOfBench } from "./operations.ts";

/** Either function with one event; what it answers is checked by `isRight`. */
export type Request =
  | { readonly to: "api"; readonly event: APIGatewayProxyEventV2; readonly status: number }
  | { readonly to: "worker"; readonly event: SQSEvent };

export interface NamedRequest {
  readonly name: string;
  readonly prepare: (w: Worker, token: string) => Promise<Request>;
}

/** Errors: Error when the answer is another one than was measured for. */
export function checkAnswer(request: Request, answer: APIGatewayProxyStructuredResultV2 | SQSBatchResponse): void {
  const failed = "batchItemFailures" in answer && answer.batchItemFailures.length > 0;
  const isRight = request.to === "api" ? "statusCode" in answer && answer.statusCode === request.status : !failed;
  if (!isRight) throw new Error(`a request was answered with ${JSON.stringify(answer).slice(0, 500)}`);
}

const api =
  (
    status: number,
    method: string,
    ask: (w: Worker) => Promise<{ path: string; body?: object }>,
  ): NamedRequest["prepare"] =>
  async (w, token) => {
    const { path, body } = await ask(w);
    const headers = { authorization: `Bearer ${token}`, "user-agent": "Azure AD SCIM" };
    const event = apiEvent(method, `/scim/v2${path}`, { headers, ...(body && { body }) });
    return { to: "api", status, event };
  };

const work =
  (lane: LaneName, prepare: (w: Worker) => Promise<Pointer>): NamedRequest["prepare"] =>
  async (w) => {
    const body = JSON.stringify(await prepare(w));
    const message = { id: w.chance.uuid(), body, receipt: "receipt", receiveCount: 1, sentAt: w.clock.now() };
    return { to: "worker", event: sqsEvent(lane, [message]) };
  };

const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
const patch = (...Operations: object[]) => ({ schemas, Operations });
const newTitle = patch({ op: "replace", path: "title", value: "Countess" });
const inactive = patch({ op: "replace", path: "active", value: false });
const toAdd = (ids: readonly string[]) => patch({ op: "add", path: "members", value: ids.map((value) => ({ value })) });

async function newUser(w: Worker, name = nameOfBench()): Promise<Pointer> {
  const { state } = await createResource(w, userType, bodyOfUser(name), callerOfBench());
  return { type: "User", id: state.id, version: state.version };
}

async function appliedUser(w: Worker, name = nameOfBench()): Promise<Pointer> {
  const user = await newUser(w, name);
  await apply(w, "changes", user);
  return user;
}

async function newUsers(w: Worker, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await newUser(w)).id);
  return ids;
}

async function appliedGroup(w: Worker, size: number): Promise<Pointer> {
  const members = (await newUsers(w, size)).map((value) => ({ value }));
  const { state } = await createResource(w, groupType, { displayName: nameOfBench(), members }, callerOfBench());
  const group = { type: "Group", id: state.id, version: state.version };
  await apply(w, "changes", group);
  return group;
}

const groupSize = 300;

export const requests: readonly NamedRequest[] = [
  {
    name: "create a user",
    prepare: api(201, "POST", async () => ({ path: "/Users", body: bodyOfUser(nameOfBench()) })),
  },
  {
    name: "look up by userName",
    prepare: api(200, "GET", async (w) => {
      const name = nameOfBench();
      await appliedUser(w, name);
      return { path: `/Users?filter=${encodeURIComponent(`userName eq "${name}@contoso.example"`)}` };
    }),
  },
  {
    name: "look up by externalId",
    prepare: api(200, "GET", async (w) => {
      const name = nameOfBench();
      await appliedUser(w, name);
      return { path: `/Users?filter=${encodeURIComponent(`externalId eq "ext-${name}"`)}` };
    }),
  },
  {
    name: "get a user",
    prepare: api(200, "GET", async (w) => ({ path: `/Users/${(await appliedUser(w)).id}` })),
  },
  {
    name: "PATCH one attribute",
    prepare: api(200, "PATCH", async (w) => ({ path: `/Users/${(await appliedUser(w)).id}`, body: newTitle })),
  },
  {
    name: "deactivate",
    prepare: api(200, "PATCH", async (w) => ({ path: `/Users/${(await appliedUser(w)).id}`, body: inactive })),
  },
  {
    name: "PUT a user",
    prepare: api(200, "PUT", async (w) => {
      const name = nameOfBench();
      const { id } = await appliedUser(w, name);
      return { path: `/Users/${id}`, body: { ...bodyOfUser(name), title: "Countess" } };
    }),
  },
  {
    name: "delete a user",
    prepare: api(204, "DELETE", async (w) => ({ path: `/Users/${(await appliedUser(w)).id}` })),
  },
  {
    name: "list a page of 100",
    prepare: api(200, "GET", async (w) => {
      await newUsers(w, 110);
      return { path: "/Users?startIndex=1&count=100" };
    }),
  },
  {
    name: "add a member to a group of 300",
    prepare: api(204, "PATCH", async (w) => {
      const { id } = await appliedGroup(w, groupSize);
      return { path: `/Groups/${id}`, body: toAdd(await newUsers(w, 1)) };
    }),
  },
  {
    name: "add 100 members to a group of 300",
    prepare: api(204, "PATCH", async (w) => {
      const { id } = await appliedGroup(w, groupSize);
      return { path: `/Groups/${id}`, body: toAdd(await newUsers(w, 100)) };
    }),
  },
  {
    name: "get a group without its members",
    prepare: api(200, "GET", async (w) => {
      const { id } = await appliedGroup(w, groupSize);
      return { path: `/Groups/${id}?excludedAttributes=members` };
    }),
  },
  { name: "apply: create a user", prepare: work("changes", async (w) => await newUser(w)) },
  {
    name: "apply: PATCH one attribute",
    prepare: work("changes", async (w) => {
      const user = await appliedUser(w);
      await patchResource(w, userType, user.id, newTitle, callerOfBench());
      return { ...user, version: 2 };
    }),
  },
  {
    name: "apply: deactivate",
    prepare: work("leavers", async (w) => {
      const user = await appliedUser(w);
      await patchResource(w, userType, user.id, inactive, callerOfBench());
      return { ...user, version: 2 };
    }),
  },
  {
    name: "apply: delete a user",
    prepare: work("leavers", async (w) => {
      const user = await appliedUser(w);
      await deleteResource(w, userType, user.id, callerOfBench());
      return { ...user, version: 2 };
    }),
  },
  {
    name: "apply: add a member to a group of 300",
    prepare: work("changes", async (w) => {
      const group = await appliedGroup(w, groupSize);
      await patchResource(w, groupType, group.id, toAdd(await newUsers(w, 1)), callerOfBench());
      return { ...group, version: 2 };
    }),
  },
];
