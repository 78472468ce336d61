/** Create: RFC 7644 section 3.3. */
import { describe, expect, test } from "vitest";
import { user } from "../local/served.ts";
import { groups, scimApi, users } from "./scim-api.ts";

const api = scimApi();
const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

describe("create (RFC 7644 3.3)", () => {
  test("id, meta and groups of the client are ignored, not refused (R13, R14)", async () => {
    const sent = { id: "mine", meta: { created: "1999-01-01T00:00:00Z", version: "1" }, groups: [{ value: "g" }] };
    const { status, body } = await api.ask("POST", users, { body: user("given@example.com", sent) });
    expect(status).toBe(201);
    expect(body["id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(body["groups"]).toBeUndefined();
    expect(body["meta"]).toMatchObject({ resourceType: "User", version: 'W/"1"' });
    expect(body["meta"]).not.toMatchObject({ created: "1999-01-01T00:00:00Z" });
  });

  test.each([
    ["missing", {}],
    ["null", { userName: null }],
    ["empty", { userName: "" }],
    ["a number", { userName: 7 }],
  ])("a userName that is %s: 400 invalidValue that names it (R16, D10)", async (_, sent) => {
    const { body } = await api.ask("POST", users, { body: { schemas: [userSchema], ...sent } });
    expect(body).toMatchObject({
      status: "400",
      scimType: "invalidValue",
      detail: expect.stringContaining("userName"),
    });
  });

  test.each([
    ["missing", undefined],
    ["empty", []],
    ["with an unknown URN beside", [userSchema, "urn:example:unknown"]],
    ["in capitals", [userSchema.toUpperCase()]],
  ])("schemas %s is taken, and answered as it should be (R17, D9)", async (name, schemas) => {
    const body = { userName: `${name}@example.com`, ...(schemas && { schemas }) };
    const answer = await api.ask("POST", users, { body });
    expect([answer.status, answer.body["schemas"]]).toEqual([201, [userSchema]]);
  });

  test("schemas that names another core schema: 400 (R17, D9)", async () => {
    const answer = await api.ask("POST", users, { body: { schemas: [groupSchema], userName: "group@example.com" } });
    expect(answer).toMatchObject({ status: 400, body: { status: "400" } });
  });

  test("null and [] are the same as absent (R18)", async () => {
    const sent = { title: null, emails: [], name: { givenName: null }, [enterprise]: { department: null } };
    const { body } = await api.ask("POST", users, { body: user("nothing@example.com", sent) });
    expect(Object.keys(body).toSorted()).toEqual(["active", "id", "meta", "schemas", "userName"]);
  });

  test("names in any case come back in the schema's spelling (R19)", async () => {
    const sent = { USERNAME: "case@example.com", NAME: { GIVENNAME: "Ada" }, EMails: [{ VALUE: "a@example.com" }] };
    const { body } = await api.ask("POST", users, { body: sent });
    expect(body).toMatchObject({
      userName: "case@example.com",
      name: { givenName: "Ada" },
      emails: [{ value: "a@example.com" }],
    });
  });

  test("an attribute that no schema has is ignored (R20, D17)", async () => {
    const { status, body } = await api.ask("POST", users, { body: user("more@example.com", { shoeSize: 43 }) });
    expect([status, body["shoeSize"]]).toEqual([201, undefined]);
  });

  test("active is true when nothing is said (R21)", async () => {
    expect(await api.getUser(await api.newUser())).toMatchObject({ active: true });
  });

  test("what was created is found at once, by id and by each filter (R22)", async () => {
    const id = await api.newUser({ userName: "at-once@example.com", externalId: "E1", title: "now" });
    expect(await api.getUser(id)).toMatchObject({ id });
    for (const filter of ['userName eq "AT-once@example.com"', 'externalId eq "E1"', 'title eq "now"', `id eq "${id}"`])
      expect(await api.found(filter)).toEqual(["at-once@example.com"]);
  });

  test("ten at once of the same userName: one 201, nine 409 uniqueness (R15)", async () => {
    const body = user("race@example.com");
    const answers = await Promise.all(Array.from({ length: 10 }, async () => await api.ask("POST", users, { body })));
    const refused = answers.filter(({ status }) => status !== 201);
    const conflict = { status: 409, body: { scimType: "uniqueness" } };
    expect(refused).toMatchObject(Array.from({ length: 9 }, () => conflict));
  });

  test("a group's displayName is taken in any case: 409 uniqueness (D12, R7)", async () => {
    await api.newGroup("Sales");
    const answer = await api.ask("POST", groups, { body: { displayName: "SALES" } });
    expect(answer).toMatchObject({ status: 409, body: { scimType: "uniqueness" } });
  });

  test("two users may have one externalId, and both are found by it (R106, D23)", async () => {
    await api.newUser({ userName: "one@example.com", externalId: "shared" });
    await api.newUser({ userName: "two@example.com", externalId: "shared" });
    expect((await api.found('externalId eq "shared"')).toSorted()).toEqual(["one@example.com", "two@example.com"]);
    expect(await api.found('externalId eq "SHARED"')).toEqual([]);
    expect((await api.getUser(await api.newUser()))["externalId"]).toBeUndefined();
  });

  test("a member that does not exist: 400 invalidValue with the id, and no group (D8)", async () => {
    const unknown = "6f1f3a52-0000-4000-8000-000000000000";
    const answer = await api.ask("POST", groups, { body: { displayName: "Ghosts", members: [{ value: unknown }] } });
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
    expect(answer.body["detail"]).toContain(unknown);
    expect((await api.ask("GET", `${groups}?filter=displayName+eq+"Ghosts"`)).body["totalResults"]).toBe(0);
  });

  test.each([
    // Nobody has the id m-1 yet: kept as given, without a $ref that leads nowhere.
    ["a text", "m-1", { manager: { value: "m-1" } }],
    ["a list of one", [{ value: "m-1" }], { manager: { value: "m-1" } }],
    ["an object", { value: "m-1", displayName: "Boss" }, { manager: { value: "m-1" } }],
    ["an empty text", "", undefined],
    ["an object with an empty value", { value: "" }, undefined],
  ])("manager as %s is answered as an object, or not at all (D20, D10, D21)", async (form, manager, answered) => {
    const id = await api.newUser({ userName: `${form}@example.com`, [enterprise]: { manager } });
    expect((await api.getUser(id))[enterprise]).toEqual(answered);
  });

  test("extension data without its URN in schemas is taken (R112)", async () => {
    const id = await api.newUser({ schemas: [userSchema], [enterprise]: { department: "R" } });
    expect(await api.getUser(id)).toMatchObject({
      schemas: [userSchema, enterprise],
      [enterprise]: { department: "R" },
    });
  });

  test("several primary values: the first stays, the others become false (D18, R109)", async () => {
    const emails = ["a", "b", "c"].map((name) => ({ value: `${name}@example.com`, primary: name !== "a" }));
    const { emails: kept } = await api.getUser(await api.newUser({ emails }));
    expect(kept).toMatchObject([{ primary: false }, { primary: true }, { primary: false }]);
  });

  test("a password is taken, and no answer has it, not even one that asks for it (D16, R26)", async () => {
    const id = await api.newUser({ password: "Tr0ub4dor&3" });
    expect(JSON.stringify(await api.getUser(id))).not.toContain("Tr0ub4dor");
    expect((await api.ask("GET", `${users}/${id}?attributes=password`)).text).not.toContain("assword");
  });
});
