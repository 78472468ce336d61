/** Errors: RFC 7644 section 3.12. */
import { describe, expect, test } from "vitest";
import { user } from "../local/served.ts";
import { groups, scimApi, users } from "./scim-api.ts";

const api = scimApi();
const errorSchema = "urn:ietf:params:scim:api:messages:2.0:Error";
const unknown = `${users}/6f1f3a52-0000-4000-8000-000000000000`;

describe("an error (RFC 7644 3.12)", () => {
  test.each([
    ["GET", unknown, undefined, 404, undefined],
    ["POST", users, "{", 400, "invalidSyntax"],
    ["POST", users, user("x", { active: "perhaps" }), 400, "invalidValue"],
    ["GET", `${users}?filter=x`, undefined, 400, "invalidFilter"],
    ["GET", `${users}?filter=password+pr`, undefined, 403, "sensitive"],
    ["PATCH", unknown, { Operations: [{ op: "remove" }] }, 400, "noTarget"],
    ["PATCH", unknown, { Operations: [{ op: "add", path: "x.y.z", value: 1 }] }, 400, "invalidPath"],
    ["PATCH", unknown, { Operations: [{ op: "replace", path: "meta.created", value: "x" }] }, 400, "mutability"],
    ["PUT", users, undefined, 405, undefined],
    ["GET", "/scim/v1/Users", undefined, 404, undefined],
    ["GET", "/scim/v2/Me", undefined, 501, undefined],
  ])("%s %s %j: %i %s, as a SCIM error with its media type (R91, R92, R93, R115)", async (...line) => {
    const [method, target, body, status, scimType] = line;
    const answer = await api.ask(method, target, body === undefined ? {} : { body });
    expect(answer).toMatchObject({ status, headers: { "content-type": "application/scim+json" } });
    expect(answer.body).toMatchObject({ schemas: [errorSchema], status: String(status), detail: expect.any(String) });
    expect(answer.body["scimType"]).toBe(scimType);
  });

  test.each([
    [{ userName: 7 }, "userName"],
    [{ userName: "x", emails: [[]] }, "emails"],
    [{ userName: "x", name: { givenName: {} } }, "givenName"],
    [{ userName: "x", active: "perhaps" }, "active"],
  ])("%j: the detail names the attribute (R94)", async (body, name) => {
    const answer = await api.ask("POST", users, { body });
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining(name) } });
  });

  test("a duplicate is told by the attribute, and says nothing of the other person but the id (R94, R15)", async () => {
    const id = await api.newUser({ userName: "first@example.com", name: { familyName: "Secretname" } });
    const answer = await api.ask("POST", users, { body: user("First@example.com") });
    expect(answer.body["detail"]).toContain("userName");
    expect(answer.body["detail"]).toContain(id);
    expect(answer.text).not.toContain("Secretname");
  });

  test("what is not offered, as /Me, is a 501 that says what to ask instead (R89, R90)", async () => {
    for (const method of ["GET", "POST", "PATCH"]) {
      const answer = await api.ask(method, "/scim/v2/Me");
      expect(answer).toMatchObject({ status: 501, body: { detail: expect.stringContaining("/Users") } });
    }
  });

  test("what another version of the resource refuses is a 412 without a scimType (R92, R99)", async () => {
    const path = `${groups}/${await api.newGroup("Versioned")}`;
    const answer = await api.ask("DELETE", path, { headers: { "if-match": 'W/"7"' } });
    expect(answer).toMatchObject({ status: 412, body: { status: "412" } });
    expect(answer.body["scimType"]).toBeUndefined();
  });
});
