import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nameBeforeSoftDelete } from "../../lib/scim/dialects/entra.ts";
import { parseFilter } from "../../lib/scim/filter.ts";
import type { Json, JsonObject } from "../../lib/scim/json.ts";
import { matches } from "../../lib/scim/match.ts";
import { splitMembers } from "../../lib/scim/member-operation.ts";
import { applyPatch, parsePatch } from "../../lib/scim/patch-operation.ts";
import { readResource } from "../../lib/scim/resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import type { Resource } from "../../lib/scim/schema.ts";

const core = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const ada: Resource = { userName: "ada@example.com", active: true };

const created = (body: JsonObject): Resource =>
  readResource(userType, { schemas: [core], userName: "ada@example.com", ...body }).resource;
const patched = (before: Resource, ...operations: JsonObject[]): Resource =>
  applyPatch(userType, before, parsePatch(userType, { Operations: operations }).operations);
const fits = (filter: string, resource: Resource): boolean => matches(parseFilter(userType, filter), resource);

describe("the room lib/scim/dialects", () => {
  const folder = join(import.meta.dirname, "../../lib/scim");
  const files = readdirSync(join(folder, "dialects")).filter((name) => name !== "index.ts");
  const text = (file: string) => readFileSync(join(folder, file), "utf8");

  test.each(files)("%s says of each form who sends it and where that was seen", (file) => {
    const entries = text(`dialects/${file}`)
      .split(/\n(?=\/\*\*)/)
      .filter((part) => part.includes("\nexport function "));
    expect(entries).not.toHaveLength(0);
    for (const entry of entries) expect(entry).toMatch(/\* Who: [\s\S]*Source: /);
  });

  test("index.ts points to files and functions that are there", () => {
    const rows = text("dialects/index.ts")
      .split("\n")
      .filter((line) => line.startsWith(" * |"))
      .slice(2);
    expect(rows.length).toBeGreaterThan(8);
    for (const row of rows) {
      const where = row.split("|").at(-2) ?? "";
      const names = [...where.matchAll(/`([\w./-]+)`/g)].map(([, name = ""]) => name);
      const paths = names.filter((name) => name.endsWith(".ts"));
      const found = paths.map((path) => text(path.includes("/") ? join("..", path) : path)).join("\n");
      expect(paths).not.toHaveLength(0);
      for (const name of names.filter((name) => /^[a-z]\w+$/i.test(name) && name !== "schemas"))
        expect(found).toContain(`function ${name}(`);
    }
  });

  test("a form is recognised by itself: nothing here has heard of a User-Agent", () => {
    const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const code = all.map((file) => text(file).replaceAll(/\/\*[\s\S]*?\*\//g, "")).join("\n");
    expect(code).not.toMatch(/user-?agent/i);
  });
});

describe("Entra", () => {
  test.each<[Json, boolean]>([
    ["False", false],
    ["false", false],
    ["TRUE", true],
    [true, true],
  ])("active %j is %j in a body, by path, without path (D4)", (sent, active) => {
    const before = { ...ada, active: !active };
    expect(created({ active: sent })["active"]).toBe(active);
    expect(patched(before, { op: "Replace", path: "active", value: sent })["active"]).toBe(active);
    expect(patched(before, { op: "Replace", value: { active: sent } })["active"]).toBe(active);
    expect(fits(`active eq "${JSON.stringify(sent).replaceAll('"', "")}"`, { ...ada, active })).toBe(true);
  });

  test.each<[string, Json, Json | undefined]>([
    ["a text", "m1", { value: "m1" }],
    ["a list of one", [{ $ref: null, value: "m1" }], { value: "m1" }],
    ["an object", { value: "m1" }, { value: "m1" }],
    ["an empty text", "", undefined],
    ["an empty list", [], undefined],
    ["a list of nothing", [null], undefined],
  ])("manager as %s is an object, or nothing (D10, D20)", (_form, sent, manager) => {
    const wanted = manager === undefined ? undefined : { manager };
    expect(created({ [enterprise]: { manager: sent } })[enterprise]).toEqual(wanted);
    const operation = { op: "Add", path: `${enterprise}:manager`, value: sent };
    expect(patched(ada, operation)[enterprise]).toEqual(wanted);
  });

  test("manager and department at the top belong to the extension that alone has them (D14)", () => {
    const resource = created({ department: "Engines", manager: "m1" });
    expect(resource[enterprise]).toEqual({ department: "Engines", manager: { value: "m1" } });
    expect(fits('manager eq "m1" and department eq "engines"', resource)).toBe(true);
  });

  test("an element of roles as a text is its value", () => {
    expect(created({ roles: ["admin", ""] })["roles"]).toEqual([{ value: "admin" }]);
  });

  test("the flag: keys with dots and URNs are paths", () => {
    const value = { "name.givenName": "Ada", [`${enterprise}:department`]: "Engines" };
    expect(patched(ada, { op: "add", value })).toMatchObject({
      name: { givenName: "Ada" },
      [enterprise]: { department: "Engines" },
    });
  });

  test.each<[string, Json | undefined, unknown]>([
    ["the members in its value", [{ $ref: null, value: "u1" }], { kind: "remove", ids: ["u1"] }],
    ["the member that is its value", { value: "u1" }, { kind: "remove", ids: ["u1"] }],
    ["none, of an empty list", [], { kind: "remove", ids: [] }],
    ["all, without a value", undefined, { kind: "replace", members: [] }],
  ])("a Remove of members takes away %s (D3)", (_which, value, wanted) => {
    const operation = { op: "Remove", path: "members", ...(value === undefined ? {} : { value }) };
    const { operations } = parsePatch(groupType, { Operations: [operation] });
    expect(splitMembers(operations).members).toEqual([wanted]);
  });

  test("a filter goes on right behind the brackets, and only there (D6)", () => {
    const resource = { ...ada, emails: [{ type: "work", value: "ada@example.com" }] };
    expect(fits('emails[type eq "work"].value eq "ADA@example.com"', resource)).toBe(true);
    expect(fits('emails[type eq "home"].value eq "ada@example.com"', resource)).toBe(false);
    expect(() => parseFilter(userType, 'emails[type eq "work"] .value eq "x"')).toThrow("position 24");
  });

  const hex = "6F1bd3c0a3a44d0f9a0f0e9f1c2d3e4f";
  test.each<[Resource, string | undefined]>([
    [{ userName: `${hex}ada@example.com`, active: false }, "ada@example.com"],
    [{ userName: `${hex}ada@example.com`, active: true }, undefined],
    [{ userName: `${hex}ada@example.com` }, undefined],
    [{ userName: hex, active: false }, undefined],
    [{ userName: `${hex} ada`, active: false }, undefined],
    [{ userName: `${hex.slice(1)}-ada@example.com`, active: false }, undefined],
    [{ userName: "ada@example.com", active: false }, undefined],
    [{ active: false }, undefined],
  ])("%j had the name %j before the soft delete", (resource, name) => {
    expect(nameBeforeSoftDelete(resource)).toBe(name);
  });
});

describe("Okta", () => {
  test("the id beside a group's new name is no error, and is noted (R80)", () => {
    const value = { id: "g1", displayName: "Staff" };
    const { operations, ignored } = parsePatch(groupType, { Operations: [{ op: "replace", value }] });
    expect(operations.map(({ path }) => path.text)).toEqual(["displayName"]);
    expect(ignored).toEqual([{ path: "id", reason: "readOnly" }]);
  });

  test("groups and a password in a new user are left out, and noted (R14, D16)", () => {
    const body = { schemas: [core], userName: "ada@example.com", password: "s3cret", groups: [{ value: "g1" }] };
    const { resource, ignored } = readResource(userType, body);
    expect(resource).toEqual({ userName: "ada@example.com", active: true });
    expect(ignored).toEqual([
      { path: "password", reason: "neverStored" },
      { path: "groups", reason: "readOnly" },
    ]);
  });
});

describe("OneLogin", () => {
  test.each<[JsonObject, Json | undefined]>([
    [{ managerId: "m1", displayName: "Charles" }, { value: "m1" }],
    [{ managerId: "", displayName: "" }, undefined],
    [{ managerId: "m2", value: "m1" }, { value: "m1" }],
    [{ managerid: "m1", value: "" }, { value: "m1" }],
  ])("manager %j is %j (D10, D20)", (manager, wanted) => {
    const extension = created({ [enterprise]: { manager } })[enterprise];
    expect(extension).toEqual(wanted === undefined ? undefined : { manager: wanted });
  });

  test("an empty text is kept where it is a text, and refers to nothing where it is a reference (D10)", () => {
    expect(created({ title: "", profileUrl: "" })).toEqual({ ...ada, title: "" });
  });
});

describe("authentik", () => {
  test.each<[string, JsonObject]>([
    ["missing", {}],
    ["null", { schemas: null }],
    ["an empty list", { schemas: [] }],
    ["in another case, among others", { schemas: ["urn:example:unknown", core.toUpperCase()] }],
    ["a text", { schemas: core }],
  ])("schemas %s is that of the endpoint (D9)", (_form, schemas) => {
    expect(readResource(userType, { userName: "ada@example.com", ...schemas }).resource).toEqual(ada);
  });

  test("schemas without that of the endpoint is refused (D9)", () => {
    expect(() => readResource(userType, { schemas: ["urn:example:unknown"], userName: "ada" })).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue" }),
    );
  });

  test("one word in a filter needs no quotes (D19)", () => {
    expect(fits("userName eq ada@example.com", ada)).toBe(true);
  });
});

describe("two dialects in one tenant", () => {
  test("the same user is disabled in Entra's default form and enabled in its flagged form", () => {
    const disabled = patched(ada, { op: "Replace", path: "active", value: "False" });
    expect(disabled["active"]).toBe(false);
    expect(patched(disabled, { op: "replace", value: { active: true } })["active"]).toBe(true);
  });
});
