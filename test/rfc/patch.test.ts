/** PATCH: RFC 7644 section 3.5.2, and what identity providers send beyond it. */
import { describe, expect, test } from "vitest";
import { groups, scimApi, users } from "./scim-api.ts";

const api = scimApi();
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const work = { value: "w@example.com", type: "work", primary: true };
const home = { value: "h@example.com", type: "home", primary: false };

/** What each patched user begins with. */
const before = {
  name: { givenName: "Ada", familyName: "Lovelace" },
  title: "Countess",
  emails: [work, home],
  [enterprise]: { department: "Engines" },
};

describe("PATCH (RFC 7644 3.5.2)", () => {
  test.each([
    [
      "add without path merges",
      "R67",
      { op: "add", value: { title: "T", name: { middleName: "K" } } },
      { title: "T", name: { ...before.name, middleName: "K" } },
    ],
    [
      "add appends to a list",
      "R67",
      { op: "add", path: "emails", value: [{ value: "o@example.com" }] },
      { emails: [work, home, { value: "o@example.com" }] },
    ],
    [
      "add to a value path without a match makes the element",
      "R68, D1",
      { op: "add", path: 'emails[type eq "other"].value', value: "o@example.com" },
      { emails: [work, home, { value: "o@example.com", type: "other" }] },
    ],
    ["remove of a list removes all", "R70", { op: "remove", path: "emails" }, { emails: undefined }],
    [
      "remove with a value removes that",
      "R70, D3",
      { op: "remove", path: "emails", value: [{ value: home.value }] },
      { emails: [work] },
    ],
    ["remove with [] removes nothing", "D3", { op: "remove", path: "emails", value: [] }, { emails: [work, home] }],
    [
      "remove by a filter without a match succeeds",
      "R71, D2",
      { op: "remove", path: 'emails[type eq "fax"]' },
      { emails: [work, home] },
    ],
    ["replace of what is not there adds it", "R73", { op: "replace", path: "nickName", value: "A" }, { nickName: "A" }],
    [
      "replace of a complex attribute keeps the rest",
      "R74",
      { op: "replace", path: "name", value: { givenName: "Augusta" } },
      { name: { givenName: "Augusta", familyName: "Lovelace" } },
    ],
    ["replace of a list replaces all", "R75", { op: "replace", path: "emails", value: [home] }, { emails: [home] }],
    ["replace by [] empties", "R75", { op: "replace", path: "emails", value: [] }, { emails: undefined }],
    [
      "replace of a value path without a match makes the element",
      "R76, D1",
      { op: "replace", path: 'emails[type eq "other"].value', value: "o@example.com" },
      { emails: [work, home, { value: "o@example.com", type: "other" }] },
    ],
    [
      "a sub-attribute of a value path changes in all that match",
      "R77",
      { op: "replace", path: 'emails[value ew "example.com"].display', value: "D" },
      {
        emails: [
          { ...work, display: "D" },
          { ...home, display: "D" },
        ],
      },
    ],
    [
      "primary moves",
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
      "op in any case, and a text for a boolean",
      "R65, D5, D4",
      { op: "Replace", path: "active", value: "False" },
      { active: false },
    ],
    [
      "a whole extension by its URN",
      "R81",
      { op: "replace", path: enterprise, value: { department: "Mills" } },
      { [enterprise]: { department: "Mills" } },
    ],
    [
      "an extension as a key",
      "R81",
      { op: "add", value: { [enterprise]: { division: "D" } } },
      { [enterprise]: { department: "Engines", division: "D" } },
    ],
    [
      "a sub-attribute, in any case",
      "R82",
      { op: "replace", path: "NAME.givenname", value: "A" },
      { name: { givenName: "A", familyName: "Lovelace" } },
    ],
    [
      "an attribute by its URN",
      "R82",
      { op: "replace", path: `${enterprise}:department`, value: "X" },
      { [enterprise]: { department: "X" } },
    ],
    [
      "a core attribute by its URN",
      "R82",
      { op: "replace", path: "urn:ietf:params:scim:schemas:core:2.0:User:title", value: "X" },
      { title: "X" },
    ],
    [
      "an extension's attribute by its bare name",
      "D14",
      { op: "replace", path: "department", value: "X" },
      { [enterprise]: { department: "X" } },
    ],
    [
      "a readOnly key without path is ignored",
      "R80",
      { op: "replace", value: { id: "x", groups: [], title: "T" } },
      { title: "T" },
    ],
    [
      "an unknown key without path is ignored",
      "D17",
      { op: "add", value: { shoeSize: 43, title: "T" } },
      { title: "T" },
    ],
  ])("%s (%s)", async (_, __, operation, after) => {
    const id = await api.newUser(before);
    const { status, body } = await api.patchUser(id, operation);
    expect(status).toBe(200);
    const changed = Object.fromEntries(Object.keys(after).map((name) => [name, body[name]]));
    expect(changed).toEqual(after);
    expect(body).toEqual(await api.getUser(id));
  });

  test.each([
    ["remove without path", "R69", { op: "remove" }, "noTarget"],
    ["remove of a required attribute", "R72", { op: "remove", path: "userName" }, "mutability"],
    ["remove of a readOnly attribute", "R72", { op: "remove", path: "groups" }, "mutability"],
    [
      "replace by a filter that nothing can be made from",
      "R76, D1",
      { op: "replace", path: 'emails[type ne "x" and type ne "work" and type ne "home"].value', value: "o" },
      "noTarget",
    ],
    ["a readOnly attribute by path", "R80, R101", { op: "replace", path: "id", value: "x" }, "mutability"],
    ["a path that is none", "R79", { op: "add", path: "emails[", value: "x" }, "invalidFilter"],
    ["a path with a double dot", "R79", { op: "add", path: "name..givenName", value: "x" }, "invalidPath"],
    ["an unknown attribute by path", "D17", { op: "add", path: "shoeSize", value: 43 }, "invalidPath"],
    ["an unknown op", "R79", { op: "move", path: "title", value: "x" }, "invalidSyntax"],
    ["a value of a wrong type", "R79", { op: "replace", path: "active", value: "perhaps" }, "invalidValue"],
  ])("%s: 400, and nothing of the request is done (%s, R63)", async (_, __, operation, scimType) => {
    const id = await api.newUser(before);
    const now = await api.getUser(id);
    const answer = await api.patchUser(id, { op: "replace", path: "title", value: "changed" }, operation);
    expect(answer).toMatchObject({ status: 400, body: { scimType } });
    expect(await api.getUser(id)).toEqual(now);
  });

  test("operations are done in order, each on the result of the one before (R64)", async () => {
    const id = await api.newUser();
    const { body } = await api.patchUser(
      id,
      { op: "add", path: "title", value: "a" },
      { op: "remove", path: "title" },
      { op: "add", path: 'emails[type eq "work"].value', value: "w@example.com" },
      { op: "replace", path: 'emails[value eq "w@example.com"].display', value: "W" },
      { op: "replace", path: "title", value: "last" },
    );
    expect(body).toMatchObject({ title: "last", emails: [{ value: "w@example.com", type: "work", display: "W" }] });
  });

  test("what is there already changes no version (R67, R28)", async () => {
    const id = await api.newUser(before);
    const { headers } = await api.patchUser(id, { op: "add", path: "emails", value: [work] });
    expect(headers["etag"]).toBe('W/"1"');
  });

  test("of a user: 200 with the user; of a group: 204, or 200 when attributes are named (R66, D11)", async () => {
    expect((await api.patchUser(await api.newUser(), { op: "add", path: "title", value: "t" })).status).toBe(200);
    const path = `${groups}/${await api.newGroup("Patched")}`;
    const body = { Operations: [{ op: "replace", path: "displayName", value: "Patched again" }] };
    expect(await api.ask("PATCH", path, { body })).toMatchObject({ status: 204, text: "" });
    expect((await api.ask("PATCH", `${path}?excludedAttributes=members`, { body })).status).toBe(200);
  });

  test("two at the same time both take effect (R83)", async () => {
    const id = await api.newUser();
    await Promise.all(
      ["title", "nickName", "displayName", "locale"].map(
        async (path) => await api.patchUser(id, { op: "replace", path, value: path }),
      ),
    );
    expect(await api.getUser(id)).toMatchObject({ title: "title", nickName: "nickName", locale: "locale" });
  });

  test("members added at the same time all stay; removing one twice leaves the others (R83, R108, D2)", async () => {
    const members = await Promise.all(Array.from({ length: 6 }, async () => await api.newUser()));
    const path = `${groups}/${await api.newGroup("Crowd")}`;
    const send = async (operation: object) =>
      (await api.ask("PATCH", path, { body: { Operations: [operation] } })).status;
    const added = members.map(
      async (value) => await send({ op: "Add", path: "members", value: [{ value, display: "d" }] }),
    );
    expect(new Set(await Promise.all(added))).toEqual(new Set([204]));
    const remove = { op: "remove", path: `members[value eq "${members[0]}"]` };
    expect([await send(remove), await send(remove)]).toEqual([204, 204]);
    const { body } = await api.ask("GET", path);
    const left = Array.isArray(body["members"]) ? body["members"].map(({ value }) => String(value)) : [];
    expect(left.toSorted()).toEqual(members.slice(1).toSorted());
  });

  test("the version moves with each accepted change, before any worker has applied it (R100)", async () => {
    const id = await api.newUser();
    const body = { Operations: [{ op: "replace", path: "title", value: "t" }] };
    const headers = { "if-match": 'W/"1"' };
    const [first, second] = [
      await api.ask("PATCH", `${users}/${id}`, { body, headers }),
      await api.ask("PATCH", `${users}/${id}`, { body, headers }),
    ];
    expect([first.status, first.headers["etag"], second.status]).toEqual([200, 'W/"2"', 412]);
  });
});
