/** The resource types of a tenant: User and Group with the tenant's extensions and lookups, and types of its own. */
import { formatName } from "../scim/attribute-name.ts";
import { parsePath, type ResolvedPath } from "../scim/attribute-path.ts";
import { customSchema, problemsOfSchema } from "../scim/custom-schema.ts";
import { ScimError } from "../scim/error.ts";
import { uniqueAttributes, userType } from "../scim/resource-type.ts";
import type { Attribute, ResourceType, Schema } from "../scim/schema.ts";
import { reservedEndpoints, reservedTypeNames, reservedUrns } from "./custom-reserved.ts";
import type { CustomSettings } from "./custom-settings.ts";
import { formatKeyPath, type Place, type Tell } from "./tenant-file-problem.ts";

/** Each costs three items of a transaction (old claim, new claim, sighting), which with head, log and 80 lookups are 100. */
const uniqueMost = 6;

/** The types, and a sentence for each thing that is wrong; with one of those they must not be used. */
export function customTypes(
  settings: CustomSettings,
  groupType: ResourceType,
): { types: readonly [ResourceType, ResourceType, ...ResourceType[]]; problems: readonly string[] } {
  const problems: string[] = [];
  const tell: Tell = (place, message) => void problems.push(`${formatKeyPath(place)}: ${message}`);
  const schemas = schemasOf(settings, tell);
  const { extensions = {}, lookups = {}, resourceTypes = [] } = settings;
  const used = new Set<string>();
  const extended = (type: ResourceType, name: "User" | "Group"): ResourceType =>
    withLookups(
      withExtensions(type, extensions[name] ?? [], schemas, ["extensions", name], used, tell),
      lookups[name] ?? [],
      ["lookups", name],
      tell,
    );
  const user = extended(userType, "User");
  const group = extended(groupType, "Group");
  const own = resourceTypes.flatMap((definition, n) => {
    const at = ["resourceTypes", n];
    refuseTaken(resourceTypes, n, tell);
    const { name, description, endpoint, extensions: urns, lookups: paths } = definition;
    const schema = schemas.get(definition.schema.toLowerCase());
    if (schema === undefined) {
      tell([...at, "schema"], unknownUrn(definition.schema, schemas));
      return [];
    }
    take(used, schema, [...at, "schema"], tell);
    refuseOddActive(schema, [...at, "schema"], tell);
    const base = { id: name, name, endpoint, description, schema, extensions: [], lookups: ["externalId"] };
    const type = withExtensions({ ...base, hasMembers: false }, urns, schemas, [...at, "extensions"], used, tell);
    return withLookups(type, paths, [...at, "lookups"], tell);
  });
  // A wrong URN is told once, as a wrong URN.
  for (const [n, { id }] of problems.length > 0 ? [] : (settings.schemas ?? []).entries()) {
    if (!used.has(id.toLowerCase())) tell(["schemas", n, "id"], `${show(id)} is used by nothing; ${toUse}`);
  }
  return { types: [user, group, ...own], problems };
}

const toUse = "name it in extensions or in resourceTypes";

// ---------------------------------------------------------------- schemas

/** By URN in lower case: URNs are the same in any case. */
function schemasOf({ schemas = [] }: CustomSettings, tell: Tell): ReadonlyMap<string, Schema> {
  const known = new Map<string, Schema>();
  for (const [n, definition] of schemas.entries()) {
    for (const { path, message } of problemsOfSchema(definition)) tell(["schemas", n, ...path], message);
    const urn = definition.id.toLowerCase();
    const other = [...reservedUrns, ...known.keys()].find((one) => meets(one.toLowerCase(), urn));
    if (other === undefined) known.set(urn, customSchema(definition));
    else tell(["schemas", n, "id"], `found ${show(definition.id)}; expected a URN that cannot be taken for ${other}`);
  }
  return known;
}

/** The same, or one the beginning of a path into the other. */
function meets(a: string, b: string): boolean {
  return `${a}:`.startsWith(`${b}:`) || `${b}:`.startsWith(`${a}:`);
}

function withExtensions(
  type: ResourceType,
  urns: readonly string[],
  schemas: ReadonlyMap<string, Schema>,
  at: Place,
  used: Set<string>,
  tell: Tell,
): ResourceType {
  const extensions = urns.flatMap((urn, n) => {
    const schema = schemas.get(urn.toLowerCase());
    if (schema === undefined) tell([...at, n], unknownUrn(urn, schemas));
    else take(used, schema, [...at, n], tell);
    return schema === undefined ? [] : [{ schema, required: false }];
  });
  const extended = { ...type, extensions: [...type.extensions, ...extensions] };
  if (uniqueAttributes(extended).length > uniqueMost) {
    tell(at, `${type.name} has more than ${uniqueMost} unique attributes; expected at most ${uniqueMost}`);
  }
  return urns.length === 0 ? type : extended;
}

/** A schema belongs to one type: a unique value would otherwise be unique in each of them and in none. */
function take(used: Set<string>, schema: Schema, at: Place, tell: Tell): void {
  const urn = schema.id.toLowerCase();
  if (used.has(urn)) tell(at, `found ${show(schema.id)}; expected a schema that is not used already`);
  used.add(urn);
}

// ---------------------------------------------------------------- lookups

function withLookups(type: ResourceType, texts: readonly string[], at: Place, tell: Tell): ResourceType {
  const lookups = [...type.lookups];
  for (const [n, text] of texts.entries()) {
    const found = lookupOf(type, text, lookups);
    if ("problem" in found) tell([...at, n], `${show(text)} ${found.problem}`);
    else lookups.push(found.name);
  }
  return texts.length === 0 ? type : { ...type, lookups };
}

/** In the schema's spelling, as filters name it. */
function lookupOf(type: ResourceType, text: string, has: readonly string[]): { name: string } | { problem: string } {
  const path = resolve(type, text);
  if (typeof path === "string") return { problem: `is no attribute: ${path}` };
  const last = path.subAttribute ?? path.attribute;
  if (path.filter !== undefined || last === undefined || !isText(last)) {
    return { problem: "is no text that resources are found by; expected the name of one, such as emails.value" };
  }
  if ([path.attribute, path.subAttribute].some(isNotKept)) {
    return { problem: "is set by the server or never kept; expected an attribute that the identity provider sends" };
  }
  const name = formatName(path);
  const isUnique = uniqueAttributes(type).some((attribute) => attribute.name === name);
  return isUnique || has.includes(name)
    ? { problem: "is one that resources are found by anyway; remove it" }
    : { name };
}

function resolve(type: ResourceType, text: string): ResolvedPath | string {
  try {
    return parsePath(type, text);
  } catch (error) {
    if (error instanceof ScimError) return error.message;
    throw error;
  }
}

function isText({ name, type }: Attribute): boolean {
  return (type === "string" || type === "reference") && name !== "$ref";
}

/** Members are kept apart from the group; their ids have their own way of being found. */
function isNotKept(attribute: Attribute | undefined): boolean {
  if (attribute === undefined) return false;
  const { mutability, returned, name } = attribute;
  return mutability === "readOnly" || mutability === "writeOnly" || returned === "never" || name === "members";
}

// ---------------------------------------------------------------- resource types

function refuseTaken(types: NonNullable<CustomSettings["resourceTypes"]>, n: number, tell: Tell): void {
  const mine = types[n];
  if (mine === undefined) return;
  const taken = (reserved: readonly string[], key: "name" | "endpoint") =>
    [...reserved, ...types.slice(0, n).map((type) => type[key])].some(
      (one) => one.toLowerCase() === mine[key].toLowerCase(),
    );
  for (const [key, reserved] of [
    ["name", reservedTypeNames],
    ["endpoint", reservedEndpoints],
  ] as const) {
    if (taken(reserved, key)) {
      tell(["resourceTypes", n, key], `found ${show(mine[key])}; expected one that is not taken`);
    }
  }
}

/** `active` decides what state the entry is in, as for users, so it has to be what it is there. */
function refuseOddActive(schema: Schema, at: Place, tell: Tell): void {
  const active = schema.attributes.find(({ name }) => name.toLowerCase() === "active");
  if (active === undefined || (active.name === "active" && active.type === "boolean" && !active.multiValued)) return;
  tell(at, `${show(schema.id)} has an attribute ${show(active.name)}; expected a single boolean called active`);
}

function unknownUrn(urn: string, schemas: ReadonlyMap<string, Schema>): string {
  const known = [...schemas.values()].map(({ id }) => id).join(", ") || "none yet";
  return `found ${show(urn)}; expected the id of one of schemas: ${known}`;
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}
