/** The types that an application compiles with say what the worker makes. */
import { expect, describe, test } from "vitest";
import { entryTypes } from "../../../lib/ops/directory-types/entry-types.ts";
import { typesFile } from "../../../lib/ops/directory-types/typescript.ts";
import { mapUser } from "../../../lib/provisioning/mapping.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import { richTenantFile } from "../../directory/rich-tenant.ts";

const text = typesFile("rich", entryTypes(readTenantFile("rich", richTenantFile)));

function membersOf(name: string): string[] {
  const [, body = ""] = new RegExp(`^export interface ${name} \\{\\n([\\s\\S]*?)^\\}`, "m").exec(text) ?? [];
  return body.split("\n").flatMap((line) => (/^  readonly (.*);$/.exec(line) ?? []).slice(1));
}

describe("the types of a tenant", () => {
  test("a user: what is required or has a constant is there, roles always; tables and forms decide the type", () => {
    expect(membersOf("UserProfile")).toEqual([
      "login: string",
      "email?: string",
      "fullName?: string",
      "costCentre?: number | string",
      "plan: string",
      "badge?: number",
      "isManager: boolean",
      "isHere?: boolean",
      "hiredOn?: string",
      "seenAt?: string",
      "floor?: number",
      "floorText?: string",
      "source: string",
      "level: number | string",
      "roles: readonly string[]",
    ]);
  });

  test("a group: only a constant alone is sure, as a group is never held back by its mapping", () => {
    expect(membersOf("GroupProfile")).toEqual(["name?: string", "kind?: string", "source: string"]);
  });

  test("a group that is not mapped has its name, and perhaps an externalId", () => {
    const { mapping, ...file } = richTenantFile;
    const { resourceTypes: _, ...users } = mapping;
    const [, group] = entryTypes(readTenantFile("plain", { ...file, mapping: users }));
    expect(group).toMatchObject({
      attributes: [
        { name: "displayName", optional: false },
        { name: "externalId", optional: true },
      ],
    });
  });

  test("a type of the tenant's own is mapped like a user, or as it was sent: nothing that is never kept, nothing sure below an attribute", () => {
    expect(membersOf("RoomProfile")).toEqual(["number: number"]);
    expect(membersOf("DeviceProfile")).toEqual([
      "externalId?: string",
      "serialNumber: string",
      "active?: boolean",
      "owner?: { readonly value?: string; readonly $ref?: string }",
      "tags?: readonly string[]",
      "ports?: readonly ({ readonly number?: number })[]",
      '"os-version"?: string',
      '"urn:acme:params:scim:schemas:2.0:Warranty"?: { readonly until: string; readonly price?: number }',
    ]);
  });

  test("lookups are a union of names, or never", () => {
    const lookups = [...text.matchAll(/^export type (\w+Lookup) = (.*);$/gm)].map(
      ([, name, names]) => `${name}: ${names}`,
    );
    expect(lookups).toEqual([
      'UserLookup: "login" | "email" | "badge"',
      'GroupLookup: "name"',
      'RoomLookup: "number"',
      "DeviceLookup: never",
    ]);
  });

  test("days and times say their form", () => {
    expect(text).toContain("  /** A day, such as 2026-11-24. */\n  readonly hiredOn?");
    expect(text).toContain("  /** A time, such as 2026-11-24T09:30:00Z. */\n  readonly seenAt?");
  });
});

describe("what the mapping makes", () => {
  const tenant = readTenantFile("rich", richTenantFile);
  const [user] = entryTypes(tenant);
  const acme = "urn:ietf:params:scim:schemas:extension:Acme:2.0:User";
  const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

  test.each([
    ["the least", { userName: "ada" }],
    [
      "all there is",
      {
        userName: "Ada",
        active: true,
        name: { givenName: "Ada", familyName: "Rossi" },
        userType: "contractor",
        emails: [{ value: "ada@example.com" }],
        roles: [{ type: "manager", value: "yes" }],
        [enterprise]: { department: "Research", employeeNumber: "12" },
        [acme]: { hiredOn: "24.11.2026", seenAt: "2026-11-24T09:30:00Z", floor: 3 },
      },
    ],
    ["another row of the table", { userName: "Ada", [enterprise]: { department: "Sales" } }],
  ])("is of these types: %s", (_what, resource) => {
    const { profile, problems } = mapUser(tenant.mapping, resource);
    expect(problems).toEqual([]);
    for (const { name, type, optional } of user?.attributes ?? []) {
      if (type === "readonly string[]") continue;
      const value = profile[name];
      const isRight = value === undefined ? optional : type.split(" | ").includes(typeof value);
      expect({ name, isRight }).toEqual({ name, isRight: true });
    }
  });
});
