import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../lib/scim/json.ts";
import { checkRequired, readResource, replaceResource } from "../../lib/scim/resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import type { ResourceType } from "../../lib/scim/schema.ts";
import { attribute } from "../../lib/scim/schemas/attribute.ts";

const user = "urn:ietf:params:scim:schemas:core:2.0:User";
const group = "urn:ietf:params:scim:schemas:core:2.0:Group";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** What is stored of a user beside `userName` and `active`. */
function stored(body: JsonObject): JsonObject {
  const { userName: _, active: __, ...rest } = readResource(userType, { userName: "ada", ...body }).resource;
  return rest;
}

describe("creating a resource (RFC 7644 3.3)", () => {
  test("R14, R20, D16: what is not stored is left out and listed, without values", () => {
    const { resource, ignored } = readResource(userType, {
      schemas: [user],
      id: "mine",
      userName: "ada",
      groups: [{ value: "1" }],
      meta: { resourceType: "User" },
      password: "secret-1",
      favouriteColour: "red",
      nothing: null,
    });
    expect(resource).toEqual({ userName: "ada", active: true });
    expect(ignored).toEqual([
      { path: "favouriteColour", reason: "unknown" },
      { path: "id", reason: "readOnly" },
      { path: "groups", reason: "readOnly" },
      { path: "meta", reason: "readOnly" },
      { path: "password", reason: "neverStored" },
    ]);
    expect(JSON.stringify(ignored)).not.toContain("secret-1");
  });

  test("R18: what Okta and OneLogin send empty is neither stored nor listed", () => {
    const body = { id: null, userName: "ada", groups: [], roles: [], name: {}, externalId: null, [enterprise]: {} };
    expect(readResource(userType, body)).toEqual({ resource: { userName: "ada", active: true }, ignored: [] });
  });

  test("R21: a user is active unless the body says otherwise; a group is neither", () => {
    expect(readResource(userType, { userName: "ada", active: null }).resource["active"]).toBe(true);
    expect(readResource(userType, { userName: "ada", active: "False" }).resource["active"]).toBe(false);
    expect(readResource(groupType, { displayName: "Sales" }).resource).toEqual({ displayName: "Sales" });
  });

  test("R19: names come in any case and are stored in the schema's spelling and order", () => {
    const { resource } = readResource(userType, {
      ACTIVE: true,
      Name: { GivenName: "Ada" },
      USERNAME: "ada",
      ExternalID: "1",
    });
    expect(JSON.stringify(resource)).toBe(
      '{"externalId":"1","userName":"ada","name":{"givenName":"Ada"},"active":true}',
    );
  });

  test("an attribute in two spellings is 400 invalidSyntax", () => {
    expect(() => readResource(userType, { userName: "ada", UserName: "bob" })).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidSyntax" }),
    );
    const twice = { userName: "ada", [enterprise]: {}, [enterprise.toUpperCase()]: {} };
    expect(() => readResource(userType, twice)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidSyntax" }),
    );
  });

  test.each<[string, Json]>([
    ["missing", null],
    ["empty", []],
    ["a text", user],
    ["in another case", [user.toUpperCase()]],
    ["with a URI that nobody knows", [user, "http://schemas.example/2006/User"]],
  ])("D9: schemas %s is accepted", (_, schemas) => {
    expect(stored({ schemas })).toEqual({});
  });

  test.each<[Json]>([[[group]], [enterprise], [5], [{}]])(
    "D9: schemas %j without the core schema is 400",
    (schemas) => {
      expect(() => stored({ schemas })).toThrow(expect.objectContaining({ status: 400, scimType: "invalidValue" }));
    },
  );

  test.each<[string, unknown]>([
    ["a list", []],
    ["a text", "x"],
    ["null", null],
    ["nothing", undefined],
  ])("%s is no resource: 400 invalidSyntax", (_, body) => {
    expect(() => readResource(userType, body)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidSyntax" }),
    );
  });

  test.each<[ResourceType, JsonObject, string]>([
    [userType, {}, '"userName" is required'],
    [userType, { userName: "" }, '"userName" is required'],
    [userType, { userName: " \t" }, '"userName" is required'],
    [userType, { userName: null }, '"userName" is required'],
    [groupType, { externalId: "1" }, '"displayName" is required'],
  ])("R16, D10: what is required must be there (%#)", (type, body, detail) => {
    expect(() => readResource(type, body)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue", message: expect.stringContaining(detail) }),
    );
  });

  test("names that mean something to JavaScript mean nothing here", () => {
    const body: unknown = JSON.parse(
      '{"userName":"ada","__proto__":{"admin":true},"constructor":{"prototype":{}},"toString":1}',
    );
    const { resource } = readResource(userType, body);
    expect(Object.entries(resource)).toEqual([
      ["userName", "ada"],
      ["active", true],
    ]);
    expect(Object.getPrototypeOf(resource)).toBe(Object.prototype);
  });
});

describe("extensions (RFC 7643 3.3)", () => {
  test.each<[string, JsonObject]>([
    ["R112: under their URN, which schemas does not name", { schemas: [user], [enterprise]: { department: "R&D" } }],
    ["under their URN in another case", { [enterprise.toLowerCase()]: { Department: "R&D" } }],
    ["at the top, where Entra puts them", { department: "R&D" }],
    ["at the top, with nothing at their own place", { department: "R&D", [enterprise]: { department: null } }],
    [
      "at their own place and at the top: their own place counts",
      { Department: "x", [enterprise]: { department: "R&D" } },
    ],
  ])("%s", (_, body) => {
    expect(stored(body)).toEqual({ [enterprise]: { department: "R&D" } });
  });

  test("D20: a manager at the top, as a text", () => {
    expect(stored({ manager: "26118915" })).toEqual({ [enterprise]: { manager: { value: "26118915" } } });
  });

  test("R111: an extension without values is not stored", () => {
    expect(stored({ schemas: [user, enterprise], [enterprise]: { department: null, manager: "" } })).toEqual({});
  });

  test("core attributes under the core schema's URN are core attributes", () => {
    expect(stored({ [user]: { displayName: "Ada", title: "Dr" }, title: "Prof" })).toEqual({
      displayName: "Ada",
      title: "Prof",
    });
  });

  test("R20: an unknown attribute is listed with the URN that it stood under", () => {
    expect(readResource(userType, { userName: "a", [enterprise]: { shoe: 43 } }).ignored).toEqual([
      { path: `${enterprise}:shoe`, reason: "unknown" },
    ]);
  });

  test("an extension that is no object is 400", () => {
    expect(() => stored({ [enterprise]: "x" })).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue" }),
    );
  });

  test("a required extension and its required attributes are asked for", () => {
    const schema = {
      id: "urn:acme",
      name: "Acme",
      description: "",
      attributes: [attribute("badge", "", { required: true })],
    };
    const type = { ...userType, extensions: [{ schema, required: true }] };
    expect(() => checkRequired(type, { userName: "ada" })).toThrow('"urn:acme" is required');
    expect(() => checkRequired(type, { userName: "ada", "urn:acme": {} })).toThrow('"urn:acme:badge" is required');
    expect(() => checkRequired(type, { userName: "ada", "urn:acme": { badge: "1" } })).not.toThrow();
  });
});

describe("members of a group in a body (RFC 7643 4.2)", () => {
  const membersOf = (members: Json) => readResource(groupType, { displayName: "Sales", members }).members;

  test("R108: a member is its id, named once, whatever else is sent", () => {
    const members = [
      { value: "1", display: "Ada", $ref: null },
      "2",
      { Value: "3", TYPE: "group" },
      { value: "1", display: "Ada L.", type: "User" },
      { value: "4", type: "direct" },
      null,
    ];
    expect(membersOf(members)).toEqual([{ value: "1" }, { value: "2" }, { value: "3", type: "Group" }, { value: "4" }]);
  });

  test("D15: an empty list says that there are none; null and nothing do not say", () => {
    expect(membersOf([])).toEqual([]);
    expect(membersOf(null)).toBeUndefined();
    expect(readResource(groupType, { displayName: "Sales" })).toEqual({
      resource: { displayName: "Sales" },
      ignored: [],
    });
  });

  test.each<[Json]>([[[{ display: "Ada" }]], [[{ value: "" }]], [[5]], [[[]]]])(
    "a member without an id is 400: %j",
    (members) => {
      expect(() => membersOf(members)).toThrow(
        expect.objectContaining({
          status: 400,
          scimType: "invalidValue",
          message: expect.stringContaining("members[0]"),
        }),
      );
    },
  );

  test("a user has no members", () => {
    expect(readResource(userType, { userName: "a", members: [{ value: "1" }] }).ignored).toEqual([
      { path: "members", reason: "unknown" },
    ]);
  });
});

describe("replacing a resource (RFC 7644 3.5.1)", () => {
  const current = {
    externalId: "00u1",
    userName: "ada",
    title: "Clerk",
    active: false,
    [enterprise]: { department: "Ops" },
  };

  test("R60, D15: what is left out is cleared, but a leaver does not come back and the key stays", () => {
    expect(replaceResource(userType, current, { userName: "Ada" }).resource).toEqual({
      externalId: "00u1",
      userName: "Ada",
      active: false,
    });
  });

  test("null is the same as left out (R18)", () => {
    const body = { userName: "ada", active: null, externalId: null, title: null };
    expect(replaceResource(userType, current, body).resource).toEqual({
      externalId: "00u1",
      userName: "ada",
      active: false,
    });
  });

  test("what is named is replaced", () => {
    const body = { userName: "ada", active: "True", externalId: "00u2" };
    expect(replaceResource(userType, current, body).resource).toEqual({
      externalId: "00u2",
      userName: "ada",
      active: true,
    });
  });

  test("R59: another id, and groups, are ignored", () => {
    const { resource, ignored } = replaceResource(userType, current, {
      id: "other",
      userName: "ada",
      groups: [{ value: "g" }],
    });
    expect(resource).not.toHaveProperty("groups");
    expect(ignored.map(({ path }) => path)).toEqual(["id", "groups"]);
  });

  test("R62: what is required must be there", () => {
    expect(() => replaceResource(userType, current, { title: "x" })).toThrow(
      expect.objectContaining({ scimType: "invalidValue" }),
    );
  });

  test("R59, R101: an immutable attribute may be left out or repeated, not changed", () => {
    const badge = attribute("badge", "", { mutability: "immutable" });
    const type = { ...userType, schema: { ...userType.schema, attributes: [...userType.schema.attributes, badge] } };
    const before = { userName: "ada", badge: "1" };
    expect(replaceResource(type, before, { userName: "ada" }).resource).toEqual(before);
    expect(replaceResource(type, before, { userName: "ada", badge: "1" }).resource).toEqual(before);
    expect(() => replaceResource(type, before, { userName: "ada", badge: "2" })).toThrow(
      expect.objectContaining({ status: 400, scimType: "mutability" }),
    );
  });
});
