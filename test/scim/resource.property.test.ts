import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ScimError } from "../../lib/scim/error.ts";
import { isList, isObject, type Json } from "../../lib/scim/json.ts";
import { represent } from "../../lib/scim/representation.ts";
import { readResource, type ReadResource } from "../../lib/scim/resource.ts";
import { groupType, topLevelAttributes, userType } from "../../lib/scim/resource-type.ts";
import type { Attribute, ResourceType } from "../../lib/scim/schema.ts";

const types = [userType, groupType];

function subNames(attribute: Attribute): string[] {
  return [attribute.name, ...(attribute.subAttributes ?? []).flatMap(subNames)];
}

/** Every name that a stored resource may have, wherever it stands. */
const knownNames = new Set(
  types.flatMap((type) => [
    ...topLevelAttributes(type).flatMap(subNames),
    ...type.extensions.flatMap(({ schema }) => [schema.id, ...schema.attributes.flatMap(subNames)]),
  ]),
);

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...knownNames) },
  fc.constantFrom(...knownNames).map((known) => known.toUpperCase()),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "managerId",
    "schemas",
    "urn:ietf:params:scim:schemas:core:2.0:User",
  ),
  fc.string(),
);

const { body } = fc.letrec<{ value: Json; body: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(fc.string(), fc.constantFrom("True", "x", "", "a"), fc.boolean(), fc.double(), fc.constant(null)),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("body"),
  ),
  body: fc.array(fc.tuple(name, tie("value")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
}));

/** Bodies of users and groups, most of them nearly right. */
const requests = fc.tuple(fc.constantFrom(...types), body, fc.boolean()).map(([type, sent, complete]) => {
  const required = type === userType ? { userName: "ada" } : { displayName: "Sales" };
  return { type, sent: complete && isObject(sent) ? { ...sent, ...required } : sent };
});

/** What is read of a body; undefined when it is refused as the sender's mistake. Anything else that is thrown flies. */
function attempt(type: ResourceType, sent: unknown): ReadResource | undefined {
  try {
    return readResource(type, sent);
  } catch (error) {
    if (error instanceof ScimError && error.status === 400) return undefined;
    throw error;
  }
}

function namesIn(value: Json): string[] {
  if (isList(value)) return value.flatMap(namesIn);
  return isObject(value) ? Object.entries(value).flatMap(([key, part]) => [key, ...namesIn(part)]) : [];
}

function emptyIn(value: Json): boolean {
  if (value === null) return true;
  if (isList(value)) return value.length === 0 || value.some(emptyIn);
  return isObject(value) && (Object.keys(value).length === 0 || Object.values(value).some(emptyIn));
}

describe("any JSON as a resource", () => {
  test("is read or refused with 400, and nothing unknown or empty is kept", () => {
    let read = 0;
    fc.assert(
      fc.property(requests, ({ type, sent }) => {
        const result = attempt(type, sent);
        if (result === undefined) return;
        read += 1;
        expect(namesIn(result.resource).filter((key) => !knownNames.has(key))).toEqual([]);
        expect(emptyIn(result.resource)).toBe(false);
        for (const absent of ["schemas", "id", "meta", "members", "groups", "password"]) {
          expect(Object.keys(result.resource)).not.toContain(absent);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  test("what is answered and sent back is what was stored", () => {
    fc.assert(
      fc.property(requests, ({ type, sent }) => {
        const first = attempt(type, sent);
        if (first === undefined) return;
        const { resource, members = [] } = first;
        const body = represent(
          type,
          {
            id: "2819c223",
            resource,
            version: 1,
            created: 0,
            lastModified: 0,
            members: members.map(({ value, type: kind }) => ({ id: value, type: kind === "Group" ? "Group" : "User" })),
          },
          "https://example.com/scim/v2",
        );
        const again = readResource(type, JSON.parse(JSON.stringify(body)));
        expect(JSON.stringify(again.resource)).toBe(JSON.stringify(resource));
        expect((again.members ?? []).map(({ value }) => value)).toEqual(members.map(({ value }) => value));
      }),
      { numRuns: 2_000 },
    );
  });
});
