/** What holds of every PATCH (RFC 7644 3.5.2), whatever the user and the values. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../lib/scim/json.ts";
import { applyPatch, parsePatch } from "../../lib/scim/patch-operation.ts";
import { limits } from "../../lib/scim/limits.ts";
import { readResource } from "../../lib/scim/resource.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import type { Resource } from "../../lib/scim/schema.ts";
import { patchBodies, refusal } from "./arbitraries.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const word = fc.string({ unit: fc.constantFrom("a", "b", "C", "é", "7"), minLength: 1, maxLength: 4 });

/** No two elements have the same value, and none is primary: what those do to each other has tests of its own (R78, R109). */
const emails = fc.uniqueArray(fc.record({ value: word, type: fc.constantFrom("work", "home") }), {
  maxLength: 3,
  selector: ({ value }) => value.toLowerCase(),
});
const plain: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  title: word,
  nickName: word,
  "name.familyName": word,
  active: fc.boolean(),
  [`${enterprise}:department`]: word,
};
const assignments = fc
  .constantFrom(...Object.entries(plain))
  .chain(([path, value]) => fc.tuple(fc.constant(path), value, value));

const users = fc
  .record(
    { title: word, active: fc.boolean(), name: fc.record({ familyName: word, givenName: word }), emails },
    { requiredKeys: [] },
  )
  .map((more) => readResource(userType, { userName: "ada", ...more }).resource);

function patched(resource: Resource, ...operations: readonly unknown[]): Resource {
  return applyPatch(userType, resource, parsePatch(userType, { Operations: operations }).operations);
}

describe("laws of PATCH", () => {
  test("R67: adding what is there changes nothing, and gives the very same resource", () => {
    fc.assert(
      fc.property(users, assignments, emails, (user, [path, value], more) => {
        const operations = [
          { op: "add", path, value },
          { op: "add", path: "emails", value: more },
        ];
        const once = patched(user, ...operations);
        expect(patched(once, ...operations)).toBe(once);
      }),
    );
  });

  test("R71, D2: removing what is not there changes nothing", () => {
    fc.assert(
      fc.property(users, word, (user, value) => {
        const operation = { op: "remove", path: `emails[value eq "${value}!"]` };
        expect(patched(user, operation, operation)).toBe(user);
      }),
    );
  });

  test("removing what was added gives what was there before", () => {
    fc.assert(
      fc.property(users, word, (user, value) => {
        const added = patched(user, { op: "add", path: "emails", value: [{ value: `${value}!`, type: "other" }] });
        expect(added).not.toEqual(user);
        expect(patched(added, { op: "remove", path: `emails[value eq "${value}!"]` })).toEqual(user);
        expect(patched(added, { op: "remove", path: "emails", value: [{ value: `${value}!` }] })).toEqual(user);
        const named = patched(user, { op: "add", path: "nickName", value });
        expect(patched(named, { op: "remove", path: "nickName" })).toEqual(user);
      }),
    );
  });

  test("R64: of two replaces of one place the second one counts", () => {
    fc.assert(
      fc.property(users, assignments, emails, emails, (user, [path, first, second], some, others) => {
        const replace = (value: Json) => ({ op: "replace", path, value });
        expect(patched(user, replace(first), replace(second))).toEqual(patched(user, replace(second)));
        const emails = (value: Json) => ({ op: "replace", path: "emails", value });
        expect(patched(user, emails(some), emails(others))).toEqual(patched(user, emails(others)));
      }),
    );
  });

  test("R73: replacing what is absent is adding it", () => {
    fc.assert(
      fc.property(users, assignments, (user, [path, value]) => {
        const without = path === "active" ? user : patched(user, { op: "remove", path });
        expect(patched(without, { op: "replace", path, value })).toEqual(patched(without, { op: "add", path, value }));
      }),
    );
  });

  test("R64: operations one by one, each on the result of the one before, give what they give in one request", () => {
    fc.assert(
      fc.property(users, fc.array(assignments, { minLength: 1, maxLength: 5 }), (user, list) => {
        const operations = list.map(([path, value], n) => ({ op: n % 2 === 0 ? "add" : "replace", path, value }));
        const inTurn = operations.reduce((resource, operation) => patched(resource, operation), user);
        expect(patched(user, ...operations)).toEqual(inTurn);
      }),
    );
  });

  test("R63: where one operation fails, all are refused, and the user is as it was", () => {
    const failing = fc.constantFrom<object>(
      { op: "replace", path: "id", value: "7" },
      { op: "remove" },
      { op: "add", path: "nobodyKnows", value: 1 },
      { op: "replace", path: 'emails[value sw "nobody"].type', value: "x" },
      { op: "remove", path: "userName" },
    );
    fc.assert(
      fc.property(users, assignments, failing, fc.boolean(), (user, [path, value], wrong, first) => {
        const before = structuredClone(user);
        const right = { op: "add", path, value };
        const operations = first ? [wrong, right] : [right, wrong];
        expect(refusal(() => patched(user, ...operations))?.status).toBe(400);
        expect(user).toEqual(before);
      }),
    );
  });

  test("R78: at most one email is primary after any PATCH", () => {
    fc.assert(
      fc.property(users, patchBodies, (user, body) => {
        let after: Resource = user;
        refusal(() => void (after = applyPatch(userType, user, parsePatch(userType, body).operations)));
        const list = Array.isArray(after["emails"]) ? after["emails"] : [];
        expect(list.filter((email) => email.primary === true).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  test("R124: an attribute takes as many values as the limit says, and not one more", () => {
    const roles = Array.from({ length: limits.valuesPerAttribute }, (_, n) => ({ value: `r${n}` }));
    const full = patched({ userName: "ada" }, { op: "add", path: "roles", value: roles });
    expect(full["roles"]).toHaveLength(limits.valuesPerAttribute);
    const one = { op: "add", path: "roles", value: [{ value: "more" }] };
    expect(refusal(() => patched(full, one))).toMatchObject({ status: 400, scimType: "invalidValue" });
  });
});
