/**
 * The answer to a query.
 *
 * Source: RFC 7644 section 3.4.2.
 */
import type { JsonObject } from "./json.ts";

const listResponseSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** `totalResults` counts all matches, not those of the page (R45); no match is an empty list, never a 404 (R30, D13). */
export function listResponse(page: {
  readonly totalResults: number;
  readonly startIndex: number;
  readonly resources: readonly JsonObject[];
}): JsonObject {
  const { totalResults, startIndex, resources } = page;
  const body = { schemas: [listResponseSchema], totalResults, startIndex, itemsPerPage: resources.length };
  return resources.length === 0 ? body : { ...body, Resources: resources };
}
