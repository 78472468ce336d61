import { describe, expect, test } from "vitest";
import { mapGroup, mapUser } from "../../lib/provisioning/mapping.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import type { JsonObject } from "../../lib/scim/json.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const ada: JsonObject = {
  userName: "Ada.Lovelace@Acme.example",
  name: { givenName: "Ada", familyName: "Lovelace", formatted: "Ada Lovelace" },
  title: "",
  active: true,
  emails: [
    { value: "ada@home.example", type: "home" },
    { value: "ada@acme.example", type: "work", primary: true },
    { value: "lovelace@acme.example", type: "work" },
  ],
  [enterprise]: { department: "Engines", manager: { value: "7f" } },
};

/** A mapping as a tenant file has it. */
function map(attributes: JsonObject, resource = ada) {
  const { mapping } = readTenantFile("acme", { environment: { region: "eu-central-1" }, mapping: { attributes } });
  return mapUser(mapping, resource);
}

describe("the value of a profile attribute", () => {
  test.each<[string, JsonObject, unknown]>([
    ["is what stands at the path", { from: "name.givenName" }, "Ada"],
    ["may be a boolean", { from: "active" }, true],
    ["of an extension, by URN", { from: `${enterprise}:department` }, "Engines"],
    ["of an extension, by name alone (D14)", { from: "department" }, "Engines"],
    ["of an extension's complex attribute", { from: "manager.value" }, "7f"],
    ["of a list: the primary one wins over the first", { from: "emails.value" }, "ada@acme.example"],
    ["of a list: the first where none is primary", { from: 'emails[type eq "home"].value' }, "ada@home.example"],
    [
      "of a value filter that chooses several: the primary one",
      { from: 'emails[type eq "work"].value' },
      "ada@acme.example",
    ],
    ["falls back to the next path", { from: ["displayName", "name.formatted"] }, "Ada Lovelace"],
    ["an empty text is no value", { from: ["title", "userName"] }, "Ada.Lovelace@Acme.example"],
    ["the constant stands where no path has a value", { from: "title", constant: "none" }, "none"],
    ["the constant yields to a value", { from: "userName", constant: "none" }, "Ada.Lovelace@Acme.example"],
    ["a constant alone", { constant: 7 }, 7],
    ["a constant may be false", { constant: false }, false],
    ["in lower case", { from: "userName", lowerCase: true }, "ada.lovelace@acme.example"],
    ["lower case leaves a boolean alone", { from: "active", lowerCase: true }, true],
  ])("%s", (_, attribute, value) => {
    expect(map({ a: attribute })).toMatchObject({ profile: { a: value }, problems: [] });
  });

  test("absent is left out, and is no problem unless it is required", () => {
    expect(map({ nick: { from: "nickName" } })).toEqual({
      profile: {},
      lookups: [],
      trace: [{ attribute: "nick", tried: [{ path: "nickName", found: false }], outcome: "absent" }],
      problems: [],
    });
  });

  test("an element without the sub-attribute is passed over", () => {
    const emails = [{ type: "work", primary: true }, { value: "ada@home.example" }];
    expect(map({ mail: { from: "emails.value" } }, { ...ada, emails }).profile).toEqual({ mail: "ada@home.example" });
  });

  test("an attribute that nobody maps fails nobody", () => {
    expect(map({ login: { from: "userName" } }, { ...ada, nickName: "Countess" })).toMatchObject({
      profile: { login: "Ada.Lovelace@Acme.example" },
      problems: [],
    });
  });
});

describe("the lookups of a profile", () => {
  test("are folded as filters are, so that letter case and composition do not matter (R126)", () => {
    const { profile, lookups } = map({ login: { from: "userName", lookup: true } }, { userName: "STRASSE-Ü" });
    expect(profile).toEqual({ login: "STRASSE-Ü" });
    expect(lookups).toEqual([{ attribute: "login", value: "strasse-ü" }]);
    expect(map({ login: { from: "userName", lookup: true } }, { userName: "straße-U\u0308" }).lookups).toEqual(lookups);
  });

  test("are of what there is", () => {
    expect(map({ nick: { from: "nickName", lookup: true } }).lookups).toEqual([]);
  });

  test("a value that no key can hold is a problem", () => {
    const mapped = map({ login: { from: "userName", lookup: true } }, { userName: "é".repeat(513) });
    expect(mapped.lookups).toEqual([]);
    expect(mapped.trace).toEqual([expect.objectContaining({ source: "userName", outcome: "unusable" })]);
    expect(mapped.problems).toEqual([
      'Profile attribute "login" is looked up, but the user\'s value at userName has more than 1024 bytes; send a shorter one, or take "lookup" from mapping.attributes.login in the tenant file.',
    ]);
    expect(map({ login: { from: "userName", lookup: true } }, { userName: "é".repeat(512) }).problems).toEqual([]);
  });
});

describe("the trace of a mapping", () => {
  test("has the paths that were tried, the one that gave the value, and what was done to it", () => {
    const { trace } = map({
      title: { from: ["title", "userType", "userName", "nickName"], lowerCase: true },
      kind: { from: "userType", constant: "Staff" },
      active: { from: "active", lowerCase: true },
    });
    expect(trace).toEqual([
      {
        attribute: "title",
        tried: [
          { path: "title", found: false },
          { path: "userType", found: false },
          { path: "userName", found: true },
        ],
        source: "userName",
        transform: "lowerCase",
        outcome: "mapped",
      },
      { attribute: "kind", tried: [{ path: "userType", found: false }], source: "constant", outcome: "mapped" },
      { attribute: "active", tried: [{ path: "active", found: true }], source: "active", outcome: "mapped" },
    ]);
  });
});

describe("the problems of a mapping", () => {
  test("name the profile attribute, the paths and the cure (R94)", () => {
    const { profile, trace, problems } = map({
      login: { from: "userName" },
      nick: { from: ["nickName", 'emails[type eq "other"].value'], required: true },
    });
    expect(profile).toEqual({ login: "Ada.Lovelace@Acme.example" });
    expect(trace[1]).toMatchObject({ attribute: "nick", outcome: "missing" });
    expect(problems).toEqual([
      'Profile attribute "nick" is required, but the user has no value at nickName or emails[type eq "other"].value; send one, or take "required" from mapping.attributes.nick in the tenant file.',
    ]);
  });

  test("a value with parts is unusable, and the sentence does not show it", () => {
    const { trace, problems } = map({ nick: { from: "nickName" } }, { nickName: { secret: "Countess" } });
    expect(trace).toEqual([expect.objectContaining({ source: "nickName", outcome: "unusable" })]);
    expect(problems).toEqual([
      'Profile attribute "nick" must be a text, a number or a boolean, but the user has something else at nickName; name a sub-attribute in mapping.attributes.nick of the tenant file.',
    ]);
  });

  test("each attribute has its own", () => {
    const { problems } = map({
      nick: { from: "nickName", required: true },
      title: { from: "title", required: true },
      kind: { from: "userType", required: true, constant: "staff" },
    });
    expect(problems).toHaveLength(2);
  });
});

describe("the profile of a group", () => {
  test.each<[JsonObject, JsonObject]>([
    [
      { displayName: "Engineers", externalId: "e1", other: "x" },
      { displayName: "Engineers", externalId: "e1" },
    ],
    [{ displayName: "Engineers" }, { displayName: "Engineers" }],
  ])("%j is %j", (resource, profile) => {
    expect(mapGroup(resource)).toEqual(profile);
  });
});
