import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../lib/scim/json.ts";
import { applyPatch, parsePatch } from "../../lib/scim/patch-operation.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import type { Resource, ResourceType } from "../../lib/scim/schema.ts";
import { attribute } from "../../lib/scim/schemas/attribute.ts";
import { patchBodies, refusal } from "./arbitraries.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const work = { value: "w@a.example", type: "work", primary: true };
const home = { value: "h@a.example", type: "home" };
const user: Resource = {
  userName: "ada",
  name: { familyName: "Lovelace", givenName: "Ada" },
  title: "Countess",
  active: true,
  emails: [work, home],
  addresses: [{ locality: "London", type: "work" }],
  [enterprise]: { department: "Engines", manager: { value: "m1" } },
};

function patched(resource: Resource, ...operations: readonly unknown[]): Resource {
  return applyPatch(userType, resource, parsePatch(userType, { Operations: operations }).operations);
}

describe("PATCH of a resource (RFC 7644 3.5.2)", () => {
  test.each<[string, Json, Resource]>([
    // R67: append, replace, merge.
    ["R67", { op: "add", path: "title", value: "Dr" }, { title: "Dr" }],
    [
      "R67",
      { op: "add", path: "name", value: { givenName: "A." } },
      { name: { familyName: "Lovelace", givenName: "A." } },
    ],
    [
      "R67",
      { op: "add", path: "emails", value: [{ value: "x@a.example" }] },
      { emails: [work, home, { value: "x@a.example" }] },
    ],
    [
      "R67",
      { op: "add", path: "emails", value: { value: "x@a.example" } },
      { emails: [work, home, { value: "x@a.example" }] },
    ],
    [
      "R67",
      { op: "add", value: { nickName: "A", emails: [{ value: "x" }] } },
      { nickName: "A", emails: [work, home, { value: "x" }] },
    ],
    [
      "R109",
      { op: "add", path: "emails", value: [{ value: "H@A.example", type: "home", display: "at home" }] },
      { emails: [work, { value: "H@A.example", display: "at home", type: "home" }] },
    ],
    // D1: a value path without a match.
    [
      "D1 R68",
      { op: "Add", path: 'emails[type eq "other"].Value', value: "o" },
      { emails: [work, home, { value: "o", type: "other" }] },
    ],
    [
      "D1 R76",
      { op: "replace", path: 'emails[type eq "other"].value', value: "o" },
      { emails: [work, home, { value: "o", type: "other" }] },
    ],
    [
      "D1 D4",
      { op: "Add", path: 'roles[primary eq "True"].value', value: "Admin" },
      { roles: [{ value: "Admin", primary: true }] },
    ],
    [
      "D1",
      { op: "add", path: 'emails[type eq "x" and display eq "y"]', value: { value: "z" } },
      { emails: [work, home, { value: "z", display: "y", type: "x" }] },
    ],
    [
      "D1",
      { op: "add", path: 'addresses[type eq "home"].locality', value: "Paris" },
      {
        addresses: [
          { locality: "London", type: "work" },
          { locality: "Paris", type: "home" },
        ],
      },
    ],
    ["R73", { op: "replace", path: "nickName", value: "A" }, { nickName: "A" }],
    ["R73", { op: "add", path: "phoneNumbers.value", value: "5" }, { phoneNumbers: [{ value: "5" }] }],
    // R74, R75, R77: replace.
    [
      "R74",
      { op: "replace", path: "name", value: { familyName: "King" } },
      { name: { familyName: "King", givenName: "Ada" } },
    ],
    ["R74", { op: "replace", value: { name: { familyName: null } } }, { name: { givenName: "Ada" } }],
    ["R75", { op: "replace", path: "emails", value: [{ value: "x" }] }, { emails: [{ value: "x" }] }],
    [
      "R77",
      { op: "replace", path: "emails.type", value: "other" },
      {
        emails: [
          { ...work, type: "other" },
          { ...home, type: "other" },
        ],
      },
    ],
    [
      "R77",
      { op: "replace", path: 'emails[value ew "a.example"].display', value: "d" },
      {
        emails: [
          { value: "w@a.example", display: "d", type: "work", primary: true },
          { value: "h@a.example", display: "d", type: "home" },
        ],
      },
    ],
    [
      "R77",
      { op: "replace", path: 'emails[type eq "work"]', value: { value: "n" } },
      { emails: [{ value: "n", type: "work" }, home] },
    ],
    [
      "R77",
      { op: "add", path: 'emails[type eq "work"]', value: { display: "n" } },
      { emails: [{ value: "w@a.example", display: "n", type: "work", primary: true }, home] },
    ],
    // R78: one primary.
    [
      "R78",
      { op: "replace", path: 'emails[type eq "home"].primary', value: true },
      {
        emails: [
          { ...work, primary: false },
          { ...home, primary: true },
        ],
      },
    ],
    [
      "R78",
      { op: "add", path: "emails", value: [{ value: "x", primary: true }] },
      { emails: [{ ...work, primary: false }, home, { value: "x", primary: true }] },
    ],
    [
      "R78",
      { op: "add", path: 'emails[type eq "x" and primary eq true].value', value: "x" },
      { emails: [{ ...work, primary: false }, home, { value: "x", type: "x", primary: true }] },
    ],
    ["R78", { op: "replace", path: "emails.primary", value: true }, { emails: [work, { ...home, primary: false }] }],
    // Remove.
    ["R70", { op: "remove", path: 'emails[type eq "work"]' }, { emails: [home] }],
    ["R77", { op: "remove", path: "addresses.locality" }, { addresses: [{ type: "work" }] }],
    ["R74", { op: "remove", path: "name.givenName" }, { name: { familyName: "Lovelace" } }],
    [
      "R77",
      { op: "remove", path: "emails.type" },
      { emails: [{ value: "w@a.example", primary: true }, { value: "h@a.example" }] },
    ],
    ["D3", { op: "remove", path: "emails", value: [{ $ref: null, value: "H@A.example" }] }, { emails: [work] }],
    ["D3", { op: "remove", path: "emails", value: ["h@a.example"] }, { emails: [work] }],
    ["D3", { op: "remove", path: "emails", value: { type: "home" } }, { emails: [work] }],
    // Extensions and references.
    [
      "R81",
      { op: "replace", path: enterprise, value: { costCenter: "C" } },
      { [enterprise]: { department: "Engines", manager: { value: "m1" }, costCenter: "C" } },
    ],
    [
      "R81",
      { op: "add", value: { [enterprise]: { department: "Looms" } } },
      { [enterprise]: { department: "Looms", manager: { value: "m1" } } },
    ],
    [
      "R82",
      { op: "replace", path: `${enterprise}:department`, value: "Looms" },
      { [enterprise]: { department: "Looms", manager: { value: "m1" } } },
    ],
    [
      "D14 D20",
      { op: "replace", path: "manager", value: "m2" },
      { [enterprise]: { department: "Engines", manager: { value: "m2" } } },
    ],
    [
      "D20",
      { op: "add", path: `${enterprise}:manager.value`, value: "m2" },
      { [enterprise]: { department: "Engines", manager: { value: "m2" } } },
    ],
    ["D10", { op: "replace", path: "manager", value: "" }, { [enterprise]: { department: "Engines" } }],
    ["D10", { op: "replace", path: "manager", value: { value: null } }, { [enterprise]: { department: "Engines" } }],
    ["D20", { op: "remove", path: "manager.value" }, { [enterprise]: { department: "Engines" } }],
  ])("%s: %j", (_rules, operation, changes) => {
    expect(patched(user, operation)).toEqual({ ...user, ...changes });
  });

  test.each<[string, Json, string]>([
    ["R70", { op: "remove", path: "emails" }, "emails"],
    ["R75", { op: "replace", path: "emails", value: [] }, "emails"],
    ["R18", { op: "replace", path: "title", value: null }, "title"],
    ["R72", { op: "remove", path: "title" }, "title"],
    ["R81", { op: "remove", path: enterprise }, enterprise],
  ])("%s: %j takes the attribute away", (_rules, operation, name) => {
    const { [name]: _gone, ...rest } = user;
    expect(patched(user, operation)).toEqual(rest);
  });

  test("an extension without values is not there (R111)", () => {
    const resource = { userName: "ada", [enterprise]: { department: "Engines" } };
    expect(patched(resource, { op: "remove", path: "department" })).toEqual({ userName: "ada" });
  });

  test("an e-mail whose value was removed is no e-mail, but one may be built in any order", () => {
    expect(patched(user, { op: "remove", path: 'emails[type eq "work"].value' })).toMatchObject({ emails: [home] });
    const built = patched(
      user,
      { op: "add", path: 'emails[type eq "other"].primary', value: false },
      { op: "add", path: 'emails[type eq "other"].value', value: "o" },
    );
    expect(built).toMatchObject({ emails: [work, home, { value: "o", type: "other", primary: false }] });
  });

  test.each<Json>([
    { op: "add", path: "title", value: "Countess" },
    { op: "replace", path: "active", value: "True" },
    { op: "add", path: "emails", value: [home, work] },
    { op: "add", path: "emails", value: [{ value: "H@A.example".toLowerCase(), type: "home" }] },
    { op: "replace", path: "emails", value: [work, home] },
    { op: "replace", path: "name", value: { givenName: "Ada" } },
    { op: "replace", path: 'emails[type eq "work"].primary', value: true },
    { op: "remove", path: "nickName" },
    { op: "remove", path: 'emails[type eq "fax"]' },
    { op: "remove", path: 'emails[type eq "fax"].value' },
    { op: "remove", path: "emails", value: [{ value: "nobody" }] },
    { op: "remove", path: "emails", value: [] },
    { op: "replace", path: "password", value: "secret" },
    { op: "replace", value: { id: "1" } },
  ])("%j changes nothing, and gives the same object (R67, D2, D3)", (operation) => {
    expect(patched(user, operation)).toBe(user);
  });

  test("going there and back is no change either", () => {
    const back = patched(
      user,
      { op: "add", path: "title", value: "x" },
      { op: "add", path: "title", value: "Countess" },
    );
    expect(back).toBe(user);
  });

  test("operations are applied in order, each on the result of the one before (R64)", () => {
    const resource = patched(
      user,
      { op: "remove", path: "title" },
      { op: "add", path: "title", value: "a" },
      { op: "replace", path: "title", value: "b" },
      { op: "add", path: 'emails[type eq "other"].value', value: "o" },
      { op: "replace", path: 'emails[type eq "other"].primary', value: true },
    );
    expect(resource).toMatchObject({ title: "b", emails: [{ primary: false }, home, { value: "o", primary: true }] });
  });

  test.each<Json>([
    { op: "replace", path: 'emails[type eq "fax" or type eq "telex"].value', value: "x" },
    { op: "add", path: 'emails[type sw "fax"].value', value: "x" },
    { op: "replace", path: "emails[not (type pr)]", value: { value: "x" } },
  ])("%j finds nothing and has nothing to create from: noTarget (R76, D1)", (operation) => {
    expect(() => patched(user, operation)).toThrow(expect.objectContaining({ status: 400, scimType: "noTarget" }));
  });

  test("a multi-valued attribute has a limit (R124)", () => {
    const value = Array.from({ length: 1_001 }, (_, n) => ({ value: `${n}` }));
    expect(() => patched(user, { op: "add", path: "roles", value })).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue" }),
    );
  });

  test("an immutable value is set once (R101)", () => {
    const badge = attribute("badge", "The number on the badge.", { mutability: "immutable" });
    const type: ResourceType = { ...userType, schema: { ...userType.schema, attributes: [badge] } };
    const set = (resource: Resource, value: string) =>
      applyPatch(type, resource, parsePatch(type, { Operations: [{ op: "add", path: "badge", value }] }).operations);
    expect(set({}, "7")).toEqual({ badge: "7" });
    expect(set({ badge: "7" }, "7")).toEqual({ badge: "7" });
    expect(() => set({ badge: "7" }, "8")).toThrow(expect.objectContaining({ status: 400, scimType: "mutability" }));
  });

  test("a failing operation leaves what was given as it was (R63)", () => {
    const before = structuredClone(user);
    const fails = [
      { op: "replace", path: "title", value: "x" },
      { op: "add", path: 'emails[type pr and value sw "x"].value', value: "x" },
    ];
    expect(() => patched(user, ...fails)).toThrow(expect.objectContaining({ scimType: "noTarget" }));
    expect(user).toEqual(before);
  });

  test("any body gives a resource or a ScimError 400 or 403, and never changes what it was given", () => {
    const frozen = deepFreeze(structuredClone(user));
    fc.assert(
      fc.property(patchBodies, (body) => {
        const refused = refusal(() => applyPatch(userType, frozen, parsePatch(userType, body).operations));
        expect([undefined, 400, 403]).toContain(refused?.status);
      }),
      { numRuns: 1_000 },
    );
  });

  test("adding twice is adding once (R67)", () => {
    fc.assert(
      fc.property(patchBodies, (body) => {
        const [once, twice] = addedTwice(body);
        expect(twice).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The user after the first `add` of a body, and after the same again. */
function addedTwice(body: unknown): [Resource, Resource] {
  let once = user;
  let twice = user;
  refusal(() => {
    const operations = parsePatch(userType, body).operations.filter((operation) => operation.op === "add");
    once = twice = applyPatch(userType, user, operations.slice(0, 1));
    twice = applyPatch(userType, once, operations.slice(0, 1));
  });
  return [once, twice];
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
