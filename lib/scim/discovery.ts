/**
 * The documents of `/ResourceTypes` and `/Schemas`.
 *
 * Source: RFC 7643 sections 6 and 7; RFC 7644 section 4.
 */
import { ScimError } from "./error.ts";
import type { Json, JsonObject } from "./json.ts";
import { listResponse } from "./list-response.ts";
import type { Attribute, ResourceType, Schema } from "./schema.ts";

const resourceTypeSchema = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const schemaSchema = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/** `GET /ResourceTypes` */
export function listResourceTypes(types: readonly ResourceType[], baseUrl: string): JsonObject {
  return wholeList(types.map((type) => resourceTypeDocument(type, baseUrl)));
}

/** `GET /ResourceTypes/{id}`. Errors: ScimError 404. */
export function oneResourceType(types: readonly ResourceType[], id: string, baseUrl: string): JsonObject {
  const type = types.find((one) => one.id === id);
  if (type === undefined) throw notFound("resource type", id, "/ResourceTypes");
  return resourceTypeDocument(type, baseUrl);
}

/** `GET /Schemas` */
export function listSchemas(types: readonly ResourceType[], baseUrl: string): JsonObject {
  return wholeList(schemasOf(types).map((schema) => schemaDocument(schema, baseUrl)));
}

/** `GET /Schemas/{urn}`, in any case (R2). Errors: ScimError 404. */
export function oneSchema(types: readonly ResourceType[], urn: string, baseUrl: string): JsonObject {
  const schema = schemasOf(types).find(({ id }) => id.toLowerCase() === urn.toLowerCase());
  if (schema === undefined) throw notFound("schema", urn, "/Schemas");
  return schemaDocument(schema, baseUrl);
}

/** Errors: ScimError 403 for a filter on a discovery endpoint, which would otherwise seem to have matched (R3). */
export function refuseDiscoveryFilter(filter: string | null | undefined): void {
  if (filter === undefined || filter === null) return;
  throw new ScimError(
    403,
    undefined,
    "filter: the discovery endpoints are not searched; leave it out, the lists are short",
  );
}

function resourceTypeDocument(type: ResourceType, baseUrl: string): JsonObject {
  return {
    schemas: [resourceTypeSchema],
    id: type.id,
    name: type.name,
    endpoint: type.endpoint,
    description: type.description,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ schema, required }) => ({ schema: schema.id, required })),
    meta: { resourceType: "ResourceType", location: `${baseUrl}/ResourceTypes/${type.id}` },
  };
}

function schemaDocument({ id, name, description, attributes }: Schema, baseUrl: string): JsonObject {
  return {
    schemas: [schemaSchema],
    id,
    name,
    description,
    attributes: attributes.map(attributeDocument),
    meta: { resourceType: "Schema", location: `${baseUrl}/Schemas/${id}` },
  };
}

/** What does not apply is absent: Entra asks for absent, not null (R6). */
function attributeDocument(attribute: Attribute): JsonObject {
  const document: Record<string, Json> = {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    caseExact: attribute.caseExact,
    mutability: attribute.mutability,
    returned: attribute.returned,
    uniqueness: attribute.uniqueness,
  };
  if (attribute.canonicalValues) document["canonicalValues"] = attribute.canonicalValues;
  // We also note of ids whose they are; the RFC has this for URIs alone.
  if (attribute.referenceTypes && attribute.type === "reference") document["referenceTypes"] = attribute.referenceTypes;
  if (attribute.subAttributes) document["subAttributes"] = attribute.subAttributes.map(attributeDocument);
  return document;
}

function schemasOf(types: readonly ResourceType[]): Schema[] {
  const all = types.flatMap((type) => [type.schema, ...type.extensions.map(({ schema }) => schema)]);
  return [...new Map(all.map((schema) => [schema.id, schema])).values()];
}

function wholeList(resources: readonly JsonObject[]): JsonObject {
  return listResponse({ totalResults: resources.length, startIndex: 1, resources });
}

function notFound(what: string, id: string, list: string): ScimError {
  return new ScimError(404, undefined, `there is no ${what} "${id.slice(0, 200)}"; ${list} lists those that there are`);
}
