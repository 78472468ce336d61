/**
 * The bulk request and its answer.
 *
 * Source: RFC 7644 section 3.7. What makes the request unreadable is an error of the whole; what is wrong with one
 * operation is told in the answer to that one, and the others are done.
 */
import { ScimError } from "./error.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import type { ResourceType } from "./schema.ts";

const requestSchema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const responseSchema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

export type BulkMethod = "POST" | "PUT" | "PATCH" | "DELETE";

export interface BulkRequest {
  readonly operations: readonly BulkOperation[];
  /** No further operation is begun after so many errors. */
  readonly failOnErrors?: number;
}

export interface BulkOperation {
  /** As it was sent, for the answer. */
  readonly method: string;
  readonly bulkId?: string;
  /** An error: what is wrong with this operation. */
  readonly asked: BulkWrite | ScimError;
}

/** What a single request would say by its method, its path, `If-Match` and its body. */
export interface BulkWrite {
  readonly method: BulkMethod;
  readonly type: ResourceType;
  /** Of the path: an id, or `bulkId:<bulkId>`. Empty for a POST. */
  readonly target: string;
  readonly version?: string;
  readonly data?: Json;
}

/** One operation's part of the answer. */
export interface BulkResult {
  readonly method: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly location?: string;
  readonly status: number;
  /** The body of an error; a success shows none. */
  readonly response?: object;
}

/**
 * Reads the body of a POST to `/Bulk`.
 *
 * Errors: ScimError 400 `invalidSyntax` for what is no BulkRequest, 400 `invalidValue` for a `bulkId` that comes twice and
 * for `failOnErrors` that is no number, 413 for too many operations.
 */
export function readBulk(types: readonly ResourceType[], body: unknown): BulkRequest {
  if (!isObject(body)) throw invalidSyntax("the body is not a JSON object; send a BulkRequest");
  const { schemas, operations, failonerrors: failOnErrors = null } = byLowerName(body);
  if (schemas !== undefined && !(isList(schemas) ? schemas : [schemas]).includes(requestSchema))
    throw invalidSyntax(`"schemas" does not name "${requestSchema}"; add it`);
  if (!isList(operations)) throw invalidSyntax('"Operations" is not a list; send the operations in it');
  if (operations.length > limits.bulkOperations) throw tooManyOperations(operations.length);
  if (failOnErrors !== null && !(Number.isSafeInteger(failOnErrors) && Number(failOnErrors) >= 1))
    throw new ScimError(400, "invalidValue", '"failOnErrors" is not a whole number above 0');
  const read = operations.map((operation, n) => readOperation(types, operation, `Operations[${n}]`));
  refuseTwice(read);
  return { operations: read, ...(failOnErrors !== null && { failOnErrors: Number(failOnErrors) }) };
}

/** Errors: ScimError 413 in the RFC's own words (section 3.7.4). */
export function checkPayload(bytes: number): void {
  if (bytes <= limits.bulkBytes) return;
  const detail = `The size of the bulk operation exceeds the maxPayloadSize (${limits.bulkBytes}).`;
  throw new ScimError(413, undefined, detail);
}

/** `status` is a text there, as in an error. */
export function bulkResponse(results: readonly BulkResult[]): JsonObject {
  const Operations = results.map(({ status, ...rest }) => ({ ...rest, status: String(status) }));
  return { schemas: [responseSchema], Operations } as unknown as JsonObject;
}

function readOperation(types: readonly ResourceType[], sent: Json, place: string): BulkOperation {
  if (!isObject(sent)) throw invalidSyntax(`"${place}" is not a JSON object`);
  const { method, path, bulkid, version, data } = byLowerName(sent);
  const known = { method: typeof method === "string" ? method : "", ...textAt("bulkId", bulkid) };
  try {
    const asked = { ...readTarget(types, known.method, path), ...textAt("version", version) };
    if (asked.method === "POST" && known.bulkId === undefined)
      throw invalidValue('"bulkId" is missing; an operation that creates needs one');
    if (asked.method === "DELETE") return { ...known, asked };
    if (data === undefined || data === null) throw invalidSyntax(`"data" is missing; a ${asked.method} needs it`);
    return { ...known, asked: { ...asked, data } };
  } catch (error) {
    if (error instanceof ScimError) return { ...known, asked: error };
    throw error;
  }
}

/** An endpoint for a POST, else an endpoint and an id; the endpoint in any letter case, as in a URL. */
function readTarget(
  types: readonly ResourceType[],
  sentMethod: string,
  path: Json | undefined,
): Pick<BulkWrite, "method" | "type" | "target"> {
  const method = methods.find((one) => one === sentMethod.toUpperCase());
  if (method === undefined) throw invalidValue(`"method" is none of ${methods.join(", ")}`);
  if (typeof path !== "string") throw invalidSyntax('"path" is missing; name an endpoint, such as "/Users"');
  const [endpoint = "", target = "", ...rest] = path.split("/").filter((segment) => segment !== "");
  const type = types.find((one) => one.endpoint.toLowerCase() === `/${endpoint.toLowerCase()}`);
  const fits = rest.length === 0 && (target === "") === (method === "POST");
  if (type !== undefined && fits) return { method, type, target };
  const example = method === "POST" ? "/Users" : "/Users/<id>";
  throw invalidValue(`"path" is not a path that ${method} takes, such as "${example}"`);
}

const methods: readonly BulkMethod[] = ["POST", "PUT", "PATCH", "DELETE"];

/** Which of the two would be meant by a reference? */
function refuseTwice(operations: readonly BulkOperation[]): void {
  const seen = new Set<string>();
  for (const { bulkId } of operations) {
    if (bulkId === undefined) continue;
    if (seen.has(bulkId)) throw invalidValue(`the bulkId "${bulkId.slice(0, 64)}" stands at two operations`);
    seen.add(bulkId);
  }
}

function textAt<Name extends string>(name: Name, value: Json | undefined): { readonly [name in Name]?: string } {
  return typeof value === "string" && value !== "" ? ({ [name]: value } as { [name in Name]: string }) : {};
}

/** Names in any case, as everywhere in SCIM (RFC 7643 section 2.1). */
function byLowerName(object: JsonObject): { readonly [name: string]: Json | undefined } {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));
}

function tooManyOperations(count: number): ScimError {
  const detail = `The bulk request has ${count} operations, more than maxOperations (${limits.bulkOperations}).`;
  return new ScimError(413, undefined, detail);
}

function invalidSyntax(detail: string): ScimError {
  return new ScimError(400, "invalidSyntax", detail);
}

function invalidValue(detail: string): ScimError {
  return new ScimError(400, "invalidValue", detail);
}
