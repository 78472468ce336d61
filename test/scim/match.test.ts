import { describe, expect, test } from "vitest";
import { parsePath } from "../../lib/scim/attribute-path.ts";
import { parseFilter } from "../../lib/scim/filter.ts";
import { equalities } from "../../lib/scim/indexed-filter.ts";
import { matches } from "../../lib/scim/match.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { select } from "../../lib/scim/select.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const user = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
  id: "2819C223",
  externalId: "Ada-1",
  userName: "Ada@Example.com",
  name: { familyName: "Lovelace", givenName: "Ada" },
  nickName: "",
  active: true,
  emails: [
    { value: "Ada@Work.example", type: "work", primary: true },
    { value: "ada@home.example", type: "home" },
  ],
  [enterprise]: { department: "Engines", manager: { value: "26118915" } },
  meta: { resourceType: "User", created: "2026-01-31T12:00:00.000Z", version: 'W/"1"' },
};

describe("whether a resource fits a filter (RFC 7644 3.4.2.2)", () => {
  test.each([
    ["R33", 'userName eq "ADA@example.COM"', true],
    ["R33", 'id eq "2819c223"', false],
    ["R33", 'externalId eq "ada-1"', false],
    ["R33", 'externalId eq "Ada-1"', true],
    ["R33", 'emails.value eq "ADA@HOME.EXAMPLE"', true],
    ["R33", 'userName co "EXAMPLE"', true],
    ["R33", 'userName sw "ada"', true],
    ["R33", 'userName ew ".COM"', true],
    ["R33", 'userName ew "ada"', false],
    ["R33", 'userName gt "Ad"', true],
    ["R33", 'userName lt "Ad"', false],
    ["R34", 'emails co "work.example"', true],
    ["R34", 'manager eq "26118915"', true],
    ["R34", `id eq "2819C223" and ${enterprise}:manager eq "other"`, false],
    ["R35", 'emails[type eq "work" and value eq "ada@home.example"]', false],
    ["R35", 'emails.type eq "work" and emails.value eq "ada@home.example"', true],
    ["R35", 'emails[type eq "home" and value eq "ada@home.example"]', true],
    ["R36", 'emails[type eq "work"].value eq "ada@work.example"', true],
    ["R36", 'emails[type eq "home"].value eq "ada@work.example"', false],
    ["R37", "userName pr", true],
    ["R37", "nickName pr", false],
    ["R37", "title pr", false],
    ["R37", "name pr", true],
    ["R37", "addresses pr", false],
    ["R37", `${enterprise}:department pr`, true],
    ["R38", 'meta.created eq "2026-01-31T13:00:00+01:00"', true],
    ["R38", 'meta.created gt "2026-01-31T13:00:00+02:00"', true],
    ["R38", 'meta.created lt "2026-01-31T12:00:00Z"', false],
    ["R38", 'meta.created le "2026-01-31T12:00:00Z"', true],
    ["R38", 'meta.created ge "2026-01-31T12:00:00Z"', true],
    ["R38", 'meta.created sw "2026"', true],
    // Parts of a time are texts.
    ["R38", 'meta.created co "-01-31T"', true],
    ["R38", 'meta.created ew ":00.000Z"', true],
    ["R38", 'meta.created co "-02-"', false],
    ["D4", 'active eq "True"', true],
    ["D4", "active ne true", false],
    ["R18", "title eq null", true],
    ["R18", "nickName eq null", true],
    ["R18", "userName eq null", false],
    ["R18", "userName ne null", true],
    ["R37", 'title ne "x"', true],
    ["R37", 'title eq "x"', false],
    ["R31", 'not (title pr) and (userName eq "x" or active eq true)', true],
    ["R31", 'userName eq "x" and title pr or active eq true', true],
  ])("%s: %s is %s", (_rule, text, expected) => {
    expect(matches(parseFilter(userType, text), user)).toBe(expected);
  });

  test("composed and decomposed letters are one (R126)", () => {
    const filter = parseFilter(userType, 'userName eq "Jos\u00e9"');
    expect(matches(filter, { userName: "JOSE\u0301" })).toBe(true);
  });

  test("members of a group (R34)", () => {
    const group = { id: "g", members: [{ value: "a", type: "User" }] };
    expect(matches(parseFilter(groupType, 'id eq "g" and members eq "a"'), group)).toBe(true);
    expect(matches(parseFilter(groupType, 'members eq "b"'), group)).toBe(false);
  });

  test("a value filter is asked of the element itself", () => {
    const { filter } = parsePath(groupType, 'members[type eq "Group" or value sw "a"]');
    if (filter === undefined) throw new Error("the path has a filter");
    expect(matches(filter, { value: "abc", type: "User" })).toBe(true);
    expect(matches(filter, { value: "xyz", type: "User" })).toBe(false);
  });

  test("a value that is not of the attribute's type fits nothing but ne", () => {
    expect(matches(parseFilter(userType, 'userName eq "5"'), { userName: 5 })).toBe(false);
    expect(matches(parseFilter(userType, "active eq true"), { active: "true" })).toBe(false);
  });
});

describe("the values at a path (RFC 7644 3.10)", () => {
  test.each([
    ["userName", ["Ada@Example.com"]],
    ["name.givenName", ["Ada"]],
    ["name", [user.name]],
    ["title", []],
    ["emails", user.emails],
    ["emails.value", ["Ada@Work.example", "ada@home.example"]],
    ['emails[type eq "home"].value', ["ada@home.example"]],
    ['emails[type eq "home"]', [user.emails[1]]],
    ['emails[type eq "other"].value', []],
    ["emails.primary", [true]],
    ["manager.value", ["26118915"]],
    [`${enterprise}:department`, ["Engines"]],
    [enterprise, [user[enterprise]]],
    ["addresses.locality", []],
  ])("%s", (text, expected) => {
    expect(select(user, parsePath(userType, text))).toEqual(expected);
  });

  test("nothing that an object inherits", () => {
    const department = parsePath(userType, "department");
    expect(select({}, { ...department, text: "", extension: "constructor" })).toEqual([]);
  });
});

describe("what a filter demands by eq", () => {
  test.each([
    ['userName eq "a"', [["userName", "a"]]],
    [
      'id eq "1" and manager eq "2"',
      [
        ["id", "1"],
        [`${enterprise}:manager.value`, "2"],
      ],
    ],
    [
      '(emails.value eq "a") and (title pr and userName eq "b")',
      [
        ["emails.value", "a"],
        ["userName", "b"],
      ],
    ],
    [
      'emails[type eq "work" and value eq "x"]',
      [
        ["emails.type", "work"],
        ["emails.value", "x"],
      ],
    ],
    [
      'emails[type eq "work"].value eq "x"',
      [
        ["emails.type", "work"],
        ["emails.value", "x"],
      ],
    ],
    [`${enterprise}:department eq "x"`, [[`${enterprise}:department`, "x"]]],
    ["active eq true", [["active", true]]],
    ['userName eq "a" or userName eq "b"', []],
    ['not (userName eq "a")', []],
    ['userName sw "a" and title eq null', []],
    ['userName eq ""', []],
    ['emails[type eq "work" or value eq "x"]', []],
  ])("%s", (text, expected) => {
    const found = equalities(parseFilter(userType, text)).map(({ attribute, value }) => [attribute, value]);
    expect(found).toEqual(expected);
  });
});
