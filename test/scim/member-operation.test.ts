import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatFilter } from "../../lib/scim/filter-text.ts";
import type { Json } from "../../lib/scim/json.ts";
import { splitMembers } from "../../lib/scim/member-operation.ts";
import { applyPatch, parsePatch } from "../../lib/scim/patch-operation.ts";
import { groupType } from "../../lib/scim/resource-type.ts";
import { patchBodies, refusal } from "./arbitraries.ts";

function split(...operations: readonly Json[]): ReturnType<typeof splitMembers> {
  return splitMembers(parsePatch(groupType, { Operations: operations }).operations);
}

const a = { value: "a" };
const b = { value: "b" };

describe("operations on members (RFC 7644 3.5.2, RFC 7643 4.2)", () => {
  test.each<[string, Json, Json]>([
    ["Entra", { op: "Add", path: "members", value: [{ $ref: null, value: "a" }] }, { kind: "add", members: [a] }],
    [
      "Okta",
      { op: "add", path: "members", value: [{ value: "a", display: "Ada" }, b] },
      { kind: "add", members: [a, b] },
    ],
    [
      "Ping",
      { op: "add", value: { members: [{ value: "a", type: "User" }] } },
      { kind: "add", members: [{ value: "a", type: "User" }] },
    ],
    ["one object", { op: "add", path: "members", value: a }, { kind: "add", members: [a] }],
    ["plain texts", { op: "add", path: "members", value: ["a", "b"] }, { kind: "add", members: [a, b] }],
    ["twice the same", { op: "add", path: "members", value: [a, a] }, { kind: "add", members: [a] }],
    ["R75", { op: "replace", path: "members", value: [a] }, { kind: "replace", members: [a] }],
    ["R75", { op: "replace", path: "members", value: [] }, { kind: "replace", members: [] }],
    ["R18", { op: "replace", value: { members: null } }, { kind: "replace", members: [] }],
    ["Okta", { op: "remove", path: 'members[value eq "a"]' }, { kind: "remove", ids: ["a"] }],
    [
      "or-joined",
      { op: "remove", path: 'members[value eq "a" or (Value eq "b" or value eq "c")]' },
      { kind: "remove", ids: ["a", "b", "c"] },
    ],
    [
      "Entra D3",
      { op: "Remove", path: "members", value: [{ $ref: null, value: "a" }] },
      { kind: "remove", ids: ["a"] },
    ],
    ["D3", { op: "remove", path: "members", value: [] }, { kind: "remove", ids: [] }],
    ["R70", { op: "remove", path: "members" }, { kind: "replace", members: [] }],
  ])("%s: %j", (_name, operation, expected) => {
    expect(split(operation)).toEqual({ operations: [], members: [expected] });
  });

  test.each([
    'type eq "Group"',
    'value eq "a" and type eq "User"',
    'value sw "a"',
    'value eq "a" or type eq "Group"',
    "value eq null",
  ])("remove members[%s] asks the members", (filter) => {
    const [found] = split({ op: "remove", path: `members[${filter}]` }).members;
    expect(found?.kind === "removeWhere" && formatFilter(found.filter)).toBe(filter);
  });

  test("both kinds of operations keep their order (R64)", () => {
    const { operations, members } = split(
      { op: "replace", value: { id: "g", displayName: "x", members: [a] } },
      { op: "remove", path: 'members[value eq "a"]' },
      { op: "replace", path: "displayName", value: "y" },
      { op: "add", path: "members", value: [b] },
    );
    expect(operations.map((operation) => operation.value)).toEqual(["x", "y"]);
    expect(members.map((operation) => operation.kind)).toEqual(["replace", "remove", "add"]);
    expect(applyPatch(groupType, { displayName: "w" }, operations)).toEqual({ displayName: "y" });
  });

  test.each<Json>([
    { op: "replace", path: 'members[value eq "a"].type', value: "Group" },
    { op: "replace", path: 'members[value eq "a"]', value: b },
    { op: "add", path: 'members[type eq "User"].value', value: "a" },
    { op: "remove", path: 'members[value eq "a"].type' },
    { op: "replace", path: "members.value", value: "a" },
  ])("%j would edit a member: mutability (R108)", (operation) => {
    expect(() => split(operation)).toThrow(expect.objectContaining({ status: 400, scimType: "mutability" }));
  });

  test.each<Json>([
    { op: "add", path: "members", value: [{ display: "Ada" }] },
    { op: "add", path: "members", value: [{ value: "" }] },
    { op: "add", path: "members", value: [5] },
    { op: "remove", path: "members", value: [{}] },
  ])("%j names a member without its id: invalidValue", (operation) => {
    expect(() => split(operation)).toThrow(expect.objectContaining({ status: 400, scimType: "invalidValue" }));
  });

  test("60,000 members in one request are read once", () => {
    const value = Array.from({ length: 60_000 }, (_, n) => ({ value: `${n}`, display: "x" }));
    const started = performance.now();
    expect(split({ op: "replace", path: "members", value }).members).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("any body is understood or refused with 400 or 403", () => {
    fc.assert(
      fc.property(patchBodies, (body) => {
        const refused = refusal(() => {
          const { operations } = splitMembers(parsePatch(groupType, body).operations);
          applyPatch(groupType, { displayName: "x" }, operations);
        });
        expect([undefined, 400, 403]).toContain(refused?.status);
      }),
      { numRuns: 500 },
    );
  });
});
