import { describe, expect, test } from "vitest";
import { formatPath } from "../../lib/scim/attribute-path.ts";
import { parsePatch, patchSchema } from "../../lib/scim/patch-operation.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** What a body comes to: `op path = value`. */
function understood(body: unknown): string[] {
  return parsePatch(userType, body).operations.map(({ op, path, value }) => {
    const target = `${op} ${formatPath(path)}`;
    return value === undefined ? target : `${target} = ${JSON.stringify(value)}`;
  });
}

function patch(...operations: readonly unknown[]): unknown {
  return { schemas: [patchSchema], Operations: operations };
}

describe("body of a PATCH (RFC 7644 3.5.2)", () => {
  test.each(["replace", "Replace", "REPLACE"])("op %s (R65, D5)", (op) => {
    expect(understood(patch({ op, path: "title", value: "x" }))).toEqual(['replace title = "x"']);
  });

  test.each<[string, unknown]>([
    ["no schemas (D9)", { Operations: [{ op: "add", path: "title", value: "x" }] }],
    ["names in any case (R19)", { SCHEMAS: [patchSchema], operations: [{ OP: "add", Path: "title", Value: "x" }] }],
    ["one operation instead of a list", { Operations: { op: "add", path: "title", value: "x" } }],
    ["a path that is null", { Operations: [{ op: "add", path: null, value: { title: "x" } }] }],
  ])("%s", (_name, body) => {
    expect(understood(body)).toEqual(['add title = "x"']);
  });

  test.each<[string, unknown]>([
    ["a list", []],
    ["nothing", undefined],
    ["no operations", {}],
    ["an empty list", patch()],
    ["operations that are no objects", patch("add")],
    ["an op that there is not", patch({ op: "move", path: "title" })],
    ["no op", patch({ path: "title", value: "x" })],
  ])("refuses %s with invalidSyntax (R79)", (_name, body) => {
    expect(() => parsePatch(userType, body)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidSyntax" }),
    );
  });

  test.each<[string, unknown]>([
    ["noTarget", { op: "remove" }],
    ["noTarget", { op: "remove", value: { title: "x" } }],
    ["invalidPath", { op: "add", path: 5, value: "x" }],
    ["invalidPath", { op: "add", path: "", value: "x" }],
    ["invalidPath", { op: "add", path: "shoeSize", value: "x" }],
    ["invalidFilter", { op: "add", path: "emails[type eq].value", value: "x" }],
    ["invalidFilter", { op: "replace", value: { "emails[type eq].value": "x" } }],
    ["invalidValue", { op: "add", value: "x" }],
    ["invalidValue", { op: "add" }],
    ["invalidValue", { op: "add", path: "title" }],
    ["invalidValue", { op: "add", path: "title", value: 5 }],
    ["invalidValue", { op: "replace", path: "active", value: "maybe" }],
    ["invalidValue", { op: "replace", path: 'emails[type eq "work"]', value: [{ value: "a" }, { value: "b" }] }],
    ["invalidValue", { op: "replace", path: enterprise, value: "x" }],
    ["mutability", { op: "replace", path: "id", value: "x" }],
    ["mutability", { op: "add", path: "groups", value: [{ value: "x" }] }],
    ["mutability", { op: "add", path: "meta.version", value: "x" }],
    ["mutability", { op: "replace", path: "manager.displayName", value: "x" }],
    ["mutability", { op: "remove", path: "userName" }],
    ["mutability", { op: "remove", path: "groups" }],
  ])("%s for %j (R69, R72, R79, R80, D17)", (scimType, operation) => {
    expect(() => parsePatch(userType, patch(operation))).toThrow(expect.objectContaining({ status: 400, scimType }));
  });

  test("another message's schema is refused (D9)", () => {
    const body = { schemas: ["urn:example:other"], Operations: [{ op: "add", path: "title", value: "x" }] };
    expect(() => parsePatch(userType, body)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue" }),
    );
  });

  test("takes 1,000 operations and no more, however they are written (R124)", () => {
    const times = (count: number) => Array.from({ length: count }, () => ({ op: "add", path: "title", value: "x" }));
    const keys = Array.from({ length: 1_001 }, (_, n) => [`emails[type eq "${n}"].value`, "x"]);
    expect(understood(patch(...times(1_000)))).toHaveLength(1_000);
    for (const body of [patch(...times(1_001)), patch({ op: "add", value: Object.fromEntries(keys) })]) {
      expect(() => parsePatch(userType, body)).toThrow(
        expect.objectContaining({ status: 400, scimType: "invalidValue" }),
      );
    }
  });
});

describe("operations without a path (R67)", () => {
  test("each key is an operation: names, dotted names, value paths, URNs, whole extensions (R81, R82)", () => {
    const value = {
      DisplayName: "Lin F.",
      "name.givenName": "Linn",
      'emails[type eq "work"].value': "a@b.example",
      [`${enterprise}:employeeNumber`]: "2",
      [enterprise]: { Department: "IdM", manager: { value: "m" } },
    };
    expect(understood(patch({ op: "replace", value }))).toEqual([
      'replace displayName = "Lin F."',
      'replace name.givenName = "Linn"',
      'replace emails[type eq "work"].value = "a@b.example"',
      `replace ${enterprise}:employeeNumber = "2"`,
      `replace ${enterprise}:department = "IdM"`,
      `replace ${enterprise}:manager = {"value":"m"}`,
    ]);
  });

  test("core attributes under the core URN", () => {
    const value = { "urn:ietf:params:scim:schemas:core:2.0:User": { title: "x", shoeSize: 1 } };
    expect(understood(patch({ op: "add", value }))).toEqual(['add title = "x"']);
  });

  test("what is not for clients to write is ignored and noted (R80, D16, D17)", () => {
    const value = {
      schemas: ["urn:x"],
      id: "1",
      meta: {},
      password: "secret",
      shoeSize: 5,
      "name.nick": "x",
      "urn:example:other": { a: 1 },
      [enterprise]: { colour: "red" },
      manager: { value: "m", displayName: "Boss" },
      title: "x",
    };
    const { operations, ignored } = parsePatch(userType, patch({ op: "replace", value }));
    expect(operations.map((operation) => formatPath(operation.path))).toEqual([`${enterprise}:manager`, "title"]);
    expect(ignored).toEqual([
      { path: "id", reason: "readOnly" },
      { path: "meta", reason: "readOnly" },
      { path: "password", reason: "neverStored" },
      { path: "shoeSize", reason: "unknown" },
      { path: "name.nick", reason: "unknown" },
      { path: "urn:example:other:a", reason: "unknown" },
      { path: `${enterprise}:colour`, reason: "unknown" },
      { path: "manager.displayName", reason: "readOnly" },
    ]);
  });

  test("names that mean something to JavaScript mean nothing here", () => {
    const body: unknown = JSON.parse('{"Operations":[{"op":"add","value":{"__proto__":{"a":1},"constructor":1}}]}');
    expect(parsePatch(userType, body)).toMatchObject({ operations: [], ignored: [{}, {}] });
  });
});

describe("values of a PATCH", () => {
  test("a password is accepted and thrown away, by path too (D16, R123)", () => {
    const { operations, ignored } = parsePatch(userType, patch({ op: "replace", path: "password", value: "secret" }));
    expect(operations).toEqual([]);
    expect(ignored).toEqual([{ path: "password", reason: "neverStored" }]);
  });

  test("schemas follow from the values (R81)", () => {
    expect(understood(patch({ op: "add", path: "schemas", value: [enterprise] }))).toEqual([]);
  });

  test.each<[string, unknown, string[]]>([
    ["D4", { op: "replace", path: "active", value: "False" }, ["replace active = false"]],
    [
      "D4",
      { op: "add", path: 'emails[type eq "a"].primary', value: "TRUE" },
      ['add emails[type eq "a"].primary = true'],
    ],
    ["D10", { op: "replace", path: "title", value: "" }, ['replace title = ""']],
    ["D10", { op: "replace", path: "manager", value: "" }, [`remove ${enterprise}:manager`]],
    ["D20", { op: "add", path: "manager", value: "m" }, [`add ${enterprise}:manager = {"value":"m"}`]],
    ["D20", { op: "add", path: "manager", value: [{ value: "m" }] }, [`add ${enterprise}:manager = {"value":"m"}`]],
    ["D20", { op: "add", path: "manager.value", value: "m" }, [`add ${enterprise}:manager.value = "m"`]],
    [
      "D18",
      {
        op: "replace",
        path: "roles",
        value: [
          { value: "a", primary: true },
          { value: "b", primary: true },
        ],
      },
      ['replace roles = [{"value":"a","primary":true},{"value":"b","primary":false}]'],
    ],
    ["R18", { op: "replace", path: "title", value: null }, ["remove title"]],
    ["R18", { op: "add", path: "title", value: null }, []],
    [
      "R18",
      { op: "replace", path: "name", value: { givenName: null, familyName: "D" } },
      ['replace name = {"familyName":"D"}', "remove name.givenName"],
    ],
    ["R74", { op: "replace", path: "name", value: { givenName: null } }, ["remove name.givenName"]],
    ["R75", { op: "replace", path: "emails", value: [] }, ["remove emails"]],
    ["R81", { op: "replace", path: enterprise, value: null }, [`remove ${enterprise}`]],
    ["R81", { op: "remove", path: enterprise }, [`remove ${enterprise}`]],
    [
      "R77",
      { op: "replace", path: 'emails[type eq "a"]', value: [{ value: "x" }] },
      ['replace emails[type eq "a"] = {"value":"x"}'],
    ],
    ["D3", { op: "remove", path: "emails", value: [{ $ref: null, value: "x" }] }, ['remove emails = [{"value":"x"}]']],
    ["D3", { op: "remove", path: "emails", value: [] }, ["remove emails = []"]],
    ["D3", { op: "remove", path: "emails" }, ["remove emails"]],
  ])("%s: %j", (_rule, operation, expected) => {
    expect(understood(patch(operation))).toEqual(expected);
  });

  test("members of a group stay as they were sent, for splitMembers to read", () => {
    const value = [{ $ref: null, value: "a" }];
    expect(parsePatch(groupType, patch({ op: "Add", path: "members", value })).operations).toMatchObject([{ value }]);
  });
});
