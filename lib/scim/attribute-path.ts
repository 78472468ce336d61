/**
 * Attribute paths: how SCIM names a place in a resource.
 *
 * Source: RFC 7644 section 3.10, and `PATH` in the ABNF of section 3.5.2.
 */
import { formatName, quote, resolveName } from "./attribute-name.ts";
import { ScimError } from "./error.ts";
import { type Cursor, type Filter, readValueFilter, refuseLongText } from "./filter.ts";
import { tokenize } from "./filter-lexer.ts";
import { formatFilter } from "./filter-text.ts";
import { limits } from "./limits.ts";
import type { Attribute, ResourceType } from "./schema.ts";

/** A place in a resource, such as `emails[type eq "work"].value`. */
export interface ResolvedPath {
  /** URN, in the schema's spelling. Absent: a core or common attribute. */
  readonly extension?: string;
  /** Absent: the whole extension. */
  readonly attribute?: Attribute;
  /** Which elements of the attribute; its paths are names of sub-attributes. */
  readonly filter?: Filter;
  readonly subAttribute?: Attribute;
  /** As written, for messages. */
  readonly text: string;
}

/**
 * Reads a path of a resource type.
 *
 * Errors: ScimError 400 `invalidPath` for what is no path or names what the schemas do not have (D17), 400 `invalidFilter`
 * and 403 `sensitive` for the filter in it.
 *
 * @example
 * parsePath(userType, "addresses[type eq \"work\"].Formatted").subAttribute?.name; // "formatted"
 */
export function parsePath(type: ResourceType, text: string): ResolvedPath {
  refuseLongText(text, limits.patchPathCharacters, "invalidPath");
  const tokens = tokenize(text, text.includes("[") ? "invalidFilter" : "invalidPath");
  const [name, bracket] = tokens;
  if (name?.kind !== "word") throw invalid(text, "does not begin with the name of an attribute");
  const path = { ...resolveName({ type }, name.text, "invalidPath"), text };
  if (bracket?.kind === "end") return path;
  if (bracket?.kind !== "[") throw invalid(text, "is more than one name; write name.subAttribute or urn:name");
  if (path.attribute === undefined || path.subAttribute !== undefined) {
    throw invalid(
      text,
      'has "[" behind what has no list of values; brackets stand between attribute and sub-attribute',
    );
  }
  const cursor: Cursor = { tokens, index: 2 };
  const filter = readValueFilter(cursor, type, path.attribute, 0);
  return { ...path, filter, ...readSubAttribute(cursor, { type, parent: path.attribute }, text) };
}

/** The path in the schema's spelling; reading it again gives the same place. */
export function formatPath(path: ResolvedPath): string {
  if (path.filter === undefined) return formatName(path);
  const { subAttribute, ...whole } = path;
  const chosen = `${formatName(whole)}[${formatFilter(path.filter)}]`;
  return subAttribute === undefined ? chosen : `${chosen}.${subAttribute.name}`;
}

/** What stands behind the brackets: nothing, or a dot and a name without a space before it. */
function readSubAttribute(
  { tokens, index }: Cursor,
  scope: { type: ResourceType; parent: Attribute },
  text: string,
): { subAttribute?: Attribute } {
  const token = tokens[index];
  if (token?.kind === "end") return {};
  const isLast = tokens[index + 1]?.kind === "end";
  if (token?.kind !== "word" || !token.text.startsWith(".") || token.at !== tokens[index - 1]?.to || !isLast) {
    throw invalid(text, 'goes on behind "]"; only a dot and the name of a sub-attribute may stand there');
  }
  const { attribute } = resolveName(scope, token.text.slice(1), "invalidPath");
  // The `value` of a plain value is the value itself.
  return attribute === undefined || scope.parent.type !== "complex" ? {} : { subAttribute: attribute };
}

function invalid(text: string, why: string): ScimError {
  return new ScimError(400, "invalidPath", `path: ${quote(text)} ${why}`);
}
