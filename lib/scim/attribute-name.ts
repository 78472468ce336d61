/**
 * Attribute names as clients write them: any case, with or without the schema's URN, with or without a sub-attribute.
 *
 * Source: RFC 7644 section 3.10, and `attrPath` in the ABNF of section 3.4.2.2.
 */
import type { ResolvedPath } from "./attribute-path.ts";
import { attributeWithoutUrn } from "./dialects/entra.ts";
import { ScimError, type ScimType } from "./error.ts";
import { findAttribute, topLevelAttributes } from "./resource-type.ts";
import type { Attribute, ResourceType } from "./schema.ts";
import { schemasAttribute } from "./schemas/common.ts";

/** Where a name is looked up. */
export interface Scope {
  readonly type: ResourceType;
  /** Inside the brackets of a value path: the attribute before them. */
  readonly parent?: Attribute;
}

/**
 * Finds what a name stands for.
 *
 * Errors: ScimError 400, of the given kind, for a name that is malformed or that the schemas do not have.
 *
 * @example
 * resolveName({ type: userType }, "NAME.givenname", "invalidPath"); // attribute name, sub-attribute givenName
 */
export function resolveName(scope: Scope, text: string, kind: ScimType): ResolvedPath {
  const refuse = (why: string) => new ScimError(400, kind, `${quote(text)} ${why}`);
  if (scope.parent !== undefined) {
    const attribute = isName(text) ? findAttribute(elementAttributes(scope.parent), text) : undefined;
    if (attribute !== undefined) return { attribute, text };
    throw refuse(`is not a sub-attribute of ${quote(scope.parent.name)}; those are: ${subNames(scope.parent)}`);
  }
  const { extension, known, rest } = splitSchema(scope.type, text);
  if (extension !== undefined && text.length === extension.length) return { extension, text };
  const [name = "", subName, ...more] = rest.split(".");
  if (!known)
    throw refuse(`begins with a schema that ${scope.type.name} does not have; see /ResourceTypes for those it has`);
  if (!isName(name) || more.length > 0 || (subName !== undefined && !isName(subName))) {
    throw refuse("is not an attribute name; write name, name.subAttribute or urn:name");
  }
  const found = findTopLevel(scope.type, extension, rest === text, name);
  if (found === undefined) throw refuse(`is not an attribute of ${scope.type.name}; see /Schemas for those it has`);
  if (subName === undefined) return { ...found, text };
  // The values of a list of plain values are its `value` (RFC 7643 section 2.4).
  if (found.attribute.type !== "complex" && found.attribute.multiValued && subName.toLowerCase() === "value") {
    return { ...found, text };
  }
  const subAttribute = findAttribute(found.attribute.subAttributes ?? [], subName);
  if (subAttribute !== undefined) return { ...found, subAttribute, text };
  throw refuse(
    `names a sub-attribute that ${quote(found.attribute.name)} does not have; ${subAdvice(found.attribute)}`,
  );
}

/**
 * Finds what a name in a filter stands for: an attribute, or `schemas` (an example of RFC 7644 section 3.4.2.2).
 *
 * Errors: ScimError 400 `invalidFilter`.
 */
export function resolveFilterName(scope: Scope, text: string): ResolvedPath {
  const isSchemas = scope.parent === undefined && text.toLowerCase() === schemasAttribute.name;
  return isSchemas ? { attribute: schemasAttribute, text } : resolveName(scope, text, "invalidFilter");
}

/** A name in the schema's spelling, without value filter. */
export function formatName({ extension, attribute, subAttribute }: ResolvedPath): string {
  if (attribute === undefined) return extension ?? "";
  const name = extension === undefined ? attribute.name : `${extension}:${attribute.name}`;
  return subAttribute === undefined ? name : `${name}.${subAttribute.name}`;
}

/** What may stand in the brackets behind an attribute: a list of plain values has elements that are their own `value`. */
export function elementAttributes(attribute: Attribute): readonly Attribute[] {
  if (attribute.type === "complex") return attribute.subAttributes ?? [];
  return attribute.multiValued ? [{ ...attribute, name: "value", multiValued: false }] : [];
}

/** A client's text in a message: short, and its quotes told apart from ours. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/**
 * A URN holds dots and colons itself ("2.0"), so only the schemas that there are tell where it ends (R40, R82); one URN
 * may begin with another, so the longest that fits is meant.
 */
function splitSchema(type: ResourceType, text: string): { extension?: string; known: boolean; rest: string } {
  if (!text.includes(":")) return { known: true, rest: text };
  const behind = `${text.toLowerCase()}:`;
  const urn = urnsOf(type).find(({ prefix }) => behind.startsWith(prefix))?.urn;
  if (urn === undefined) return { known: false, rest: text };
  const rest = text.slice(urn.length + 1);
  return urn === type.schema.id ? { known: true, rest } : { extension: urn, known: true, rest };
}

/** The longest first. A type never changes while the program runs. */
function urnsOf(type: ResourceType): readonly { readonly urn: string; readonly prefix: string }[] {
  let urns = urnsOfTypes.get(type);
  if (urns === undefined) {
    urns = [type.schema.id, ...type.extensions.map(({ schema }) => schema.id)]
      .map((urn) => ({ urn, prefix: `${urn.toLowerCase()}:` }))
      .sort((a, b) => b.urn.length - a.urn.length);
    urnsOfTypes.set(type, urns);
  }
  return urns;
}

const urnsOfTypes = new WeakMap<ResourceType, readonly { readonly urn: string; readonly prefix: string }[]>();

function findTopLevel(
  type: ResourceType,
  extension: string | undefined,
  isBare: boolean,
  name: string,
): { extension?: string; attribute: Attribute } | undefined {
  if (extension === undefined) {
    const attribute = findAttribute(topLevelAttributes(type), name);
    if (attribute !== undefined) return { attribute };
    const owner = isBare ? attributeWithoutUrn(type, name) : undefined;
    return owner && { extension: owner.schema.id, attribute: owner.attribute };
  }
  const schema = type.extensions.find((one) => one.schema.id === extension)?.schema;
  const attribute = schema && findAttribute(schema.attributes, name);
  return attribute && { extension, attribute };
}

function subNames(attribute: Attribute): string {
  return elementAttributes(attribute)
    .map((sub) => sub.name)
    .join(", ");
}

function subAdvice(attribute: Attribute): string {
  return attribute.type === "complex" ? `it has: ${subNames(attribute)}` : "it has none";
}

/** `attrName` of the ABNF, and `$ref`. */
function isName(text: string): boolean {
  const start = text.startsWith("$") ? 1 : 0;
  if (!isLetter(text.charCodeAt(start))) return false;
  for (let i = start + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (!isLetter(code) && !isDigit(code) && code !== hyphen && code !== underscore) return false;
  }
  return true;
}

const hyphen = 45;
const underscore = 95;

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
