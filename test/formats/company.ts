/**
 * A small company as an identity provider sends it, and what is to become of it: some of it applied, the rest accepted while
 * nobody works. Only what every release understands.
 */

/** `POST`, `PATCH`, `PUT` or `DELETE`; names stand for ids: `{Blue}` in a path, and in `members`. */
export interface Sent {
  readonly method: "POST" | "PATCH" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

const user = (name: string, more: object = {}): Sent => ({
  method: "POST",
  path: "/Users",
  body: {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: `${name}@example.com`,
    externalId: `idp-${name}`,
    emails: [{ value: `${name}@example.com`, type: "work", primary: true }],
    ...more,
  },
});

const group = (displayName: string, members: readonly string[] = []): Sent => ({
  method: "POST",
  path: "/Groups",
  body: {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName,
    members: members.map((value) => ({ value })),
  },
});

const patch = (path: string, ...Operations: object[]): Sent => ({
  method: "PATCH",
  path,
  body: { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations },
});

const add = (...members: readonly string[]) => ({
  op: "add",
  path: "members",
  value: members.map((value) => ({ value })),
});

const many = Array.from({ length: 70 }, (_, n) => `many${String(n).padStart(2, "0")}`);
/** More than are looked at when they are accepted, so that a delta needs a chunk of its own: nobody has these ids. */
const nobodies = Array.from({ length: 2_500 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`);

/** Applied, and one of it parked: Pat has no e-mail, which the tenant file requires. */
export const applied: readonly Sent[] = [
  ...["ada", "bob", "cem", "dan", "fay", "gus", ...many].map((name) => user(name)),
  user("pat", { emails: [] }),
  group("Blue", ["{ada}", "{bob}", "{cem}"]),
  group("Green", ["{ada}", "{gus}"]),
  group("Walked"),
  group("Large", ["{gus}"]),
  group("Old", ["{dan}"]),
];

/** Begun by a worker that did not come further than its first step. */
export const halfDone = { group: "Walked", sent: patch("/Groups/{Walked}", add(...many.map((name) => `{${name}}`))) };

/** Accepted, and nobody has worked since. */
export const pending: readonly Sent[] = [
  user("hal"),
  patch("/Users/{ada}", { op: "replace", value: { userName: "ada.byron@example.com", title: "Countess" } }),
  patch("/Users/{bob}", { op: "replace", path: "active", value: false }),
  { method: "DELETE", path: "/Users/{cem}" },
  patch("/Groups/{Blue}", { op: "replace", path: "displayName", value: "Navy" }, add("{dan}", "{hal}")),
  patch("/Groups/{Blue}", { op: "remove", path: 'members[value eq "{ada}"]' }),
  {
    method: "PUT",
    path: "/Groups/{Green}",
    body: {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      displayName: "Green",
      members: [{ value: "{dan}" }, { value: "{fay}" }],
    },
  },
  patch("/Groups/{Large}", add("{fay}", "{dan}", ...nobodies)),
  { method: "DELETE", path: "/Groups/{Old}" },
];

/** What the application is to read when all of it was applied: login and state, and the members. */
export const expected = {
  users: {
    ada: "ada.byron@example.com active",
    bob: "bob@example.com suspended",
    cem: "- removed",
    dan: "dan@example.com active",
    fay: "fay@example.com active",
    gus: "gus@example.com active",
    hal: "hal@example.com active",
    pat: "not there",
    ...Object.fromEntries(many.map((name) => [name, `${name}@example.com active`])),
  } as Readonly<Record<string, string>>,
  groups: {
    Blue: { name: "Navy", members: ["bob", "dan", "hal"] },
    Green: { name: "Green", members: ["dan", "fay"] },
    Walked: { name: "Walked", members: many },
    Large: { name: "Large", members: ["dan", "fay", "gus"] },
    Old: undefined,
  } as Readonly<Record<string, { readonly name: string; readonly members: readonly string[] } | undefined>>,
};
