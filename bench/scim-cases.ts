/** What right answers are: filters on one user and PATCHes of it, as the RFC says or as identity providers rely on. */
import type { JsonObject } from "../lib/scim/json.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

export const user: JsonObject = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
  externalId: "Ada-1",
  userName: "Ada@Example.com",
  name: { familyName: "Lovelace", givenName: "Ada" },
  title: "Countess",
  active: true,
  emails: [
    { value: "ada@work.example", type: "work", primary: true },
    { value: "ada@home.example", type: "home" },
  ],
  [enterprise]: { department: "Engines", manager: { value: "26118915" } },
};
const [work, home] = [
  { value: "ada@work.example", type: "work", primary: true },
  { value: "ada@home.example", type: "home" },
];

export const filterCases: readonly (readonly [filter: string, fits: boolean])[] = [
  ['userName eq "Ada@Example.com"', true],
  ['userName eq "ada@example.COM"', true],
  ['externalId eq "ada-1"', false],
  ['emails[type eq "work" and value co "work"]', true],
  ['emails[type eq "home" and value co "work"]', false],
  ['emails[type eq "work"].value eq "ada@work.example"', true],
  ['emails co "home.example"', true],
  ["title pr and not (active eq false) or nickName pr", true],
  ['(title eq "x" or name.familyName sw "love") and active eq true', true],
  ['active eq "True"', true],
  [`${enterprise}:department eq "Engines"`, true],
  [`${enterprise}:manager eq "26118915"`, true],
  ['nickName ne "x"', true],
  [String.raw`title ne "\"quoted\" \\ text"`, true],
];

/** Expected: what is another afterwards. */
export const patchCases: readonly (readonly [name: string, operations: readonly JsonObject[], expected: JsonObject])[] =
  [
    ["replace one attribute", [{ op: "replace", path: "title", value: "Dr" }], { title: "Dr" }],
    [
      "replace inside name",
      [{ op: "replace", path: "name", value: { givenName: "A." } }],
      { name: { familyName: "Lovelace", givenName: "A." } },
    ],
    ["Entra: capital op, text for a truth", [{ op: "Replace", path: "active", value: "False" }], { active: false }],
    [
      "replace by a value path",
      [{ op: "replace", path: 'emails[type eq "home"].value', value: "a@h" }],
      { emails: [work, { value: "a@h", type: "home" }] },
    ],
    [
      "add by a value path without a match",
      [{ op: "add", path: 'emails[type eq "other"].value', value: "o" }],
      { emails: [work, home, { value: "o", type: "other" }] },
    ],
    [
      "another primary",
      [{ op: "replace", path: 'emails[type eq "home"].primary', value: true }],
      {
        emails: [
          { value: "ada@work.example", type: "work", primary: false },
          { value: "ada@home.example", type: "home", primary: true },
        ],
      },
    ],
    ["add what is there", [{ op: "add", path: "emails", value: [home] }], {}],
    ["remove by a value path", [{ op: "remove", path: 'emails[type eq "home"]' }], { emails: [work] }],
    ["remove what is not there", [{ op: "remove", path: 'emails[type eq "other"]' }], {}],
    [
      "an attribute of the extension",
      [{ op: "replace", path: `${enterprise}:department`, value: "Looms" }],
      { [enterprise]: { department: "Looms", manager: { value: "26118915" } } },
    ],
    [
      "without path, names in any case",
      [{ op: "replace", value: { Title: "Dr", active: false } }],
      { title: "Dr", active: false },
    ],
  ];
