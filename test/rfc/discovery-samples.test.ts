/** The discovery documents of RFC 7643 section 8, beside ours. */
import { describe, expect, test } from "vitest";
import { listResourceTypes, oneSchema } from "../../lib/scim/discovery.ts";
import { isList, isObject, type Json, type JsonObject } from "../../lib/scim/json.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { serviceProviderConfig } from "../../lib/scim/service-provider-config.ts";
import { textOf } from "../handlers/harness.ts";
import { sample, sampleList, shape } from "./sample.ts";

const baseUrl = "https://example.com/v2";
const types = [userType, groupType];

test("rfc7643-8.5-service-provider-config: the same members, of the same types (R4)", () => {
  const { documentationUri: _, meta: __, ...expected } = sample("rfc7643-8.5-service-provider-config");
  const ours = serviceProviderConfig(baseUrl);
  const { authenticationSchemes: theirSchemes, ...settings } = expected;
  expect(shape(ours)).toMatchObject(shape(settings));
  const [bearer] = listOf(theirSchemes);
  const { documentationUri: ___, ...scheme } = bearer ?? {};
  expect(shape(listOf(ours["authenticationSchemes"])[0] ?? {})).toEqual(shape(scheme));
});

test("rfc7643-8.6-resource-types: ours, but that no user needs the enterprise extension (R2)", () => {
  const ours = listOf(listResourceTypes(types, baseUrl)["Resources"]);
  for (const [n, { description: _, schemaExtensions, ...expected }] of sampleList(
    "rfc7643-8.6-resource-types",
  ).entries()) {
    expect(ours[n]).toMatchObject(expected);
    const named = listOf(schemaExtensions).map(({ schema }) => ({ schema, required: false }));
    expect(ours[n]?.["schemaExtensions"]).toEqual(named);
  }
});

/** Where we say something else of an attribute than the RFC's sample does, and why. */
const caseExactReference = "caseExact true"; // By its type: RFC 7643 2.3.6, 2.3.7
const caseExactId = "caseExact true"; // As ids are: RFC 7643 3.1
const otherwise: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  User: {
    profileUrl: caseExactReference,
    password: "caseExact true", // A secret in another case is another one.
    "photos.value": caseExactReference,
    "groups.value": caseExactId,
    "groups.$ref": caseExactReference,
    "x509Certificates.value": caseExactReference,
  },
  Group: {
    displayName: "required true, uniqueness server", // D12
    "members.value": caseExactId,
    "members.$ref": caseExactReference,
  },
  EnterpriseUser: {
    "manager.value": caseExactId,
    "manager.$ref": "caseExact true, mutability readOnly", // D21: resolved by us
  },
};

describe("rfc7643-8.7.1-resource-schemas: what we serve has each attribute as the RFC defines it (R6, R7)", () => {
  test.each(sampleList("rfc7643-8.7.1-resource-schemas").map((schema) => [textOf(schema["name"]), schema] as const))(
    "%s",
    (name, schema) => {
      const ours = definitions(listOf(oneSchema(types, textOf(schema["id"]), baseUrl)["attributes"]));
      const found = [...definitions(listOf(schema["attributes"]))].flatMap(([path, theirs]) => {
        const difference = differs(theirs, ours.get(path));
        return difference === undefined ? [] : [[path, difference]];
      });
      expect(Object.fromEntries(found)).toEqual(otherwise[name]);
    },
  );
});

describe("rfc7643-8.7.2-service-provider-schemas: our documents are as these schemas say (R8)", () => {
  const [config, resourceType] = sampleList("rfc7643-8.7.2-service-provider-schemas");

  test("ServiceProviderConfig", () => {
    expect(missing(config, serviceProviderConfig(baseUrl))).toEqual([]);
  });

  test("ResourceType", () => {
    const documents = listOf(listResourceTypes(types, baseUrl)["Resources"]);
    expect(documents.flatMap((document) => missing(resourceType, document))).toEqual([]);
  });
});

/** The characteristics of each attribute, by its path. */
function definitions(attributes: readonly JsonObject[], home = ""): Map<string, JsonObject> {
  return new Map(
    attributes.flatMap((attribute): [string, JsonObject][] => {
      const { subAttributes, ...definition } = attribute;
      const path = home + textOf(attribute["name"]);
      return [[path, definition], ...definitions(listOf(subAttributes), `${path}.`)];
    }),
  );
}

/** The texts for people may be other ones; hints of values (R104) may be more. */
function differs(theirs: JsonObject, ours: JsonObject | undefined): string | undefined {
  if (ours === undefined) return "missing";
  const names = ["type", "multiValued", "required", "caseExact", "mutability", "returned", "uniqueness"];
  const other = names.filter((name) => theirs[name] !== undefined && theirs[name] !== ours[name]);
  return other.length === 0
    ? undefined
    : other.map((name) => `${name} ${JSON.stringify(ours[name]).replaceAll('"', "")}`).join(", ");
}

/** The attributes that a schema requires and a document does not have, or not of that type. */
function missing(schema: JsonObject | undefined, document: JsonObject): string[] {
  return listOf(schema?.["attributes"]).flatMap((attribute) => {
    const name = textOf(attribute["name"]);
    const value = document[name];
    if (value === undefined) return attribute["required"] === true && attribute["multiValued"] !== true ? [name] : [];
    const parts = isList(value) ? value : [value];
    const wrong = parts.filter((part) => !fits(textOf(attribute["type"]), part)).map(() => name);
    const inner = { attributes: listOf(attribute["subAttributes"]) };
    return [...wrong, ...parts.filter(isObject).flatMap((part) => missing(inner, part))];
  });
}

function fits(type: string, value: Json): boolean {
  if (type === "complex") return isObject(value);
  return typeof value === (type === "boolean" ? "boolean" : type === "integer" ? "number" : "string");
}

function listOf(value: Json | undefined): JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}
