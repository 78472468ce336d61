import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBulk } from "../../lib/scim/bulk.ts";
import { planBulk, type Step } from "../../lib/scim/bulk-plan.ts";
import { referencesOf, resolveReferences, splitReferences } from "../../lib/scim/bulk-reference.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";

const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
const types = [userType, groupType];
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

function read(...Operations: object[]) {
  return readBulk(types, { schemas, Operations });
}

function plan(...operations: object[]) {
  return planBulk(read(...operations).operations);
}

function group(bulkId: string, ...members: string[]) {
  const data = { displayName: bulkId, members: members.map((member) => ({ value: `bulkId:${member}` })) };
  return { method: "POST", path: "/Groups", bulkId, data };
}

describe("the request as a whole (R87, P 3.7)", () => {
  test.each([
    ["a list", [], "invalidSyntax"],
    ["no Operations", { schemas }, "invalidSyntax"],
    ["Operations that are no list", { schemas, Operations: {} }, "invalidSyntax"],
    ["an operation that is no object", { schemas, Operations: ["POST"] }, "invalidSyntax"],
    ["other schemas", { schemas: ["urn:none"], Operations: [] }, "invalidSyntax"],
    ["failOnErrors 0", { schemas, failOnErrors: 0, Operations: [] }, "invalidValue"],
    ["failOnErrors as a text", { schemas, failOnErrors: "1", Operations: [] }, "invalidValue"],
    ["a bulkId twice", { schemas, Operations: [group("a"), group("a")] }, "invalidValue"],
  ])("%s: 400", (_what, body, scimType) => {
    expect(() => readBulk(types, body)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });

  test("1,000 operations are read, 1,001 are a 413 that says how many it takes (R88)", () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => group(`g${n}`));
    expect(read(...many(1_000)).operations).toHaveLength(1_000);
    expect(() => read(...many(1_001))).toThrow(
      expect.objectContaining({ status: 413, message: expect.stringContaining("1000") }),
    );
  });
});

describe("a body that is no request", () => {
  test.each([[[]], ["text"], [null], [7]])("%j is refused", (body) => {
    expect(() => readBulk(types, body)).toThrow(
      expect.objectContaining({
        status: 400,
        scimType: "invalidSyntax",
        message: expect.stringContaining("BulkRequest"),
      }),
    );
  });
});

describe("one operation", () => {
  test.each([
    [{ method: "GET", path: "/Users/1" }, "invalidValue"],
    [{ path: "/Users/1" }, "invalidValue"],
    [{ method: "POST", path: "/Robots", bulkId: "r", data: {} }, "invalidValue"],
    [{ method: "POST", path: "/Users/1", bulkId: "r", data: {} }, "invalidValue"],
    [{ method: "POST", path: "/Bulk", bulkId: "r", data: {} }, "invalidValue"],
    [{ method: "POST", path: "/Users", data: {} }, "invalidValue"],
    [{ method: "DELETE", path: "/Users" }, "invalidValue"],
    [{ method: "DELETE" }, "invalidSyntax"],
    [{ method: "PUT", path: "/Users/1" }, "invalidSyntax"],
    [{ method: "PATCH", path: "/Users/1", data: null }, "invalidSyntax"],
  ])("%j is refused, and the others are not", (operation, scimType) => {
    const [one, other] = read(operation, group("a")).operations;
    expect(one?.asked).toMatchObject({ status: 400, scimType });
    expect(other?.asked).toMatchObject({ method: "POST", type: { name: "Group" } });
  });

  test("names in any case, a path with or without slashes (R2)", () => {
    const { operations } = read({ METHOD: "delete", Path: "users/1/", Version: 'W/"1"' });
    expect(operations[0]?.asked).toMatchObject({ method: "DELETE", target: "1", version: 'W/"1"' });
  });
});

describe("references (P 3.7.2)", () => {
  test("a text that is exactly bulkId:<id>, at any depth, and a quoted value in a PATCH's path", () => {
    const path = 'members[value eq "bulkId:c"]';
    const data = {
      members: [{ value: "bulkId:a" }],
      manager: "bulkId:b",
      Operations: [{ path }],
      note: "see bulkId:d",
    };
    expect(referencesOf(data)).toEqual(new Set(["a", "b", "c"]));
    expect(
      resolveReferences(
        data,
        new Map([
          ["a", "1"],
          ["c", "3"],
        ]),
      ),
    ).toEqual({
      ...data,
      members: [{ value: "1" }],
      Operations: [{ path: 'members[value eq "3"]' }],
    });
  });

  test("what is left out of a creation comes back as a PATCH: elements of a list, else the whole attribute", () => {
    const [later, now] = [{ value: "bulkId:a", displayName: "A" }, { value: "1" }];
    const data = { members: [now, later], [enterprise]: { department: "Tours", manager: later } };
    expect(splitReferences(data, new Set(["a"]))).toEqual({
      now: { members: [now], [enterprise]: { department: "Tours" } },
      later: [
        { op: "add", path: "members", value: [later] },
        { op: "add", path: `${enterprise}:manager`, value: later },
      ],
    });
  });
});

describe("order (R87)", () => {
  const del = (path: string) => ({ method: "DELETE", path });
  const patch = (path: string, ...data: object[]) => ({ method: "PATCH", path, data: { Operations: data } });
  /** Operation numbers in the order of the plan; `n+` is the step that adds references. */
  const names = (steps: readonly Step[]) =>
    steps.map(({ operation, kind }) => `${operation}${kind === "references" ? "+" : ""}`);
  const waits = (steps: readonly Step[]) =>
    Object.fromEntries(steps.map(({ after }, n) => [names(steps)[n], after.map((one) => names(steps)[one])]));

  test("independent operations wait for nothing", () => {
    expect(waits(plan(group("a"), group("b"), del("/Users/1"), patch("/Users/2")).steps)).toEqual({
      0: [],
      1: [],
      2: [],
      3: [],
    });
  });

  test("operations on one resource keep the request's order", () => {
    expect(waits(plan(patch("/Users/1"), patch("/Users/2"), patch("/Users/1"), del("/Users/1")).steps)).toEqual({
      0: [],
      1: [],
      2: ["0"],
      3: ["2"],
    });
  });

  test("what is referred to comes first, wherever it stands", () => {
    const { steps } = plan(patch("/Groups/bulkId:c"), group("b", "c"), group("c"));
    expect([names(steps), waits(steps)]).toEqual([["2", "0", "1"], { 0: ["2"], 1: ["2"], 2: [] }]);
  });

  test("a circle is opened at one place, and closed before anybody changes the resource (P 3.7.1)", () => {
    const { steps } = plan(group("a", "b"), group("b", "a"), patch("/Groups/bulkId:b"));
    expect([names(steps), waits(steps)]).toEqual([
      ["1", "0", "1+", "2"],
      { 1: [], 0: ["1"], "1+": ["0", "1"], 2: ["1+"] },
    ]);
  });

  test("a deletion stays before or after what names the one who is deleted", () => {
    const remove = patch("/Groups/1", { op: "remove", path: 'members[value eq "7"]' });
    const add = patch("/Groups/2", { op: "add", path: "members", value: [{ value: "7" }] });
    expect(waits(plan(remove, del("/Users/7"), add).steps)).toEqual({ 0: [], 1: ["0"], 2: ["1"] });
  });

  test("a reference to an unknown bulkId, or to that of no POST, refuses the operation alone", () => {
    const put = { method: "PUT", path: "/Users/1", bulkId: "p", data: {} };
    const { refused } = plan(group("a", "none"), put, group("b", "p"), group("c"));
    expect([...refused.keys()]).toEqual([0, 2]);
    expect(refused.get(0)).toMatchObject({ status: 400, scimType: "invalidValue" });
  });

  test("whatever refers to whatever: each operation once, nothing waits for what comes later, nothing waits for ever", () => {
    const names = ["a", "b", "c", "d", "e"];
    const reference = fc.constantFrom(...names);
    const operation = fc.oneof(
      fc
        .record({ members: fc.uniqueArray(reference) })
        .map(({ members }) => patch("/Groups/9", ...group("x", ...members).data.members)),
      reference.map((name) => del(`/Groups/bulkId:${name}`)),
    );
    const made = fc.tuple(...names.map((name) => fc.uniqueArray(reference).map((members) => group(name, ...members))));
    fc.assert(
      fc.property(made, fc.array(operation, { maxLength: 5 }), fc.nat(), (posts, others, at) => {
        const all: object[] = [...posts];
        all.splice(at % (posts.length + 1), 0, ...others);
        const { steps, refused } = plan(...all);
        expect(refused.size).toBe(0);
        const whole = steps.filter(({ kind }) => kind === "operation");
        expect(whole.map((step) => step.operation).toSorted((a, b) => a - b)).toEqual([...all.keys()]);
        for (const [n, { after }] of steps.entries()) expect(after.every((earlier) => earlier < n)).toBe(true);
      }),
    );
  });
});
