/** The samples of RFC 7644 section 3.7. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../lib/scim/json.ts";
import { parsePatch } from "../../lib/scim/patch-operation.ts";
import { readResource } from "../../lib/scim/resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import type { Ignored } from "../../lib/scim/schema.ts";
import { type Harness, harness, textOf } from "../handlers/harness.ts";
import { user } from "../local/served.ts";
import { bulkSamples } from "./played-elsewhere.ts";
import { sample } from "./sample.ts";

const requestSchema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const requests = bulkSamples.filter((name) => name.includes("request"));

let api: Harness;
beforeEach(async () => {
  api = await harness();
});
afterEach(() => api.close());

test.each(requests)("%s: what each operation holds is read, and nothing of it ignored (R87)", (name) => {
  const ignored = operationsOf(sample(name)).flatMap(ignoredIn);
  // The ids that the client gives to users: ours are others (R13).
  expect(ignored).toEqual(ignored.filter(({ path }) => path === "id"));
});

test("rfc7644-3.7.2-bulk-request-user-in-group: the user of the same request is in the group (R87)", async () => {
  const [alice, group] = await played("rfc7644-3.7.2-bulk-request-user-in-group");
  expect(await memberIdsOf(group)).toEqual([idIn(alice)]);
});

test("rfc7644-3.7.1-bulk-request-circular: each group is in the other (R87)", async () => {
  const [first, second] = await played("rfc7644-3.7.1-bulk-request-circular");
  expect([await memberIdsOf(first), await memberIdsOf(second)]).toEqual([[idIn(second)], [idIn(first)]]);
});

test("rfc7644-3.7.2-bulk-request-enterprise-manager: Alice is Bob's manager (R87)", async () => {
  const [alice, bob] = await played("rfc7644-3.7.2-bulk-request-enterprise-manager");
  const { body } = await api.ask("GET", pathOf(bob));
  expect(body["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]).toMatchObject({
    employeeNumber: "11250",
    manager: { value: idIn(alice) },
  });
});

test("rfc7644-3.7.3-bulk-request is answered as in rfc7644-3.7.3-bulk-response (R87)", async () => {
  const operations = operationsOf(sample("rfc7644-3.7.3-bulk-request"));
  const theirs: Record<string, string> = {};
  // The users that the sample changes, and the versions that it has seen of them.
  for (const { path, version } of operations.slice(1)) {
    const { body, headers } = await api.ask("POST", "/scim/v2/Users", { body: user(textOf(path), { nickName: "x" }) });
    theirs[textOf(path).replace("/Users/", "")] = textOf(body["id"]);
    theirs[JSON.stringify(version).slice(1, -1)] = JSON.stringify(headers["etag"]).slice(1, -1);
  }
  const { status, body } = await api.ask("POST", "/scim/v2/Bulk", {
    body: sample("rfc7644-3.7.3-bulk-request", theirs),
  });
  const expected = sample("rfc7644-3.7.3-bulk-response");
  expect([status, body["schemas"]]).toEqual([200, expected["schemas"]]);
  const outcome = ({ method, bulkId, status }: JsonObject) => ({ method, bulkId, status });
  expect(operationsOf(body).map(outcome)).toEqual(operationsOf(expected).map(outcome));
  expect((await api.ask("GET", pathOf(operationsOf(body)[2]))).body).toMatchObject({ userName: "Dave" });
});

test("rfc7644-3.7.4-bulk-too-large: 413 with a SCIM error, and nothing done (R88)", async () => {
  const data = user("big", { title: "x".repeat(1_048_576) });
  const Operations = [{ method: "POST", path: "/Users", bulkId: "1", data }];
  const answer = await api.ask("POST", "/scim/v2/Bulk", { body: { schemas: [requestSchema], Operations } });
  const { detail, ...expected } = sample("rfc7644-3.7.4-bulk-too-large");
  expect(answer.status).toBe(413);
  expect(answer.body).toMatchObject(expected);
  expect(typeof answer.body["detail"]).toBe(typeof detail);
  expect((await api.ask("GET", "/scim/v2/Users")).body["totalResults"]).toBe(0);
});

/** What came of each operation of a sample: they all create. */
async function played(name: string): Promise<JsonObject[]> {
  const { status, body } = await api.ask("POST", "/scim/v2/Bulk", { body: sample(name) });
  const answered = operationsOf(body);
  expect([status, answered.map((operation) => operation["status"])]).toEqual([200, ["201", "201"]]);
  return answered;
}

async function memberIdsOf(operation: JsonObject | undefined): Promise<unknown[]> {
  const { members } = (await api.ask("GET", pathOf(operation))).body;
  return Array.isArray(members) ? members.map((member) => (isObject(member) ? member["value"] : undefined)) : [];
}

function pathOf(operation: JsonObject | undefined): string {
  return new URL(textOf(operation?.["location"])).pathname;
}

function idIn(operation: JsonObject | undefined): string | undefined {
  return pathOf(operation).split("/").at(-1);
}

function ignoredIn({ method, path, data }: JsonObject): Ignored[] {
  if (method === "DELETE") return [];
  const type = textOf(path).startsWith("/Groups") ? groupType : userType;
  return [...(method === "PATCH" ? parsePatch(type, data) : readResource(type, data)).ignored];
}

function operationsOf({ Operations: list }: JsonObject): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
