import { describe, expect, test } from "vitest";
import { represent } from "../../lib/scim/representation.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const baseUrl = "https://scim.example.com/scim/v2";
const stamps = { version: 3, created: 0, lastModified: 1_000 };

describe("a resource as it is answered (RFC 7643 3)", () => {
  test("a user, with its extension and what has been applied of its groups", () => {
    const resource = {
      externalId: "00u1",
      userName: "ada",
      active: true,
      [enterprise]: { department: "R&D", manager: { value: "26118915" } },
    };
    const groups = [{ id: "g1", displayName: "Sales" }, { id: "g2" }];
    expect(represent(userType, { id: "u1", resource, ...stamps, groups }, baseUrl)).toEqual({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
      id: "u1",
      externalId: "00u1",
      userName: "ada",
      active: true,
      groups: [
        { value: "g1", $ref: `${baseUrl}/Groups/g1`, display: "Sales", type: "direct" },
        { value: "g2", $ref: `${baseUrl}/Groups/g2`, type: "direct" },
      ],
      [enterprise]: { department: "R&D", manager: { value: "26118915" } },
      meta: {
        resourceType: "User",
        created: "1970-01-01T00:00:00.000Z",
        lastModified: "1970-01-01T00:00:01.000Z",
        location: `${baseUrl}/Users/u1`,
        version: 'W/"3"',
      },
    });
  });

  test("R111: schemas names an extension when and only when it has values", () => {
    const { schemas } = represent(userType, { id: "u1", resource: { userName: "ada" }, ...stamps }, baseUrl);
    expect(schemas).toEqual(["urn:ietf:params:scim:schemas:core:2.0:User"]);
  });

  test("attributes come in the order of the schema", () => {
    const resource = { active: true, displayName: "Ada", userName: "ada" };
    const names = Object.keys(represent(userType, { id: "u1", resource, ...stamps }, baseUrl));
    expect(names).toEqual(["schemas", "id", "userName", "displayName", "active", "meta"]);
  });

  test("R27: members have absolute references", () => {
    const members = [
      { id: "u1", type: "User" as const },
      { id: "g2", type: "Group" as const },
    ];
    const body = represent(groupType, { id: "g1", resource: { displayName: "Sales" }, ...stamps, members }, baseUrl);
    expect(body["members"]).toEqual([
      { value: "u1", $ref: `${baseUrl}/Users/u1`, type: "User" },
      { value: "g2", $ref: `${baseUrl}/Groups/g2`, type: "Group" },
    ]);
  });

  test("an empty group has no members (R18)", () => {
    const body = represent(
      groupType,
      { id: "g1", resource: { displayName: "Sales" }, ...stamps, members: [] },
      baseUrl,
    );
    expect(body).not.toHaveProperty("members");
  });

  test("sixty thousand members fit an answer of Lambda", () => {
    const members = Array.from({ length: 60_000 }, (_, n) => ({
      id: `2819c223-7f76-453a-919d-${String(n).padStart(12, "0")}`,
      type: "User" as const,
    }));
    const body = represent(groupType, { id: "g1", resource: { displayName: "All" }, ...stamps, members }, baseUrl);
    expect(JSON.stringify(body).length).toBeLessThan(4_500_000);
  });
});
