/** Filters: RFC 7644 section 3.4.2.2, played against a directory of four. */
import { beforeAll, describe, expect, test } from "vitest";
import { scimApi, users } from "./scim-api.ts";

const api = scimApi();
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

beforeAll(async () => {
  await api.newUser({
    userName: "ada",
    externalId: "X1",
    name: { givenName: "Ada" },
    emails: [
      { value: "ada@work.example", type: "work" },
      { value: "ada@home.example", type: "home" },
    ],
    [enterprise]: { department: "Research", manager: { value: "m1" } },
  });
  await api.newUser({
    userName: "bob",
    title: 'the "boss"',
    active: false,
    emails: [{ value: "bob@home.example", type: "work" }],
  });
  await api.newUser({ userName: "cyd", title: String.raw`back\slash`, nickName: "" });
  await api.newUser({ userName: "dan", title: "Zürich", externalId: "x1" });
});

describe("a filter finds (RFC 7644 3.4.2.2)", () => {
  test.each([
    // R31: every operator; names and operators in any case; brackets, not, and, or bind in this order.
    ['userName eq "ada"', "R31", ["ada"]],
    ['USERNAME Eq "ADA"', "R31", ["ada"]],
    ['userName ne "ada"', "R31", ["bob", "cyd", "dan"]],
    ['userName co "d"', "R31", ["ada", "cyd", "dan"]],
    ['userName sw "d"', "R31", ["dan"]],
    ['userName ew "b"', "R31", ["bob"]],
    ['userName gt "bob"', "R31", ["cyd", "dan"]],
    ['userName ge "bob" and userName lt "dan"', "R31", ["bob", "cyd"]],
    ['userName le "ada"', "R31", ["ada"]],
    ["title pr", "R31", ["bob", "cyd", "dan"]],
    ["not (title pr)", "R31", ["ada"]],
    ['userName eq "ada" or userName eq "bob" and active eq true', "R31", ["ada"]],
    ['(userName eq "ada" or userName eq "bob") and active eq false', "R31", ["bob"]],
    [String.raw`title eq "the \"boss\""`, "R32", ["bob"]],
    [String.raw`title eq "back\\slash"`, "R32", ["cyd"]],
    [String.raw`title eq "Z\u00fcrich"`, "R32", ["dan"]],
    // The RFC's own example; a URN is the same in any case.
    [`schemas eq "${enterprise}"`, "R31", ["ada"]],
    [`SCHEMAS eq "${enterprise.toUpperCase()}"`, "R31", ["ada"]],
    [`not (schemas eq "${enterprise}")`, "R31", ["bob", "cyd", "dan"]],
    [`schemas[value ew "enterprise:2.0:User"]`, "R31", ["ada"]],
    ["title eq null", "R32", ["ada"]],
    ["active eq false", "R32", ["bob"]],
    ['externalId eq "x1"', "R33", ["dan"]],
    ['userName eq "DAN"', "R33", ["dan"]],
    ['emails co "home"', "R34", ["ada", "bob"]],
    [`${enterprise}:manager eq "m1"`, "R34", ["ada"]],
    ['emails[type eq "work" and value co "home"]', "R35", ["bob"]],
    ['emails.type eq "work" and emails.value co "home"', "R35", ["ada", "bob"]],
    ['emails[type eq "work"].value eq "ada@work.example"', "R36, D6", ["ada"]],
    ['emails[type eq "work"].value eq "ada@home.example"', "R36, D6", []],
    ["nickName pr", "R37", []],
    ["emails pr", "R37", ["ada", "bob"]],
    ["name pr", "R37", ["ada"]],
    ['meta.created gt "1999-12-31T23:59:59+14:00"', "R38", ["ada", "bob", "cyd", "dan"]],
    ['meta.created lt "1999-12-31T23:59:59Z"', "R38", []],
    [`${enterprise}:department eq "research"`, "R40", ["ada"]],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada"', "R40", ["ada"]],
    ['department eq "Research"', "D14", ["ada"]],
    ['manager eq "m1"', "D14", ["ada"]],
    ["userName eq ada", "D19", ["ada"]],
    ['active eq "False"', "D4", ["bob"]],
    ['userName eq "nobody"', "R30, D13", []],
  ])("%s (%s)", async (filter, _, names) => {
    expect((await api.found(filter)).toSorted()).toEqual(names);
  });
});

describe("a filter is refused", () => {
  test.each([
    ["userName", "R39"],
    ["userName eq", "R39"],
    ['userName eq "ada" and', "R39"],
    ['userName equals "ada"', "R39"],
    ['(userName eq "ada"', "R39"],
    ['userName eq "ada', "R39"],
    ['shoeSize eq "43"', "R39, D7"],
    ['emails[colour eq "red"]', "D7"],
    ["active gt true", "R38"],
    ['x509Certificates.value gt "a"', "R38"],
    ['active eq "perhaps"', "D4"],
    ["userName eq two words", "D19"],
  ])("%s: 400 invalidFilter (%s)", async (filter) => {
    const { status, body } = await api.ask("GET", `${users}?filter=${encodeURIComponent(filter)}`);
    expect([status, body["scimType"]]).toEqual([400, "invalidFilter"]);
  });

  test.each(['password eq "x"', "password pr", 'userName eq "ada" and password sw "a"'])(
    "%s: 403 sensitive, whoever it would find (R125)",
    async (filter) => {
      const { status, body } = await api.ask("GET", `${users}?filter=${encodeURIComponent(filter)}`);
      expect([status, body["scimType"]]).toEqual([403, "sensitive"]);
    },
  );
});
