/**
 * The answer to a query.
 *
 * Source: RFC 7644 section 3.4.2; RFC 9865 section 2 for pages by cursor, which have no `startIndex`.
 */
import type { JsonObject } from "./json.ts";

const listResponseSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** `totalResults` counts all matches, not those of the page (R45); no match is an empty list, never a 404 (R30, D13). */
export function listResponse(page: {
  /** Absent: not known, which only cursor paging may say (R54). */
  readonly totalResults?: number;
  readonly startIndex?: number;
  /** Absent on the last page, never null or empty (R49). */
  readonly nextCursor?: string;
  readonly resources: readonly JsonObject[];
}): JsonObject {
  const { totalResults, startIndex, nextCursor, resources } = page;
  return {
    schemas: [listResponseSchema],
    ...(totalResults !== undefined && { totalResults }),
    ...(startIndex !== undefined && { startIndex }),
    itemsPerPage: resources.length,
    ...(nextCursor !== undefined && { nextCursor }),
    ...(resources.length > 0 && { Resources: resources }),
  };
}
