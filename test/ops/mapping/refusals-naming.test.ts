import { describe, expect, test } from "vitest";
import { namesPath, unknownPath } from "../../../lib/ops/mapping/refusals-naming.ts";

const required =
  'Profile attribute "email" is required, but the user has no value at emails[type eq "work"].value or emails.value; send one, or take "required" from mapping.attributes.email in the tenant file.';

describe("the text of a refusal names", () => {
  test.each([
    [required, "emails.value"],
    [required, 'emails[type eq "work"].value'],
    ['"userName" is required, but is missing or empty; map a value to it', "userName"],
    ['Profile attribute "title" is required, but the user has no value at title; send one', "title"],
    ['"emails[type eq \\"work\\"].value": found a number, expected a text', 'emails[type eq "work"].value'],
    ["the value at name.givenName.", "name.givenName"],
  ])("%s: %s", (detail, path) => {
    expect(namesPath(detail, path)).toBe(true);
  });

  test.each([
    ["a word that only looks like one", 'Profile attribute "kind" is required; send another title', "title"],
    ["a part of a longer path", '"name.givenName" has two values', "givenName"],
    ["the beginning of a longer path", '"emails.value" has two values', "emails"],
    ["the end of an extension's", '"urn:acme:1.0:User:department" is odd', "department"],
    ["a longer word", '"userNames" is odd', "userName"],
  ])("not %s", (_name, detail, path) => {
    expect(namesPath(detail, path)).toBe(false);
  });

  test.each([
    ['path: "favouriteColour" is not an attribute of User; see /Schemas for those it has', "favouriteColour"],
    ['"urn:x:User:a" begins with a schema that User does not have', "urn:x:User:a"],
    [
      'path: "emails[type eq \\"work\\"].valu" names a sub-attribute that "emails" does not have',
      'emails[type eq "work"].valu',
    ],
    [required, undefined],
  ])("what no schema has: %s", (detail, path) => {
    expect(unknownPath(detail)).toBe(path);
  });
});
