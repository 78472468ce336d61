/** The mapping of a tenant file, ready to use: its paths resolved against the user type. */
import { parsePath, type ResolvedPath } from "../scim/attribute-path.ts";
import { ScimError } from "../scim/error.ts";
import type { Attribute, ResourceType } from "../scim/schema.ts";
import { mappingHash } from "./mapping-hash.ts";
import type { MappedAttribute, Mapping } from "./tenant.ts";
import { formatKeyPath } from "./tenant-file-problem.ts";
import type { TenantSettings } from "./tenant-settings.ts";

/** The mapping, and a sentence for each path that could never give a value; with one of those it must not be used. */
export function compileMapping(
  userType: ResourceType,
  settings: TenantSettings["mapping"],
): { mapping: Mapping; problems: readonly string[] } {
  const problems: string[] = [];
  const attributes = Object.entries(settings.attributes).map(([name, attribute]): MappedAttribute => {
    const { from = [], constant, lowerCase, required, lookup } = attribute;
    const paths = [from].flat().flatMap((text, n) => {
      const place = ["mapping", "attributes", name, "from", ...(typeof from === "string" ? [] : [n])];
      const resolved = resolve(userType, text);
      if (typeof resolved !== "string") return resolved;
      problems.push(`${formatKeyPath(place)}: ${resolved}`);
      return [];
    });
    return { name, from: paths, ...(constant === undefined ? {} : { constant }), lowerCase, required, lookup };
  });
  return { mapping: { policy: settings.policy, hash: mappingHash(attributes), attributes }, problems };
}

/** The path, or why it cannot be mapped. */
function resolve(type: ResourceType, text: string): ResolvedPath | string {
  try {
    const path = parsePath(type, text);
    return whyNoValue(path) ?? path;
  } catch (error) {
    if (error instanceof ScimError) return error.message;
    throw error;
  }
}

function whyNoValue({ text, attribute, subAttribute }: ResolvedPath): string | undefined {
  const quoted = JSON.stringify(text);
  if (attribute === undefined) return `${quoted} is a whole extension; expected one of its attributes`;
  if ([attribute, subAttribute].some(isNeverKept)) {
    return `${quoted} is set by the server or never kept, so no user has a value there; expected an attribute that the identity provider sends`;
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
