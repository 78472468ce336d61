import { describe, expect, test } from "vitest";
import { namesAttribute, project, readProjection, wants } from "../../lib/scim/projection.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { attribute } from "../../lib/scim/schemas/attribute.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise];

const ada = {
  schemas,
  id: "u1",
  userName: "ada",
  name: { familyName: "Lovelace", givenName: "Ada" },
  emails: [{ value: "a@b", type: "work" }, { type: "home" }],
  [enterprise]: { department: "R&D", manager: { value: "u2" } },
  meta: { resourceType: "User" },
};

type Asked = Parameters<typeof readProjection>[1];

function shown(asked: Asked): object {
  const { schemas: _, ...rest } = project(userType, ada, readProjection(userType, asked));
  return rest;
}

describe("attributes (RFC 7644 3.9)", () => {
  test.each<[string, object]>([
    ["userName", { id: "u1", userName: "ada" }],
    ["USERNAME, Name.givenname", { id: "u1", userName: "ada", name: { givenName: "Ada" } }],
    ["urn:ietf:params:scim:schemas:core:2.0:User:userName", { id: "u1", userName: "ada" }],
    ["emails.value", { id: "u1", emails: [{ value: "a@b" }] }],
    ["emails.value,emails", { id: "u1", emails: ada.emails }],
    [enterprise, { id: "u1", [enterprise]: ada[enterprise] }],
    [`${enterprise}:department`, { id: "u1", [enterprise]: { department: "R&D" } }],
    [`${enterprise}:manager.value`, { id: "u1", [enterprise]: { manager: { value: "u2" } } }],
    ["manager", { id: "u1", [enterprise]: { manager: { value: "u2" } } }],
    ["meta.resourceType", { id: "u1", meta: { resourceType: "User" } }],
    ["id", { id: "u1" }],
    ["shoeSize", { id: "u1" }],
    ["__proto__,constructor", { id: "u1" }],
  ])("R25: %s", (attributes, body) => {
    expect(shown({ attributes })).toEqual(body);
    expect(shown({ attributes: attributes.split(",") })).toEqual(body);
  });

  test.each([undefined, "", " , ", []])("%j asks for everything", (attributes) => {
    const { schemas: _, ...all } = ada;
    expect(shown({ attributes })).toEqual(all);
  });

  test("R25: schemas and id are always there", () => {
    expect(project(userType, ada, readProjection(userType, { attributes: "title" }))).toEqual({ schemas, id: "u1" });
    const without = readProjection(userType, { excludedAttributes: "id,schemas" });
    expect(project(userType, ada, without)).toEqual(ada);
  });

  test("too many names are 400", () => {
    const attributes = Array.from({ length: 501 }, () => "userName");
    expect(() => readProjection(userType, { attributes })).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue" }),
    );
  });
});

describe("excludedAttributes (RFC 7644 3.9)", () => {
  test("takes away attributes, sub-attributes and extensions", () => {
    expect(shown({ excludedAttributes: `name,EMAILS.type,${enterprise},meta` })).toEqual({
      id: "u1",
      userName: "ada",
      emails: [{ value: "a@b" }],
    });
  });

  test("after attributes has chosen", () => {
    expect(shown({ attributes: "name", excludedAttributes: "name.familyName" })).toEqual({
      id: "u1",
      name: { givenName: "Ada" },
    });
  });
});

describe("what need not be loaded", () => {
  test.each<[Asked, boolean]>([
    [{}, true],
    [{ excludedAttributes: "members" }, false],
    [{ excludedAttributes: "Members,displayName" }, false],
    [{ excludedAttributes: "members.type" }, true],
    [{ attributes: "id" }, false],
    [{ attributes: "members.value" }, true],
    [{ attributes: "shoeSize" }, false],
  ])("members with %j: %s", (asked, wanted) => {
    expect(wants(readProjection(groupType, asked), "members")).toBe(wanted);
  });

  test("R107: groups in a list only when they are named", () => {
    expect(namesAttribute(readProjection(userType, {}), "groups")).toBe(false);
    expect(namesAttribute(readProjection(userType, { attributes: "userName,groups.value" }), "groups")).toBe(true);
  });
});

describe("returned (RFC 7643 2.2)", () => {
  const attributes = [
    attribute("badge", "", { returned: "request" }),
    attribute("pin", "", { returned: "never" }),
    attribute("site", "", { returned: "always" }),
  ];
  const type = { ...userType, schema: { ...userType.schema, attributes } };
  const body = { schemas, id: "u1", badge: "1", pin: "2", site: "3" };

  test.each<[Asked, string[]]>([
    [{}, ["schemas", "id", "site"]],
    [{ attributes: "badge,pin" }, ["schemas", "id", "badge", "site"]],
    [{ excludedAttributes: "site" }, ["schemas", "id", "site"]],
  ])("R26, R102: %j", (asked, names) => {
    expect(Object.keys(project(type, body, readProjection(type, asked)))).toEqual(names);
  });
});
