/**
 * PATCH requests: what is to be done to a resource.
 *
 * Every operation that comes out has a path and a value as it is stored: what came without a path has become one
 * operation an attribute, and what cannot be done has been refused or noted. `applyPatch` only has to do it.
 *
 * Source: RFC 7644 section 3.5.2.
 */
import type { ResolvedPath } from "./attribute-path.ts";
import { quote } from "./attribute-name.ts";
import { admitsSchema } from "./dialects/authentik.ts";
import { ScimError } from "./error.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import { readByPath, readWithoutPath } from "./patch-value.ts";
import type { Ignored, ResourceType } from "./schema.ts";

export { applyPatch } from "./patch-apply.ts";

export const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const opNames = ["add", "remove", "replace"] as const;

export interface PatchOperation {
  readonly op: (typeof opNames)[number];
  readonly path: ResolvedPath;
  /**
   * As it is stored, and never nothing for `add` and `replace`; for `remove` the elements that are to go, absent: all.
   * For `members` of a group as it was sent.
   */
  readonly value?: Json;
}

export interface Patch {
  readonly operations: PatchOperation[];
  readonly ignored: Ignored[];
}

/**
 * Reads the body of a PATCH.
 *
 * Errors: ScimError 400: `invalidSyntax` for what is no PATCH, `invalidPath`, `invalidFilter`, `invalidValue`, `mutability`
 * for what the schema does not allow, `noTarget` for a remove without path; 403 `sensitive`.
 */
export function parsePatch(type: ResourceType, body: unknown): Patch {
  if (!isObject(body)) throw syntax("the body of a PATCH is a JSON object with a list of Operations");
  refuseOtherSchema(member(body, "schemas"));
  const patch: Patch = { operations: [], ignored: [] };
  for (const [n, sent] of operationsOf(body).entries()) {
    readOperation(type, patch, sent, `Operations[${n}]`);
    // A value without path is as many operations as it has attributes.
    if (patch.operations.length > limits.patchOperations) throw tooMany(patch.operations.length);
  }
  return patch;
}

function operationsOf(body: JsonObject): readonly Json[] {
  const sent = member(body, "Operations");
  const list = isList(sent) ? sent : isObject(sent) ? [sent] : [];
  if (list.length === 0) throw syntax("Operations is missing or empty; send at least one operation");
  if (list.length > limits.patchOperations) throw tooMany(list.length);
  return list;
}

function readOperation(type: ResourceType, patch: Patch, sent: Json, place: string): void {
  if (!isObject(sent)) throw syntax(`${place} is not an object with op, path and value`);
  const op = readOp(member(sent, "op"), place);
  const path = member(sent, "path") ?? null;
  const value = member(sent, "value");
  if (path === null) {
    if (op === "remove") throw new ScimError(400, "noTarget", `${place} is a remove without path; name what is to go`);
    if (isObject(value)) return readWithoutPath(type, patch, op, value);
    throw invalidValue(`${place} has no path, so its value must be an object of attributes`);
  }
  if (typeof path !== "string") throw new ScimError(400, "invalidPath", `${place}: a path is a text`);
  if (value === undefined && op !== "remove")
    throw invalidValue(`${place}: ${op} ${quote(path)} has no value; send one`);
  return readByPath(type, patch, op, path, value);
}

/** Entra sends `Add`, `Replace`, `Remove` (D5). */
function readOp(sent: Json | undefined, place: string): PatchOperation["op"] {
  const op = opNames.find((name) => typeof sent === "string" && name === sent.toLowerCase());
  if (op !== undefined) return op;
  const found = typeof sent === "string" ? quote(sent) : "none";
  throw syntax(`${place}: op is one of ${opNames.join(", ")}, found ${found}`);
}

/** Missing is accepted, as in resources (D9). */
function refuseOtherSchema(sent: Json | undefined): void {
  if (!admitsSchema(sent, patchSchema)) throw invalidValue(`"schemas" of a PATCH holds ${quote(patchSchema)}`);
}

/** Names of the message are the same in any case, like those of attributes (R19). */
function member(object: JsonObject, name: string): Json | undefined {
  const key = Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

function tooMany(found: number): ScimError {
  const most = limits.patchOperations;
  return invalidValue(
    `a PATCH may hold ${most} operations, found ${found}; attributes of a value without path count each`,
  );
}

function invalidValue(detail: string): ScimError {
  return new ScimError(400, "invalidValue", detail);
}

function syntax(detail: string): ScimError {
  return new ScimError(400, "invalidSyntax", detail);
}
