import { describe, expect, test } from "vitest";
import type { Json } from "../../lib/scim/json.ts";
import { findAttribute, topLevelAttributes, userType } from "../../lib/scim/resource-type.ts";
import type { Attribute } from "../../lib/scim/schema.ts";
import { attribute } from "../../lib/scim/schemas/attribute.ts";
import { enterpriseUserSchema } from "../../lib/scim/schemas/enterprise-user.ts";
import { readElement, readValue } from "../../lib/scim/value.ts";

const known = [...topLevelAttributes(userType), ...enterpriseUserSchema.attributes];

function named(name: string): Attribute {
  const found = findAttribute(known, name);
  if (found === undefined) throw new Error(`no attribute ${name}`);
  return found;
}

function read(name: string, value: Json): Json | undefined {
  return readValue(named(name), value, name).value;
}

describe("a value as it is stored (RFC 7643 2.3 to 2.5)", () => {
  test.each<[string, Json]>([
    ["displayName", null],
    ["emails", null],
    ["emails", []],
    ["emails", [null, {}]],
    ["emails", ""],
    ["name", {}],
    ["name", { givenName: null }],
    ["profileUrl", ""],
  ])("R18: %s %j is nothing", (name, value) => {
    expect(read(name, value)).toBeUndefined();
  });

  test.each<[string, Json, Json]>([
    ["active", "False", false],
    ["active", "TRUE", true],
    ["active", false, false],
    ["emails", [{ value: "a@b", primary: "True" }], [{ value: "a@b", primary: true }]],
  ])("D4: %s %j is a boolean", (name, value, stored) => {
    expect(read(name, value)).toEqual(stored);
  });

  test.each<[string, Json]>([
    ["displayName", ""],
    ["userName", "Ada@Example.COM"],
    ["phoneNumbers", [{ value: "+49 (30) 1-2", type: "private" }]],
    ["emails", [{ type: "work", value: "" }]],
  ])("R104, R110, D10: %s %j is kept as it was sent", (name, value) => {
    expect(read(name, value)).toEqual(value);
  });

  test("R19: names come in the schema's spelling and order", () => {
    expect(JSON.stringify(read("name", { GIVENNAME: "Ada", FamilyName: "L" }))).toBe(
      '{"familyName":"L","givenName":"Ada"}',
    );
  });

  test.each<[string, Json, Json]>([
    ["one value without its list", { value: "a@b" }, [{ value: "a@b" }]],
    ["plain texts", ["a@b", ""], [{ value: "a@b" }]],
    ["a plain text", "a@b", [{ value: "a@b" }]],
    [
      "R109: the same value twice",
      [
        { value: "a@b", type: "work" },
        { type: "work", value: "a@b" },
      ],
      [{ value: "a@b", type: "work" }],
    ],
    [
      "D18: several primary ones, the first stays",
      [
        { value: "a", primary: true },
        { value: "b", primary: true },
      ],
      [
        { value: "a", primary: true },
        { value: "b", primary: false },
      ],
    ],
    [
      "values that are equal once there is one primary",
      [
        { value: "a", primary: true },
        { value: "b", primary: true },
        { value: "b", primary: false },
      ],
      [
        { value: "a", primary: true },
        { value: "b", primary: false },
      ],
    ],
  ])("e-mails: %s", (_, value, stored) => {
    expect(read("emails", value)).toEqual(stored);
  });

  test.each<[string, Json]>([
    ["Entra", "26118915"],
    ["Entra, older form", [{ $ref: "../Users/26118915", value: "26118915" }]],
    ["RFC", { value: "26118915", $ref: "../Users/26118915", displayName: "Grace" }],
    ["OneLogin", { managerId: "26118915", displayName: "Grace", value: "" }],
    ["any case", { ManagerID: "26118915" }],
  ])("D20: a manager as %s writes it is an object with a value", (_, value) => {
    expect(read("manager", value)).toEqual({ value: "26118915" });
  });

  test.each<[Json]>([[""], [[]], [[""]], [{ value: "" }], [{ managerId: "", displayName: "" }], [{ $ref: null }]])(
    "D10: the manager %j is nobody",
    (value) => {
      expect(read("manager", value)).toBeUndefined();
    },
  );

  test("D10: an empty id of a manager is none", () => {
    const value = findAttribute(named("manager").subAttributes ?? [], "value");
    expect(value && readValue(value, "", "manager.value").value).toBeUndefined();
  });

  test("one element of a list is read like the whole list", () => {
    expect(readElement(named("roles"), "admin", "roles").value).toEqual({ value: "admin" });
  });

  test("R20: unknown and readOnly sub-attributes are left out and noted, each once, without their values", () => {
    const { value, ignored } = readValue(
      named("emails"),
      [
        { value: "a", x: "1" },
        { value: "b", x: "2" },
      ],
      "Emails",
    );
    expect(value).toEqual([{ value: "a" }, { value: "b" }]);
    expect(ignored).toEqual([{ path: "Emails.x", reason: "unknown" }]);
    expect(readValue(named("manager"), { value: "1", displayName: "G" }, "manager").ignored).toEqual([
      { path: "manager.displayName", reason: "readOnly" },
    ]);
  });

  test("names that mean something to JavaScript mean nothing here", () => {
    const { value } = readValue(
      named("name"),
      JSON.parse('{"__proto__":{"a":1},"constructor":{"b":2},"givenName":"Ada"}'),
      "name",
    );
    expect(value).toEqual({ givenName: "Ada" });
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });

  test("R124: an attribute has at most 1,000 values, and 100 unknown names are noted, however many there are", () => {
    const many = Array.from({ length: 1_000 }, (_, n) => ({ value: `v${n}`, [`x${n}`]: n, [`y${n}`]: n }));
    const { value, ignored } = readValue(named("emails"), many, "emails");
    expect(value).toHaveLength(1_000);
    expect(ignored).toHaveLength(100);
    expect(() => read("emails", [...many, "a@b"])).toThrow('"emails" may have 1000 values, found 1001');
  });
});

describe("a value of the wrong type (400 invalidValue)", () => {
  test("a sub-attribute twice, in different case, is refused: which of the two is meant? (R19)", () => {
    expect(() => read("name", { givenName: "Ada", GIVENNAME: "Eve" })).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining("name.GIVENNAME") }),
    );
  });

  test.each<[string, Json, string]>([
    ["displayName", 5, '"displayName": found the number 5, expected a text'],
    ["displayName", ["a"], '"displayName": found a list, expected a text'],
    ["displayName", true, '"displayName": found a boolean, expected a text'],
    ["active", "yes", '"active": found the text "yes", expected true or false'],
    ["active", 1, '"active": found the number 1, expected true or false'],
    ["name", "Ada", '"name": found a text, expected an object'],
    ["name", { givenName: {} }, '"name.givenName": found an object, expected a text'],
    ["emails", [5], '"emails": found a number, expected an object'],
    ["emails", [[]], '"emails": found a list, expected an object'],
    ["manager", ["1", "2"], '"manager": found a list, expected an object'],
    ["password", 5, '"password": found a number, expected a text'],
  ])("%s %j", (name, value, detail) => {
    expect(() => read(name, value)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue", message: detail }),
    );
  });

  test("R26: what was sent as a secret is not in the message", () => {
    const secret = attribute("pin", "", { type: "integer", returned: "never" });
    expect(() => readValue(secret, "4711", "pin")).toThrow('"pin": found a text, expected a whole number');
  });

  test("a sub-attribute that is there twice is 400 invalidSyntax", () => {
    expect(() => read("name", { givenName: "a", GivenName: "b" })).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidSyntax" }),
    );
  });
});

describe("numbers and times (RFC 7643 2.3)", () => {
  const time = attribute("hireDate", "", { type: "dateTime" });
  const whole = attribute("level", "", { type: "integer" });
  const decimal = attribute("share", "", { type: "decimal" });

  test.each<[Attribute, Json]>([
    [time, "2026-01-31T12:00:00Z"],
    [time, "2026-01-31T12:00:00.123+02:00"],
    [whole, -3],
    [decimal, 0.5],
  ])("%o takes %j as it is", (definition, value) => {
    expect(readValue(definition, value, "x").value).toBe(value);
  });

  test.each<[Attribute, Json]>([
    [time, "2026-01-31"],
    [time, "2026-01-31T12:00:00"],
    [time, "2026-13-31T12:00:00Z"],
    [time, 1769860800],
    [whole, "3"],
    [whole, 1.5],
    [decimal, "0.5"],
  ])("%o refuses %j", (definition, value) => {
    expect(() => readValue(definition, value, "x")).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue" }),
    );
  });
});
