/** Paths that a profile attribute can be made from. */
import { parsePath, type ResolvedPath } from "../scim/attribute-path.ts";
import { ScimError } from "../scim/error.ts";
import type { Attribute, ResourceType } from "../scim/schema.ts";

/** The path, or why it could never give a value. */
export function mappablePath(type: ResourceType, text: string): ResolvedPath | string {
  try {
    const path = parsePath(type, text);
    if (type.hasMembers && path.attribute?.name === "members") return apart(text);
    return whyNoValue(path) ?? path;
  } catch (error) {
    if (error instanceof ScimError) return error.message;
    throw error;
  }
}

function apart(text: string): string {
  return `${JSON.stringify(text)} is kept apart from the group; expected another attribute, as the application reads members by themselves`;
}

function whyNoValue({ text, attribute, subAttribute }: ResolvedPath): string | undefined {
  const quoted = JSON.stringify(text);
  if (attribute === undefined) return `${quoted} is a whole extension; expected one of its attributes`;
  if ([attribute, subAttribute].some(isNeverKept)) {
    return `${quoted} is set by the server or never kept, so there never is a value; expected an attribute that the identity provider sends`;
  }
  const last = subAttribute ?? attribute;
  if (last.type !== "complex") return undefined;
  const names = (last.subAttributes ?? []).map((sub) => sub.name).join(", ");
  return `${quoted} has parts and no value of its own; expected one of its sub-attributes: ${names}`;
}

/** Such as `id`, `meta`, `groups` and `password`: they are not in a stored resource. */
function isNeverKept(attribute: Attribute | undefined): boolean {
  return attribute?.mutability === "readOnly" || attribute?.mutability === "writeOnly";
}
