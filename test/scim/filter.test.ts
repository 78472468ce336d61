import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFilter } from "../../lib/scim/filter.ts";
import { formatFilter } from "../../lib/scim/filter-text.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { filterTexts, filterTextsOrNot, refusal, withoutText } from "./arbitraries.ts";

const manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

function understood(text: string): string {
  return formatFilter(parseFilter(userType, text));
}

describe("filter (RFC 7644 3.4.2.2)", () => {
  test.each([
    ['title pr and userType eq "a" or nickName pr', 'title pr and userType eq "a" or nickName pr'],
    ['title pr and (userType eq "a" or nickName pr)', 'title pr and (userType eq "a" or nickName pr)'],
    ["(title pr) or ((nickName pr and active eq true))", "title pr or nickName pr and active eq true"],
    ["not (title pr) and nickName pr", "not (title pr) and nickName pr"],
    ["NOT(title PR) OR nickName Pr", "not (title pr) or nickName pr"],
    ["(title pr and nickName pr) and active eq true", "(title pr and nickName pr) and active eq true"],
    ['  userName   Eq "a"  ', 'userName eq "a"'],
    [
      'emails[type eq "work" and (value co "@" or primary eq true)]',
      'emails[type eq "work" and (value co "@" or primary eq true)]',
    ],
  ])("%s: brackets, not, and, or, in any case (R31)", (text, expected) => {
    expect(understood(text)).toBe(expected);
  });

  test.each([
    [String.raw`userName eq "a\"b"`, 'a"b'],
    [String.raw`userName eq "a\\b"`, String.raw`a\b`],
    [String.raw`userName eq "\u00e9\n"`, "é\n"],
    ['userName eq "a) or (b [c] and d"', "a) or (b [c] and d"],
    ['userName eq ""', ""],
    ["title eq null", null],
    ["active eq true", true],
  ])("%s: values are JSON (R32)", (text, value) => {
    expect(parseFilter(userType, text)).toMatchObject({ kind: "compare", value });
  });

  test.each([
    ['emails co "x"', 'emails.value co "x"'],
    ['manager eq "id"', `${manager}.value eq "id"`],
    [`${manager} eq "id"`, `${manager}.value eq "id"`],
    ['groups eq "id"', 'groups.value eq "id"'],
  ])("%s: a complex attribute is compared by its value (R34, D14)", (text, expected) => {
    expect(understood(text)).toBe(expected);
  });

  test("members of a group are compared by their value (R34)", () => {
    expect(formatFilter(parseFilter(groupType, 'id eq "g" and members eq "u"'))).toBe(
      'id eq "g" and members.value eq "u"',
    );
  });

  test("goes on behind a value path, as Entra does (R36, D6)", () => {
    expect(understood('emails[type eq "work"].value eq "x"')).toBe('emails[type eq "work" and value eq "x"]');
    expect(understood('emails[type eq "a" or type eq "b"].value pr')).toBe(
      'emails[(type eq "a" or type eq "b") and value pr]',
    );
  });

  test.each([
    ['active eq "False"', "active eq false"],
    ["active eq True", "active eq true"],
    ['emails[primary eq "TRUE"]', "emails[primary eq true]"],
  ])("%s: texts are booleans where the attribute is one (D4)", (text, expected) => {
    expect(understood(text)).toBe(expected);
  });

  test.each([
    ["userName eq bjensen@example.com", 'userName eq "bjensen@example.com"'],
    [
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq 701984",
      'employeeNumber eq "701984"',
    ],
  ])("%s: one word needs no quotes (D19)", (text, expected) => {
    expect(understood(text)).toContain(expected);
  });

  test.each([
    "",
    " ",
    "userName",
    "userName eq",
    "userName is a",
    'userName "a"',
    'userName eq "a" "b"',
    'userName eq "a" and',
    'userName eq "a" xor title pr',
    'and userName eq "a"',
    'userName eq "a',
    String.raw`userName eq "\x"`,
    "(title pr",
    "title pr)",
    "()",
    "not title pr",
    "not not (title pr)",
    "title pr]",
    'emails[type eq "a"',
    "emails[]",
    'emails[type eq "a"].',
    'emails[type eq "a"].value',
    'emails[type eq "a"]value eq "b"',
    'emails.value[type eq "a"]',
    'name[givenName eq "a"]',
    'name eq "a"',
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr eq",
  ])("refuses %j (R39)", (text) => {
    expect(() => parseFilter(userType, text)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidFilter" }),
    );
  });

  test.each(['shoeSize eq "1"', "emails[shoeSize pr]", "emails.shoeSize pr", "__proto__ pr", 'urn:x:y:z eq "1"'])(
    "%s: an attribute that the schema does not have is no empty list (D7)",
    (text) => {
      expect(() => parseFilter(userType, text)).toThrow(
        expect.objectContaining({ status: 400, scimType: "invalidFilter" }),
      );
    },
  );

  test.each([
    "active gt true",
    'active co "t"',
    'x509Certificates.value gt "a"',
    "active eq 1",
    'active eq "maybe"',
    'meta.created gt "yesterday"',
    "title gt null",
  ])("%s: operator and value must fit the type (R38)", (text) => {
    expect(() => parseFilter(userType, text)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidFilter" }),
    );
  });

  test.each(['password eq "a"', "password pr", 'title pr or not (PASSWORD sw "a")'])(
    "%s is no oracle (R125)",
    (text) => {
      expect(() => parseFilter(userType, text)).toThrow(
        expect.objectContaining({ status: 403, scimType: "sensitive" }),
      );
    },
  );

  test("says where it stopped and what it expected", () => {
    expect(() => parseFilter(userType, "userName equals x")).toThrow(
      'filter: found "equals" at position 10, expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)',
    );
  });

  test.each([
    ["longer than 8,192 characters", `userName eq "${"a".repeat(8_192)}"`],
    ["8,000 brackets", "(".repeat(8_000)],
    ["33 levels", `${"(".repeat(33)}title pr${")".repeat(33)}`],
    ["1,600 times not", "not (".repeat(1_600)],
    ["value paths in value paths", "emails[".repeat(1_000)],
  ])("refuses %s (R124)", (_name, text) => {
    expect(() => parseFilter(userType, text)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidFilter" }),
    );
  });

  test("takes 32 levels of brackets, and as many terms as fit (R124)", () => {
    expect(understood(`${"(".repeat(32)}title pr${")".repeat(32)}`)).toBe("title pr");
    expect(parseFilter(userType, Array(680).fill("title pr").join(" or "))).toMatchObject({ kind: "or" });
  });

  test("reading what was printed gives the same filter", () => {
    fc.assert(
      fc.property(filterTexts, (text) => {
        const filter = parseFilter(userType, text);
        const again = parseFilter(userType, formatFilter(filter));
        expect(withoutText(again)).toEqual(withoutText(filter));
      }),
    );
  });

  test("any text is a filter or a ScimError 400 or 403", () => {
    fc.assert(
      fc.property(filterTextsOrNot, (text) => {
        expect([undefined, 400, 403]).toContain(refusal(() => parseFilter(userType, text))?.status);
      }),
      { numRuns: 500 },
    );
  });
});
