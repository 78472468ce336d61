/**
 * What a query asks for, as the parameters of a GET or the body of a POST to `.search`.
 *
 * Source: RFC 7644 sections 3.4.2 and 3.4.3; `cursor` from RFC 9865.
 */
import { ScimError, type ScimType } from "./error.ts";
import { isList, isObject, type Json } from "./json.ts";
import { limits } from "./limits.ts";

const searchRequestSchema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

export interface SearchRequest {
  readonly filter?: string;
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
  readonly sortBy?: string;
  readonly sortOrder?: "ascending" | "descending";
  /** From 1. */
  readonly startIndex: number;
  /** 0 asks for the total alone. */
  readonly count: number;
  /** Asks for cursor paging, and `startIndex` is passed over; empty: from the beginning (R49). */
  readonly cursor?: string;
}

/**
 * Reads the query string of a GET; unknown parameters are passed over (R117).
 *
 * Errors: ScimError 400 `invalidValue` for numbers that are none (D24) and an unknown `sortOrder`;
 * `invalidCount` for such a `count` beside a cursor (R52).
 */
export function readSearchQuery(parameters: URLSearchParams): SearchRequest {
  const sent = new Map<string, Json>();
  for (const name of names) {
    const values = parameters.getAll(name);
    const [value] = values;
    if (value !== undefined) sent.set(name, lists.has(name) ? values.join(",") : value);
  }
  return read(sent);
}

/**
 * Reads the body of a `.search`.
 *
 * Errors: ScimError 400 `invalidSyntax` for what is no SearchRequest, `invalidValue` for wrong values.
 */
export function readSearchBody(body: unknown): SearchRequest {
  if (!isObject(body)) throw new ScimError(400, "invalidSyntax", "the body is not a JSON object; send a SearchRequest");
  const sent = new Map<string, Json>();
  for (const [key, value] of Object.entries(body)) {
    const name = ["schemas", ...names].find((known) => known.toLowerCase() === key.toLowerCase());
    if (name !== undefined && value !== null) sent.set(name, value);
  }
  const schemas = sent.get("schemas");
  if (schemas !== undefined && !(isList(schemas) ? schemas : [schemas]).includes(searchRequestSchema)) {
    throw new ScimError(400, "invalidSyntax", `"schemas" does not name "${searchRequestSchema}"; add it`);
  }
  return read(sent);
}

const names = ["filter", "attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count", "cursor"];
const lists = new Set(["attributes", "excludedAttributes"]);

function read(sent: ReadonlyMap<string, Json>): SearchRequest {
  const filter = readText(sent, "filter");
  const sortBy = readText(sent, "sortBy");
  const attributes = readNames(sent, "attributes");
  const excludedAttributes = readNames(sent, "excludedAttributes");
  const sortOrder = readSortOrder(sent);
  const cursor = readText(sent, "cursor");
  return {
    ...(filter !== undefined && { filter }),
    ...(attributes && { attributes }),
    ...(excludedAttributes && { excludedAttributes }),
    ...(sortBy !== undefined && sortBy.trim() !== "" && { sortBy }),
    ...(sortOrder && { sortOrder }),
    ...(cursor !== undefined && { cursor }),
    // Out of range is corrected (R42).
    startIndex: Math.max(1, readInteger(sent, "startIndex") ?? 1),
    count: Math.min(
      limits.pageSizeMost,
      Math.max(
        0,
        readInteger(sent, "count", cursor === undefined ? "invalidValue" : "invalidCount") ?? limits.pageSize,
      ),
    ),
  };
}

function readText(sent: ReadonlyMap<string, Json>, name: string): string | undefined {
  const value = sent.get(name);
  if (value === undefined || typeof value === "string") return value;
  throw invalid(name, "is not a text");
}

function readNames(sent: ReadonlyMap<string, Json>, name: string): string[] | undefined {
  const value = sent.get(name);
  if (value === undefined) return undefined;
  const written = isList(value) ? value : [value];
  const found = written.flatMap((text) => {
    if (typeof text !== "string")
      throw invalid(name, "is neither a list of attribute names nor names with commas between");
    return text.split(",").map((one) => one.trim());
  });
  const filled = found.filter((one) => one !== "");
  return filled.length === 0 ? undefined : filled;
}

function readSortOrder(sent: ReadonlyMap<string, Json>): "ascending" | "descending" | undefined {
  const word = readText(sent, "sortOrder")?.toLowerCase();
  if (word === undefined || word === "") return undefined;
  if (word === "ascending" || word === "descending") return word;
  throw invalid("sortOrder", 'is neither "ascending" nor "descending"');
}

function readInteger(
  sent: ReadonlyMap<string, Json>,
  name: string,
  kind: ScimType = "invalidValue",
): number | undefined {
  const value = sent.get(name);
  if (value === undefined || value === "") return undefined;
  const text = typeof value === "number" ? String(value) : value;
  const number = typeof text === "string" && /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw invalid(name, "is not a whole number", kind);
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number));
}

function invalid(name: string, why: string, kind: ScimType = "invalidValue"): ScimError {
  return new ScimError(400, kind, `"${name}" ${why}`);
}
