/** Definitions of schemas and resource types in a tenant file: what they become, and how bad ones are refused. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTenantFile, readTenantSettings, TenantFileError } from "../../lib/provisioning/tenant-file.ts";
import { findAttribute, uniqueAttributes } from "../../lib/scim/resource-type.ts";
import { badgeSchema, customTenantFile, deviceSchema, deviceType, schemas, warrantySchema } from "./custom-tenant.ts";

const [device, warranty, badge] = schemas;
const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

function problemsOf(changes: object): readonly string[] {
  try {
    readTenantFile("acme", customTenantFile(changes));
  } catch (error) {
    if (error instanceof TenantFileError) return error.problems;
    throw error;
  }
  return [];
}

/** The badge schema with other attributes; the first has to stay, as the mapping names it. */
const withAttributes = (...attributes: object[]) => ({
  schemas: [device, warranty, { ...badge, attributes: [{ name: "number" }, { name: "floor" }, ...attributes] }],
});
const withId = (id: string) => ({ schemas: [...schemas, { id, name: "X", attributes: [{ name: "x" }] }] });
const withType = (changes: object) => ({ resourceTypes: [{ ...deviceType, ...changes }] });
const complexOf = (subAttributes: unknown) => ({ name: "extra", type: "complex", subAttributes });

describe("schemas and resource types of a tenant file (RFC 7643 sections 6 and 7)", () => {
  const tenant = readTenantFile("acme", customTenantFile());

  test("become resource types like those of the RFC", () => {
    expect(tenant.types.map(({ id }) => id)).toEqual(["User", "Group", "Device"]);
    expect(tenant.types[2]).toMatchObject({
      endpoint: "/Devices",
      schema: { id: deviceSchema },
      extensions: [{ schema: { id: warrantySchema }, required: false }],
      lookups: ["externalId", "owner.label"],
      hasMembers: false,
    });
  });

  test("extend users beside the enterprise extension, with lookups in the schema's spelling (R113)", () => {
    const [user] = tenant.types;
    expect(user?.extensions.map(({ schema }) => schema.id)).toEqual([enterprise, badgeSchema]);
    expect(user?.lookups).toEqual(["externalId", "emails.value", `${badgeSchema}:floor`, "nickName"]);
    expect(user && uniqueAttributes(user).map(({ name }) => name)).toEqual(["userName", `${badgeSchema}:number`]);
  });

  test("extend groups as well", () => {
    const changes = { extensions: { User: [badgeSchema], Group: [warrantySchema] }, ...withType({ extensions: [] }) };
    const [, group] = readTenantFile("acme", customTenantFile(changes)).types;
    expect(group?.extensions.map(({ schema }) => schema.id)).toEqual([warrantySchema]);
  });

  test.each([
    ["a text", { name: "x" }, { type: "string", caseExact: false, mutability: "readWrite", returned: "default" }],
    ["a reference", { name: "x", type: "reference" }, { caseExact: true, uniqueness: "none", required: false }],
    ["a binary", { name: "x", type: "binary" }, { caseExact: true, multiValued: false }],
    ["what is said", { name: "x", type: "reference", caseExact: false }, { caseExact: false }],
  ])("have the RFC's defaults: %s (RFC 7643 2.2)", (_what, attribute, expected) => {
    const [user] = readTenantFile("acme", customTenantFile(withAttributes(attribute))).types;
    const schema = user?.extensions[1]?.schema;
    expect(findAttribute(schema?.attributes ?? [], "x")).toMatchObject(expected);
  });

  test("may be pasted as another server's /Schemas gives them", () => {
    const pasted = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"], meta: { resourceType: "Schema" } };
    expect(problemsOf({ schemas: [device, warranty, { ...badge, ...pasted }] })).toEqual([]);
  });

  test.each<[string, object, string]>([
    [
      "an unknown type of attribute",
      withAttributes({ name: "x", type: "text" }),
      'schemas[2].attributes[2].type: found "text"; expected one of "string", ',
    ],
    [
      "complex in complex",
      withAttributes(complexOf([{ name: "y", type: "complex" }])),
      'schemas[2].attributes[2].subAttributes[0].type: found "complex"; expected one of "string", ',
    ],
    [
      "parts of a part",
      withAttributes(complexOf([{ name: "y", subAttributes: [] }])),
      "schemas[2].attributes[2].subAttributes[0].subAttributes: unknown key",
    ],
    ["a missing name", withAttributes({ type: "string" }), "schemas[2].attributes[2].name: missing; expected a text"],
    [
      "a name that is none",
      withAttributes({ name: "my attribute" }),
      'schemas[2].attributes[2].name: found "my attribute"; expected 1 to 64 letters',
    ],
    [
      "a name that every object has",
      withAttributes({ name: "constructor" }),
      'schemas[2].attributes[2].name: found "constructor"; expected 1 to 64 letters',
    ],
    [
      "a name twice",
      withAttributes({ name: "Floor" }),
      'schemas[2].attributes[2].name: found "Floor"; expected a name that is not there already',
    ],
    [
      "a part's name twice",
      withAttributes(complexOf([{ name: "y" }, { name: "Y" }])),
      'schemas[2].attributes[2].subAttributes[1].name: found "Y"; expected a name that is not there',
    ],
    [
      "a mutability that there is not",
      withAttributes({ name: "x", mutability: "writeonce" }),
      'schemas[2].attributes[2].mutability: found "writeonce"; expected one of "readOnly", "readWrite"',
    ],
    [
      "returned that there is not",
      withAttributes({ name: "x", returned: "sometimes" }),
      'schemas[2].attributes[2].returned: found "sometimes"; expected one of "always"',
    ],
    [
      "a misspelt key",
      withAttributes({ name: "x", multivalued: true }),
      'schemas[2].attributes[2].multivalued: unknown key; did you mean "multiValued"?',
    ],
    [
      "complex without parts",
      withAttributes({ name: "x", type: "complex" }),
      "schemas[2].attributes[2].subAttributes: missing; expected the parts",
    ],
    [
      "parts of what is not complex",
      withAttributes({ name: "x", subAttributes: [{ name: "y" }] }),
      "schemas[2].attributes[2].subAttributes: an attribute of type string has no parts",
    ],
    [
      "a unique list",
      withAttributes({ name: "x", multiValued: true, uniqueness: "server" }),
      'schemas[2].attributes[2].uniqueness: found "server"; expected "none": only a single text',
    ],
    [
      "a unique part",
      withAttributes(complexOf([{ name: "y", uniqueness: "server" }])),
      'schemas[2].attributes[2].subAttributes[0].uniqueness: found "server"; expected "none": only a whole attribute',
    ],
    [
      "required, but never kept",
      withAttributes({ name: "x", required: true, mutability: "readOnly" }),
      "schemas[2].attributes[2].required: a readOnly attribute is not kept",
    ],
    [
      "a schema without attributes",
      { schemas: [device, warranty, { ...badge, attributes: [] }] },
      "schemas[2].attributes: found a list of 0; expected 1 to 100 attributes",
    ],
    [
      "too many attributes",
      withAttributes(...Array.from({ length: 99 }, (_, n) => ({ name: `a${n}` }))),
      "schemas[2].attributes: found a list of 101; expected at most 100 attributes",
    ],
    [
      "too many unique attributes",
      withAttributes(...Array.from({ length: 6 }, (_, n) => ({ name: `a${n}`, uniqueness: "server" }))),
      "extensions.User: User has more than 6 unique attributes",
    ],
    ["no URN", withId("Device"), 'schemas[3].id: found "Device"; expected a URN'],
    ["a URN of ours", withId(enterprise.toUpperCase().replace("URN", "urn")), 'schemas[3].id: found "urn:IETF:'],
    [
      "a URN behind one of ours",
      withId(`${userSchema}:extra`),
      `schemas[3].id: found "${userSchema}:extra"; expected a URN that cannot be taken for ${userSchema}`,
    ],
    [
      "a URN twice",
      withId(deviceSchema),
      `schemas[3].id: found "${deviceSchema}"; expected a URN that cannot be taken for`,
    ],
    ["a schema that nothing uses", withId("urn:acme:x"), 'schemas[3].id: "urn:acme:x" is used by nothing'],
    [
      "an extension that is not there",
      { extensions: { User: [badgeSchema, "urn:acme:none"] } },
      `extensions.User[1]: found "urn:acme:none"; expected the id of one of schemas: ${deviceSchema}`,
    ],
    [
      "an extension twice",
      { extensions: { User: [badgeSchema, badgeSchema] } },
      `extensions.User[1]: found "${badgeSchema}"; expected a schema that is not used already`,
    ],
    [
      "an extension of a type that is not there",
      { extensions: { User: [badgeSchema], Users: [] } },
      'extensions.Users: unknown key; did you mean "User"?',
    ],
    [
      "a core schema that is not there",
      withType({ schema: "urn:acme:none", extensions: [] }),
      'resourceTypes[0].schema: found "urn:acme:none"; expected the id of one of schemas',
    ],
    [
      "a type called User",
      withType({ name: "User" }),
      'resourceTypes[0].name: found "User"; expected one that is not taken',
    ],
    [
      "a type called as other items are",
      withType({ name: "Claim" }),
      'resourceTypes[0].name: found "Claim"; expected one that is not taken',
    ],
    [
      "a type called as other events are",
      withType({ name: "Membership" }),
      'resourceTypes[0].name: found "Membership"; expected one that is not taken',
    ],
    [
      "a type's name in lower case",
      withType({ name: "device" }),
      'resourceTypes[0].name: found "device"; expected 1 to 32 letters and digits, a capital first',
    ],
    [
      "an endpoint of ours",
      withType({ endpoint: "/users" }),
      'resourceTypes[0].endpoint: found "/users"; expected one that is not taken',
    ],
    [
      "an endpoint of two segments",
      withType({ endpoint: "/a/b" }),
      'resourceTypes[0].endpoint: found "/a/b"; expected a path of one segment',
    ],
    [
      "a type twice",
      {
        resourceTypes: [
          { ...deviceType, extensions: [] },
          { ...deviceType, endpoint: "/Others", schema: warrantySchema, extensions: [], lookups: [] },
        ],
      },
      'resourceTypes[1].name: found "Device"; expected one that is not taken',
    ],
    [
      "a lookup of nothing",
      { lookups: { User: ["nickname", "nickNames"] } },
      'lookups.User[1]: "nickNames" is no attribute',
    ],
    [
      "a lookup that is no text",
      { lookups: { User: ["active"] } },
      'lookups.User[0]: "active" is no text that resources are found by',
    ],
    [
      "a lookup with a filter",
      { lookups: { User: ['emails[type eq "work"].value'] } },
      'lookups.User[0]: "emails[type eq \\"work\\"].value" is no text',
    ],
    [
      "a lookup of what is never kept",
      { lookups: { User: ["password"] } },
      'lookups.User[0]: "password" is set by the server or never kept',
    ],
    [
      "a lookup of members",
      { lookups: { Group: ["members.value"] } },
      'lookups.Group[0]: "members.value" is set by the server',
    ],
    [
      "a lookup of what is unique",
      { lookups: { User: ["USERNAME"] } },
      'lookups.User[0]: "USERNAME" is one that resources are found by anyway',
    ],
    [
      "a lookup twice",
      withType({ lookups: ["owner.label", "owner.LABEL"] }),
      'resourceTypes[0].lookups[1]: "owner.LABEL" is one that resources are found by anyway',
    ],
    [
      "too many lookups",
      { lookups: { User: Array.from({ length: 11 }, () => "title") } },
      "lookups.User: found a list of 11; expected at most 10 lookups",
    ],
    [
      "an odd active",
      {
        schemas: [{ ...device, attributes: [{ name: "label" }, { name: "active" }] }, warranty, badge],
        ...withType({ lookups: [] }),
      },
      `resourceTypes[0].schema: "${deviceSchema}" has an attribute "active"; expected a single boolean`,
    ],
  ])("are refused with the key: %s", (_what, changes, problem) => {
    const problems = problemsOf(changes);
    expect(problems.map((one) => one.slice(0, problem.length))).toEqual([problem]);
    expect(() => readTenantSettings("acme", customTenantFile(changes))).toThrow(TenantFileError);
  });

  test.each(["id", "externalId", "meta", "schemas", "password", "members", "groups", "Members"])(
    "cannot name an attribute %s, which is the server's own",
    (name) => {
      const [problem] = problemsOf(withAttributes({ name }));
      expect(problem).toBe(
        `schemas[2].attributes[2].name: found "${name}"; expected another name: this one is the server's own`,
      );
    },
  );
});

describe("docs/tenant-file.md", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/tenant-file.md"), "utf8");
  const examples = [...text.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, json = ""]) => json);

  test("has examples that are valid tenant files", () => {
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) expect(() => readTenantFile("acme", JSON.parse(example))).not.toThrow();
  });

  test("speaks of every key", () => {
    const keys: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, "../../tenants/tenant.schema.json"), "utf8"),
    );
    for (const key of Object.keys((keys as { properties: object }).properties))
      expect(text.includes(`\`${key}`) ? [] : [key]).toEqual([]);
  });
});
