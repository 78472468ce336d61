import { describe, expect, test } from "vitest";
import {
  listResourceTypes,
  listSchemas,
  oneResourceType,
  oneSchema,
  refuseDiscoveryFilter,
} from "../../lib/scim/discovery.ts";
import { isList, isObject, type Json } from "../../lib/scim/json.ts";
import {
  findAttribute,
  groupType,
  groupTypeWith,
  topLevelAttributes,
  uniqueAttributes,
  userType,
} from "../../lib/scim/resource-type.ts";
import { serviceProviderConfig } from "../../lib/scim/service-provider-config.ts";

const types = [userType, groupType];
const baseUrl = "https://scim.example.com/scim/v2";
const user = "urn:ietf:params:scim:schemas:core:2.0:User";
const group = "urn:ietf:params:scim:schemas:core:2.0:Group";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** The attribute at a path such as `emails.value` in a document of /Schemas. */
function documented(schema: string, path: string): Json | undefined {
  let place: Json | undefined = oneSchema(types, schema, baseUrl);
  for (const name of path.split(".")) {
    const list: Json | undefined = isObject(place) ? (place["attributes"] ?? place["subAttributes"]) : undefined;
    place = isList(list) ? list.find((one) => isObject(one) && one["name"] === name) : undefined;
  }
  return place;
}

function nullsIn(value: Json): number {
  if (value === null) return 1;
  const parts = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return parts.reduce<number>((sum, part) => sum + nullsIn(part), 0);
}

describe("/ServiceProviderConfig (RFC 7643 5)", () => {
  test("R4, R5, R8: what works is announced, with numbers also for what does not", () => {
    expect(serviceProviderConfig(baseUrl)).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1_000, maxPayloadSize: 1_048_576 },
      filter: { supported: true, maxResults: 1_000 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [{ type: "oauthbearertoken", primary: true }],
      meta: { resourceType: "ServiceProviderConfig", location: `${baseUrl}/ServiceProviderConfig` },
    });
  });

  test("R9, R55: cursor paging is announced, and index stays the default", () => {
    expect(serviceProviderConfig(baseUrl)["pagination"]).toEqual({
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      defaultPageSize: 100,
      maxPageSize: 1_000,
      cursorTimeout: 3_600,
    });
  });
});

describe("/ResourceTypes (RFC 7643 6)", () => {
  test("R2, R113: a list, with the extensions of each", () => {
    expect(listResourceTypes(types, baseUrl)).toMatchObject({
      totalResults: 2,
      Resources: [
        {
          id: "User",
          endpoint: "/Users",
          schema: user,
          schemaExtensions: [{ schema: enterprise, required: false }],
          meta: { resourceType: "ResourceType", location: `${baseUrl}/ResourceTypes/User` },
        },
        { id: "Group", endpoint: "/Groups", schema: group, schemaExtensions: [] },
      ],
    });
  });

  test("R2: one by its id; 404 for an unknown one", () => {
    expect(oneResourceType(types, "Group", baseUrl)).toMatchObject({ id: "Group", name: "Group" });
    expect(() => oneResourceType(types, "Device", baseUrl)).toThrow(expect.objectContaining({ status: 404 }));
  });
});

describe("/Schemas (RFC 7643 7)", () => {
  test("R2: User, EnterpriseUser and Group", () => {
    const { Resources: documents } = listSchemas(types, baseUrl);
    expect(isList(documents) && documents.map((one) => isObject(one) && one["id"])).toEqual([user, enterprise, group]);
  });

  test("R2, R8: one by its URN in any case; 404 for an unknown one", () => {
    const meta = { resourceType: "Schema", location: `${baseUrl}/Schemas/${user}` };
    expect(oneSchema(types, user.toUpperCase(), baseUrl)).toMatchObject({ id: user, meta });
    expect(() => oneSchema(types, "urn:other", baseUrl)).toThrow(expect.objectContaining({ status: 404 }));
  });

  test("R6: what does not apply is absent, not null", () => {
    expect(nullsIn(listSchemas(types, baseUrl))).toBe(0);
    expect(documented(user, "displayName")).toEqual({
      name: "displayName",
      type: "string",
      multiValued: false,
      description: "The name that is shown for the user.",
      required: false,
      caseExact: false,
      mutability: "readWrite",
      returned: "default",
      uniqueness: "none",
    });
  });

  test.each<[string, string, object]>([
    [user, "userName", { required: true, uniqueness: "server", caseExact: false }],
    [user, "password", { mutability: "writeOnly", returned: "never" }],
    [user, "active", { type: "boolean" }],
    [user, "emails", { type: "complex", multiValued: true }],
    [user, "emails.type", { canonicalValues: ["work", "home", "other"] }],
    [user, "photos.value", { type: "reference", referenceTypes: ["external"], caseExact: true }],
    [user, "x509Certificates.value", { type: "binary" }],
    [user, "groups", { mutability: "readOnly", multiValued: true }],
    [group, "displayName", { required: true, uniqueness: "server" }],
    [group, "members.value", { mutability: "immutable" }],
    [group, "members.$ref", { referenceTypes: ["User", "Group"] }],
    [enterprise, "manager.displayName", { mutability: "readOnly" }],
  ])("R7: %s %s is described as it behaves", (schema, path, characteristics) => {
    expect(documented(schema, path)).toMatchObject(characteristics);
  });

  test.each([
    [user, 21],
    [group, 2],
    [enterprise, 6],
  ])("%s has %i attributes (RFC 7643 8.7.1)", (schema, count) => {
    expect(oneSchema(types, schema, baseUrl)["attributes"]).toHaveLength(count);
  });

  test("R3: a filter is refused with 403", () => {
    expect(() => refuseDiscoveryFilter("id eq 1")).toThrow(expect.objectContaining({ status: 403 }));
    expect(() => refuseDiscoveryFilter(undefined)).not.toThrow();
  });
});

describe("resource types", () => {
  test("D12: where names of groups need not be unique, the schema says so and a filter still finds them at once", () => {
    const type = groupTypeWith({ uniqueNames: false });
    expect(uniqueAttributes(groupType).map(({ name }) => name)).toEqual(["displayName"]);
    // A tenant that changes its mind finds the groups that it has.
    expect(groupType.lookups).toContain("displayName");
    expect(uniqueAttributes(type)).toEqual([]);
    expect(type.lookups).toContain("displayName");
    expect(findAttribute(type.schema.attributes, "displayName")?.required).toBe(true);
    expect(groupTypeWith({ uniqueNames: true })).toBe(groupType);
  });

  test("R19: attributes are found in any case, and nothing that an object inherits is one", () => {
    expect(findAttribute(topLevelAttributes(userType), "EXTERNALID")?.name).toBe("externalId");
    expect(findAttribute(topLevelAttributes(userType), "constructor")).toBeUndefined();
    expect(findAttribute(topLevelAttributes(userType), "__proto__")).toBeUndefined();
  });
});
