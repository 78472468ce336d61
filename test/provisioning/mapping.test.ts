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
    ["in lower case", { from: "userName", case: "lower" }, "ada.lovelace@acme.example"],
    ["lower case leaves a boolean alone", { from: "active", case: "lower" }, true],
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

describe("what is done to a value, in this order: join, trim, case, table, as", () => {
  test.each<[string, JsonObject, JsonObject, unknown]>([
    ["several paths are joined", { from: ["name.givenName", "name.familyName"], join: " " }, ada, "Ada Lovelace"],
    [
      "a path without a value leaves no gap",
      { from: ["name.givenName", "nickName", "name.familyName"], join: "." },
      ada,
      "Ada.Lovelace",
    ],
    ["an empty one neither", { from: ["title", "name.givenName"], join: " " }, ada, "Ada"],
    [
      "all values of a list are joined, as they stand there",
      { from: "emails.value", join: "; " },
      ada,
      "ada@home.example; ada@acme.example; lovelace@acme.example",
    ],
    [
      "those that a filter chooses",
      { from: 'emails[type eq "work"].value', join: "," },
      ada,
      "ada@acme.example,lovelace@acme.example",
    ],
    [
      "each of them trimmed, if it is to be",
      { from: ["title", "nickName"], join: ".", trim: true },
      { title: " a ", nickName: " b " },
      "a.b",
    ],
    ["a boolean may be joined", { from: ["name.givenName", "active"], join: "-" }, ada, "Ada-true"],
    ["nothing to join: the constant", { from: ["title", "nickName"], join: " ", constant: "none" }, ada, "none"],
    [
      "white space at both ends is trimmed, inner runs stay",
      { from: "title", trim: true },
      { title: "\t Vice  President\u00a0\n" },
      "Vice  President",
    ],
    [
      "white space alone is no value when it is trimmed",
      { from: ["title", "nickName"], trim: true },
      { title: "  ", nickName: " Al " },
      "Al",
    ],
    ["white space is a value when it is not", { from: ["title", "nickName"] }, { title: "  ", nickName: "Al" }, "  "],
    ["upper case", { from: "name.familyName", case: "upper" }, ada, "LOVELACE"],
    [
      "a table, whose keys are compared in any case",
      { from: "department", table: { "SALES & Marketing": "S-1" } },
      { [enterprise]: { department: "Sales & marketing" } },
      "S-1",
    ],
    ["a table after trim", { from: "title", trim: true, table: { "Dr ": "D" } }, { title: " dr " }, "D"],
    ["a table of numbers and booleans", { from: "active", table: { true: 1, false: 0 } }, ada, 1],
    [
      "a table's default, for what it does not have",
      { from: "title", table: { Dr: "D" }, otherwise: "other" },
      { title: "Prof" },
      "other",
    ],
    [
      "a table's default is not for whoever has no value",
      { from: "title", table: { Dr: "D" }, otherwise: "other", constant: "dr" },
      {},
      "D",
    ],
    [
      "a table may make dates",
      { from: "title", table: { Dr: "24.11.2026" }, as: "date" },
      { title: "dr" },
      "2026-11-24",
    ],
    ["a number as text", { from: "title", as: "text" }, { title: 7 }, "7"],
    ["a text as number", { from: "title", as: "number" }, { title: " -007.50 " }, -7.5],
    ["a number as number", { constant: 3, as: "number" }, {}, 3],
    [
      "join, trim, case, table and as together",
      { from: ["title", "nickName"], join: "/", trim: true, case: "upper", table: { "A/B": "yes" }, as: "boolean" },
      { title: " a", nickName: "b " },
      true,
    ],
  ])("%s", (_, attribute, resource, value) => {
    expect(map({ a: attribute }, resource)).toMatchObject({ profile: { a: value }, problems: [] });
  });

  test.each([
    ...["true", "True", "YES", "y", "on", "1", 1, true].map((value) => [value, true]),
    ...["false", "FALSE", "no", "N", "off", "0", 0, false].map((value) => [value, false]),
  ])("%j as a boolean is %j", (title, value) => {
    expect(map({ a: { from: "title", as: "boolean" } }, { title }).profile).toEqual({ a: value });
  });

  test("what has a table or a form is looked up by what it became", () => {
    const { lookups } = map({ a: { from: "title", table: { Dr: "DOCTOR" }, lookup: true } }, { title: "dr" });
    expect(lookups).toEqual([{ attribute: "a", value: "doctor" }]);
  });
});

describe("the forms of a date", () => {
  const made = (title: string, as: string) => map({ a: { from: "title", as } }, { title }).profile["a"];

  test.each([
    ["2026-11-24", "2026-11-24", "2026-11-24T00:00:00Z"],
    ["20261124", "2026-11-24", "2026-11-24T00:00:00Z"],
    ["24.11.2026", "2026-11-24", "2026-11-24T00:00:00Z"],
    ["4.1.2026", "2026-01-04", "2026-01-04T00:00:00Z"],
    [" 2026-11-24 ", "2026-11-24", "2026-11-24T00:00:00Z"],
    ["2024-02-29", "2024-02-29", "2024-02-29T00:00:00Z"],
    ["2026-11-24T09:30Z", "2026-11-24", "2026-11-24T09:30:00Z"],
    ["2026-11-24t09:30:15z", "2026-11-24", "2026-11-24T09:30:15Z"],
    ["2026-11-24T09:30:00.125Z", "2026-11-24", "2026-11-24T09:30:00.125Z"],
    ["2026-11-24T09:30:00.1234567+00:00", "2026-11-24", "2026-11-24T09:30:00.123Z"],
    ["2026-11-24 00:30:00+0100", "2026-11-24", "2026-11-23T23:30:00Z"],
    ["2026-11-24T23:30:00-05:30", "2026-11-24", "2026-11-25T05:00:00Z"],
    ["20261124093000Z", "2026-11-24", "2026-11-24T09:30:00Z"],
    ["20261124093000.0Z", "2026-11-24", "2026-11-24T09:30:00Z"],
    ["2026112409Z", "2026-11-24", "2026-11-24T09:00:00Z"],
    ["20261124T093000+01", "2026-11-24", "2026-11-24T08:30:00Z"],
  ])("%j is the day %s and the instant %s", (text, date, dateTime) => {
    expect([made(text, "date"), made(text, "dateTime")]).toEqual([date, dateTime]);
  });

  test.each(["2026-11-24T09:30:00", "20261124093000"])("%j is a day, but no instant without its offset", (text) => {
    expect(made(text, "date")).toBe("2026-11-24");
    expect(map({ a: { from: "title", as: "dateTime" } }, { title: text }).problems).toEqual([
      'Profile attribute "a" must be a date with a time, but the user\'s value at title has no offset from UTC; send it as 2026-11-24T09:30:00Z or 2026-11-24T09:30:00+01:00.',
    ]);
  });

  test.each(["04/05/2026", "2026/11/24"])("%j could be two days: it is refused with the cure", (title) => {
    expect(map({ a: { from: "title", as: "date" } }, { title }).problems).toEqual([
      'Profile attribute "a" must be a date, but the user\'s value at title has slashes, which can be read in two ways; send it as 2026-11-24.',
    ]);
  });

  test.each([
    "2026-02-30",
    "2026-13-01",
    "2026-11-24T24:00:00Z",
    "2026-11-24T09:30:00+25:00",
    "tomorrow",
    "0",
    "1795512600",
    "24.11.26",
    "2026-11-24T",
    "2026-1-4",
  ])("%j is no date", (title) => {
    const { profile, trace, problems } = map({ a: { from: "title", as: "date" } }, { title });
    expect([profile, trace[0]?.outcome]).toEqual([{}, "unusable"]);
    expect(problems).toEqual([
      'Profile attribute "a" must be a date, but the user\'s value at title cannot be read as one; send it as 2026-11-24.',
    ]);
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
      title: { from: ["title", "userType", "userName", "nickName"], case: "lower" },
      kind: { from: "userType", constant: "Staff" },
      active: { from: "active", case: "lower" },
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
        steps: ["lower case"],
        outcome: "mapped",
      },
      { attribute: "kind", tried: [{ path: "userType", found: false }], source: "constant", outcome: "mapped" },
      { attribute: "active", tried: [{ path: "active", found: true }], source: "active", outcome: "mapped" },
    ]);
  });
});

describe("the trace of what was done", () => {
  test("names each step and all paths that were joined, and has no value", () => {
    const attribute = {
      from: ["title", "nickName", "userName"],
      join: "+",
      trim: true,
      table: { "secret+ada": "hidden" },
      case: "lower",
    };
    const { trace } = map({ a: attribute }, { title: "Secret", userName: "Ada" });
    expect(trace).toEqual([
      {
        attribute: "a",
        tried: [
          { path: "title", found: true },
          { path: "nickName", found: false },
          { path: "userName", found: true },
        ],
        source: "title + userName",
        steps: ["join", "trim", "lower case", "table"],
        outcome: "mapped",
      },
    ]);
  });

  test.each([
    [{ from: "title", table: { a: "b" }, otherwise: "c" }, ["table, otherwise"]],
    [{ from: "title", as: "date" }, ["as date"]],
    [{ from: "nickName", constant: " x", trim: true, case: "upper" }, ["trim", "upper case"]],
  ])("%j", (attribute, steps) => {
    expect(map({ a: attribute }, { title: "2026-11-24" }).trace).toMatchObject([{ steps, outcome: "mapped" }]);
  });

  test("ends with the step that failed, and the sentence", () => {
    const { trace, problems } = map({ a: { from: "title", trim: true, table: { a: "b" } } }, { title: "Countess" });
    expect(trace).toEqual([
      {
        attribute: "a",
        tried: [{ path: "title", found: true }],
        source: "title",
        steps: ["trim", "table"],
        outcome: "unusable",
        problem: problems[0],
      },
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

  test.each([
    [
      { from: "title", table: { Dr: "D" } },
      'Profile attribute "a" has a table of values, but the user\'s value at title is not in it; send one that is, or add it, or "otherwise", to mapping.attributes.a in the tenant file.',
    ],
    [
      { from: "title", as: "number" },
      'Profile attribute "a" must be a number, but the user\'s value at title cannot be read as one; send digits, with a point before decimals, such as 12.5.',
    ],
    [
      { from: "title", as: "boolean" },
      'Profile attribute "a" must be true or false, but the user\'s value at title is neither; send true or false.',
    ],
  ])("%j: the sentence names attribute, path and cure, not the value", (attribute, problem) => {
    expect(map({ a: attribute }, { title: "1,500" }).problems).toEqual([problem]);
  });

  test("a number that would lose digits is none", () => {
    expect(map({ a: { from: "title", as: "number" } }, { title: "12345678901234567890" }).problems).toHaveLength(1);
  });

  test("a value with parts cannot be joined", () => {
    const { trace } = map({ a: { from: ["title", "nickName"], join: " " } }, { title: "x", nickName: { y: 1 } });
    expect(trace).toMatchObject([{ source: "title + nickName", outcome: "unusable" }]);
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
