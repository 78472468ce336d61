/** `attributes` and `excludedAttributes` of the query string: names with commas between them (RFC 7644 section 3.9). */
import { type Projection, readProjection } from "../scim/projection.ts";
import type { ResourceType } from "../scim/schema.ts";

/** Errors: ScimError 400. */
export function queryProjection(type: ResourceType, query: URLSearchParams): Projection {
  return readProjection(type, { ...asked(query, "attributes"), ...asked(query, "excludedAttributes") });
}

export function asksForAttributes(query: URLSearchParams): boolean {
  return query.has("attributes") || query.has("excludedAttributes");
}

function asked(query: URLSearchParams, name: string): Record<string, string> {
  const value = query.get(name);
  return value === null ? {} : { [name]: value };
}
