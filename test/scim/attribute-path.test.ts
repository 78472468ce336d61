import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../lib/scim/limits.ts";
import { formatPath, parsePath } from "../../lib/scim/attribute-path.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { pathTexts, pathTextsOrNot, refusal, withoutText } from "./arbitraries.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const core = "urn:ietf:params:scim:schemas:core:2.0:User";

describe("attribute path (RFC 7644 3.10)", () => {
  test.each([
    ["userName", "userName"],
    ["USERNAME", "userName"],
    ["id", "id"],
    ["meta.lastmodified", "meta.lastModified"],
    ["name.givenName", "name.givenName"],
    [" nickName ", "nickName"],
    ['emails[type eq "work"].value', 'emails[type eq "work"].value'],
    ['emails[Type eq "other"].Value', 'emails[type eq "other"].value'],
    ['addresses[type eq "work"]', 'addresses[type eq "work"]'],
    ['roles[primary eq "True"].value', "roles[primary eq true].value"],
    ['emails[not (type eq "work") and value pr]', 'emails[not (type eq "work") and value pr]'],
  ])("%s names %s, in any case (R19, R82)", (text, expected) => {
    expect(formatPath(parsePath(userType, text))).toBe(expected);
  });

  test.each([
    [`${core}:userName`, "userName"],
    [`${core.toUpperCase()}:name.givenName`, "name.givenName"],
    [`${core}:externalId`, "externalId"],
    [`${enterprise}:department`, `${enterprise}:department`],
    [`${enterprise}:manager.value`, `${enterprise}:manager.value`],
    [enterprise, enterprise],
    [enterprise.toLowerCase(), enterprise],
  ])("%s: the dots and colons of a URN are its own (R40, R81)", (text, expected) => {
    expect(formatPath(parsePath(userType, text))).toBe(expected);
  });

  test.each(["manager", "department", "Manager.Value"])(
    "%s: a name that the core schema lacks is looked up in the extensions (D14)",
    (text) => {
      expect(parsePath(userType, text).extension).toBe(enterprise);
    },
  );

  test("keeps the text as it was written, for messages", () => {
    expect(parsePath(userType, "NAME.familyname").text).toBe("NAME.familyname");
  });

  test("members of a group can be named", () => {
    expect(formatPath(parsePath(groupType, 'members[value eq "a"]'))).toBe('members[value eq "a"]');
  });

  test.each([
    "",
    " ",
    ".",
    "name.",
    ".name",
    "name.a.b",
    "name.givenName.x",
    "1st",
    "shoeSize",
    "name.shoeSize",
    "userName.value",
    "a b",
    "userName eq",
    '"userName"',
    "(userName)",
    "__proto__",
    "constructor",
    "name.__proto__",
    core,
    `${core}:shoeSize`,
    `${enterprise}:userName`,
    `${enterprise}:`,
    "urn:example:other:userName",
    'emails[type eq "work"] .value',
    'emails[type eq "work"]value',
    'emails[type eq "work"].value.x',
    'emails[type eq "work"].shoeSize',
    'emails[type eq "work"].value x',
    'emails.value[type eq "work"]',
  ])("refuses %j as a path (R79, D17)", (text) => {
    expect(() => parsePath(userType, text)).toThrow(expect.objectContaining({ status: 400, scimType: "invalidPath" }));
  });

  test.each([
    "emails[]",
    "emails[type]",
    'emails[type eq "work"',
    'emails[type eq "work]',
    'emails[shoeSize eq "work"]',
    'emails[emails[type eq "a"]]',
    'name[givenName eq "a"]',
    'userName[value eq "a"]',
  ])("refuses the filter in %j (R79)", (text) => {
    expect(() => parsePath(userType, text)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidFilter" }),
    );
  });

  test("refuses more than 8,192 characters (R124)", () => {
    expect(() => parsePath(userType, "a".repeat(8_193))).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidPath" }),
    );
  });

  test("says what was found and what there is", () => {
    expect(() => parsePath(userType, "emails.kind")).toThrow(
      '"emails.kind" names a sub-attribute that "emails" does not have; it has: value, display, type, primary',
    );
  });

  test("reading what was printed gives the same place", () => {
    fc.assert(
      fc.property(pathTexts, (text) => {
        // A longer path is refused, which tests of their own hold.
        fc.pre(text.length <= limits.patchPathCharacters);
        const path = parsePath(userType, text);
        fc.pre(formatPath(path).length <= limits.patchPathCharacters);
        const again = parsePath(userType, formatPath(path));
        expect(formatPath(again)).toBe(formatPath(path));
        expect(withoutText(again)).toEqual(withoutText(path));
      }),
    );
  });

  test("any text is a path or a ScimError 400 or 403", () => {
    fc.assert(
      fc.property(pathTextsOrNot, (text) => {
        expect([undefined, 400, 403]).toContain(refusal(() => parsePath(userType, text))?.status);
      }),
    );
  });
});
