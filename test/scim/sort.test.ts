import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../lib/scim/json.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { compareKeys, readSortBy, sortKey } from "../../lib/scim/sort.ts";

const key = (sortBy: string, body: JsonObject) => sortKey(body, readSortBy(userType, sortBy));

describe("what a resource is sorted by (RFC 7644 3.4.2.3)", () => {
  test.each<[string, JsonObject, string | number | null]>([
    ["userName", { userName: "Ada" }, "ada"],
    ["externalId", { externalId: "Ada" }, "Ada"],
    ["NAME.familyname", { name: { familyName: "Ähm" } }, "ähm"],
    ["department", { "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "R" } }, "r"],
    ["emails", { emails: [{ value: "a@x" }, { value: "b@x", primary: true }] }, "b@x"],
    ["emails.value", { emails: [{ value: "a@x" }, { value: "b@x" }] }, "a@x"],
    ["emails.type", { emails: [{ value: "a@x" }] }, null],
    ["active", { active: true }, 1],
    ["meta.created", { meta: { created: "2026-01-01T01:00:00+01:00" } }, Date.UTC(2026, 0, 1)],
    ["title", {}, null],
    ["title", { title: "" }, null],
  ])("R41: %s of %j", (sortBy, body, expected) => {
    expect(key(sortBy, body)).toBe(expected);
  });

  test("R41: what is missing comes last", () => {
    expect([null, "b", 2, "a", null, 1].toSorted(compareKeys)).toEqual([1, 2, "a", "b", null, null]);
  });

  test.each([
    ["name", 400, "invalidValue"],
    ["colour", 400, "invalidValue"],
    ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", 400, "invalidValue"],
    ["password", 403, "sensitive"],
  ])("nothing is sorted by %s", (sortBy, status, scimType) => {
    expect(() => readSortBy(userType, sortBy)).toThrow(expect.objectContaining({ status, scimType }));
  });

  test("members of a group are sorted by their value", () => {
    expect(readSortBy(groupType, "members").subAttribute?.name).toBe("value");
  });
});
