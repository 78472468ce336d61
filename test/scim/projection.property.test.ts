/** Whatever is asked for, an answer has what always belongs in it, and never what never does (RFC 7643 2.2). */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isList, isObject, type Json, type JsonObject } from "../../lib/scim/json.ts";
import { project, readProjection } from "../../lib/scim/projection.ts";
import { topLevelAttributes, userType } from "../../lib/scim/resource-type.ts";
import type { ResourceType, Schema } from "../../lib/scim/schema.ts";
import { attribute, complex } from "../../lib/scim/schemas/attribute.ts";

/** One attribute of each kind, at the top, inside a list and in an extension. */
const kinds = (["always", "default", "request", "never"] as const).map((returned) =>
  attribute(returned, `${returned} returned`, { returned }),
);
const badges = complex("badges", "A list.", kinds.slice(0, 2), { multiValued: true });
const extension: Schema = { id: "urn:example:Badge", name: "Badge", description: "Ours.", attributes: kinds };
const type: ResourceType = {
  ...userType,
  schema: { ...userType.schema, attributes: [...userType.schema.attributes, ...kinds, badges] },
  extensions: [{ schema: extension, required: false }],
};

const body: JsonObject = {
  schemas: [type.schema.id, extension.id],
  id: "2819c223",
  userName: "ada",
  password: "t1meMa$heen",
  name: { familyName: "Lovelace" },
  emails: [{ value: "a@example.com", type: "work" }],
  always: "a",
  default: "d",
  request: "r",
  never: "n",
  badges: [{ always: "a", default: "d" }],
  [extension.id]: { default: "d", request: "r", never: "n" },
  meta: { resourceType: "User" },
};

const names = fc.oneof(
  fc.constantFrom(
    ...topLevelAttributes(type).map(({ name }) => name),
    "badges.always",
    "badges.default",
    "emails.value",
  ),
  fc.constantFrom("ID", "schemas", "PASSWORD", extension.id, ...kinds.map(({ name }) => `${extension.id}:${name}`)),
  fc.string({ maxLength: 6 }),
);
const asked = fc.record(
  { attributes: fc.array(names, { maxLength: 5 }), excludedAttributes: fc.array(names, { maxLength: 5 }) },
  { requiredKeys: [] },
);

test("R25, R26, R102: always is always there, never never, request only when it is asked for", () => {
  fc.assert(
    fc.property(asked, (query) => {
      const shown = project(type, body, readProjection(type, query));
      expect(shown).toMatchObject({ schemas: body["schemas"], id: body["id"], always: "a" });
      expect(shown).not.toHaveProperty("password");
      expect(shown).not.toHaveProperty("never");
      expect(JSON.stringify(shown)).not.toContain('"n"');
      expect("request" in shown).toBe(
        written(query.attributes).includes("request") && !written(query.excludedAttributes).includes("request"),
      );
      expect(isPartOf(shown, body)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("R25: in each element that is shown stands what is always returned", () => {
  fc.assert(
    fc.property(asked, (query) => {
      const { badges: shown } = project(type, body, readProjection(type, query));
      const badges = isList(shown) ? shown : [];
      expect(badges.filter((badge) => !isObject(badge) || badge["always"] !== "a")).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

/** Names as they are written, without what is around them. */
function written(list: readonly string[] = []): string[] {
  return list.map((name) => name.trim().toLowerCase());
}

/** Nothing is in an answer that is not in the resource. */
function isPartOf(part: Json, whole: Json | undefined): boolean {
  if (isList(part)) return isList(whole) && part.every((element) => whole.some((one) => isPartOf(element, one)));
  if (!isObject(part)) return part === whole;
  return isObject(whole) && Object.entries(part).every(([name, value]) => isPartOf(value, whole[name]));
}
