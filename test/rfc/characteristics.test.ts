/** Characteristics and types of attributes: RFC 7643 sections 2.2, 2.3, 2.4 and 7. */
import { describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../lib/scim/json.ts";
import { user } from "../local/served.ts";
import { groups, scimApi, users } from "./scim-api.ts";

const api = scimApi();
const core = "urn:ietf:params:scim:schemas:core:2.0";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async function definition(urn: string, name: string): Promise<JsonObject | undefined> {
  const { body } = await api.ask("GET", `/scim/v2/Schemas/${urn}`);
  const attributes = Array.isArray(body["attributes"]) ? body["attributes"].filter(isObject) : [];
  return attributes.find((attribute) => attribute["name"] === name);
}

describe("characteristics (RFC 7643 2.2)", () => {
  test.each<[string, string, object, string]>([
    [`${core}:User`, "userName", { uniqueness: "server", required: true, caseExact: false }, "R103, R7"],
    [`${core}:Group`, "displayName", { uniqueness: "server" }, "R103, R7, D12"],
    [`${core}:User`, "password", { mutability: "writeOnly", returned: "never" }, "R101, R102"],
    [`${core}:User`, "groups", { mutability: "readOnly" }, "R101, R107"],
    [`${core}:User`, "title", { uniqueness: "none", returned: "default", mutability: "readWrite" }, "R102, R103"],
  ])("%s says of %s %j (%s)", async (urn, name, said) => {
    expect(await definition(urn, name)).toMatchObject(said);
  });

  test.each([
    ["boolean", { active: "maybe" }],
    ["text", { title: { a: 1 } }],
    ["complex", { name: "Ada" }],
    ["list", { emails: { value: { deep: true } } }],
    ["binary", { x509Certificates: [{ value: { der: "AAEC" } }] }],
    ["complex in complex", { name: { givenName: { first: "A" } } }],
  ])("a wrong %s: 400 invalidValue (R105)", async (_, wrong) => {
    const answer = await api.ask("POST", users, { body: user("wrong@example.com", wrong) });
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
  });

  test.each([
    [{ active: "False" }, { active: false }],
    [{ active: true }, { active: true }],
    [{ x509Certificates: [{ value: "AAEC" }] }, { x509Certificates: [{ value: "AAEC" }] }],
    [{ profileUrl: "https://example.com/Ada" }, { profileUrl: "https://example.com/Ada" }],
  ])("%j is taken as %j (R105, D4)", async (sent, stored) => {
    expect(await api.getUser(await api.newUser(sent))).toMatchObject(stored);
  });

  test.each([
    { emails: [{ value: "a@example.com", type: "private" }] },
    { phoneNumbers: [{ value: "1", type: "cell" }] },
  ])("%j: types that are not canonical are kept (R104)", async (sent) => {
    expect(await api.getUser(await api.newUser(sent))).toMatchObject(sent);
  });

  test("the same type and value twice is one value (R109)", async () => {
    const email = { value: "a@example.com", type: "work" };
    const id = await api.newUser({ emails: [email] });
    const { body } = await api.patchUser(id, { op: "add", path: "emails", value: [email, { ...email, type: "home" }] });
    expect(body["emails"]).toEqual([email, { ...email, type: "home" }]);
  });

  test("a URN is in schemas when, and only when, it has values (R111, R81)", async () => {
    const id = await api.newUser({ [enterprise]: { department: "R" } });
    expect((await api.getUser(id))["schemas"]).toEqual([`${core}:User`, enterprise]);
    const { body } = await api.patchUser(id, { op: "remove", path: `${enterprise}:department` });
    expect([body["schemas"], body[enterprise]]).toEqual([[`${core}:User`], undefined]);
  });

  test("a member is who it is by its value: display and $ref make no other one (R108)", async () => {
    const value = await api.newUser();
    const path = `${groups}/${await api.newGroup("Same", [value])}`;
    const body = { Operations: [{ op: "add", path: "members", value: [{ value, display: "Another", $ref: "x" }] }] };
    expect((await api.ask("PATCH", path, { body })).status).toBe(204);
    expect((await api.ask("GET", path)).body["members"]).toHaveLength(1);
  });
});
