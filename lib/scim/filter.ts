/**
 * Filters: which resources, or which elements of an attribute, are meant.
 *
 * A filter is resolved against its resource type while it is read, so that what comes out can be evaluated without
 * another look at names: `emails eq` has become `emails.value eq`, `active eq "True"` compares with `true`.
 *
 * Source: RFC 7644 section 3.4.2.2. Precedence: brackets, `not`, `and`, `or`.
 */
import type { ResolvedPath } from "./attribute-path.ts";
import { quote, resolveFilterName, type Scope } from "./attribute-name.ts";
import { compareOperators, type CompareOperator, comparison } from "./comparison.ts";
import { goesOnBehindBrackets } from "./dialects/entra.ts";
import { ScimError } from "./error.ts";
import { tokenize, type Token } from "./filter-lexer.ts";
import { limits } from "./limits.ts";
import type { Attribute, ResourceType } from "./schema.ts";

export type Filter =
  | { readonly kind: "and" | "or"; readonly filters: readonly Filter[] }
  | { readonly kind: "not"; readonly filter: Filter }
  | Comparison
  | { readonly kind: "present"; readonly path: ResolvedPath }
  /** One element of the attribute at `path` fits `filter`, whose paths are names of sub-attributes (R35). */
  | { readonly kind: "valuePath"; readonly path: ResolvedPath; readonly filter: Filter };

export interface Comparison {
  readonly kind: "compare";
  readonly path: ResolvedPath;
  readonly op: CompareOperator;
  readonly value: string | number | boolean | null;
}

/** The tokens that are still to be read. */
export interface Cursor {
  readonly tokens: readonly Token[];
  index: number;
}

/**
 * Reads a filter over resources of a type.
 *
 * Errors: ScimError 400 `invalidFilter`, with the position and the cure; 403 `sensitive` for what is never returned (R125).
 */
export function parseFilter(type: ResourceType, text: string): Filter {
  refuseLongText(text, limits.filterCharacters, "invalidFilter");
  const cursor: Cursor = { tokens: tokenize(text, "invalidFilter"), index: 0 };
  const filter = readOr(cursor, { type }, 0);
  const rest = peek(cursor);
  if (rest.kind !== "end") throw unexpected(rest, '"and", "or" or the end');
  return filter;
}

/** Reads `[...]`: what the elements of an attribute are asked. The cursor stands behind the opening bracket. */
export function readValueFilter(cursor: Cursor, type: ResourceType, parent: Attribute, depth: number): Filter {
  if (!parent.multiValued) {
    throw invalid(`${quote(parent.name)} has no list of values to choose from; write ${parent.name}.subAttribute`);
  }
  const filter = readOr(cursor, { type, parent }, depth + 1);
  const closing = take(cursor);
  if (closing.kind !== "]") throw unexpected(closing, '"and", "or" or "]"');
  return filter;
}

/** Units of `most`: characters. Errors: ScimError 400, of the given kind. */
export function refuseLongText(text: string, most: number, kind: "invalidFilter" | "invalidPath"): void {
  if (text.length <= most) return;
  const what = kind === "invalidFilter" ? "filter" : "path";
  throw new ScimError(400, kind, `a ${what} has at most ${most} characters, found ${text.length}; make several`);
}

function readOr(cursor: Cursor, scope: Scope, depth: number): Filter {
  // Each level of brackets is a level of calls here and wherever the filter is evaluated.
  if (depth > limits.filterDepth)
    throw invalid(`brackets are nested more than ${limits.filterDepth} deep; write it flatter`);
  const filters = [readAnd(cursor, scope, depth)];
  while (takeWord(cursor, "or")) filters.push(readAnd(cursor, scope, depth));
  return joined("or", filters);
}

function readAnd(cursor: Cursor, scope: Scope, depth: number): Filter {
  const filters = [readTerm(cursor, scope, depth)];
  while (takeWord(cursor, "and")) filters.push(readTerm(cursor, scope, depth));
  return joined("and", filters);
}

function joined(kind: "and" | "or", filters: readonly Filter[]): Filter {
  const [only] = filters;
  return filters.length === 1 && only !== undefined ? only : { kind, filters };
}

function readTerm(cursor: Cursor, scope: Scope, depth: number): Filter {
  const token = take(cursor);
  if (token.kind === "(") return readGroup(cursor, scope, depth);
  if (token.kind !== "word") throw unexpected(token, 'an attribute, "not" or "("');
  const next = peek(cursor);
  if (next.kind === "(" && token.text.toLowerCase() === "not") {
    cursor.index += 1;
    return { kind: "not", filter: readGroup(cursor, scope, depth) };
  }
  if (next.kind === "[" && scope.parent === undefined) return readValuePath(cursor, scope, token, depth);
  return readExpression(cursor, scope, token.text);
}

/** What stands in round brackets; the cursor stands behind the opening one. */
function readGroup(cursor: Cursor, scope: Scope, depth: number): Filter {
  const filter = readOr(cursor, scope, depth + 1);
  const closing = take(cursor);
  if (closing.kind !== ")") throw unexpected(closing, '"and", "or" or ")"');
  return filter;
}

function readValuePath(cursor: Cursor, scope: Scope, name: Token, depth: number): Filter {
  cursor.index += 1;
  const path = resolveFilterName(scope, name.text);
  if (path.attribute === undefined || path.subAttribute !== undefined) {
    throw invalid(
      `${quote(name.text)} cannot be followed by "["; brackets stand behind an attribute with a list of values`,
    );
  }
  refuseSecret(path);
  const filter = readValueFilter(cursor, scope.type, path.attribute, depth);
  const behind = peek(cursor);
  if (!goesOnBehindBrackets(cursor.tokens[cursor.index - 1], behind)) return { kind: "valuePath", path, filter };
  cursor.index += 1;
  const more = readExpression(cursor, { type: scope.type, parent: path.attribute }, behind.text.slice(1));
  const filters = filter.kind === "and" ? [...filter.filters, more] : [filter, more];
  return { kind: "valuePath", path, filter: { kind: "and", filters } };
}

/** `name op value` or `name pr`; the cursor stands behind the name. */
function readExpression(cursor: Cursor, scope: Scope, name: string): Filter {
  const path = resolveFilterName(scope, name);
  refuseSecret(path);
  const token = take(cursor);
  const op = token.kind === "word" ? token.text.toLowerCase() : "";
  if (op === "pr") return { kind: "present", path };
  const known = compareOperators.find((operator) => operator === op);
  if (known === undefined) throw unexpected(token, `an operator (${compareOperators.join(", ")} or pr)`);
  const value = take(cursor);
  if (value.kind !== "text" && value.kind !== "word") throw unexpected(value, "a value");
  return comparison(path, known, value);
}

/** A filter on what is never returned would be an oracle for it. */
function refuseSecret({ attribute, subAttribute }: ResolvedPath): void {
  const secret = [attribute, subAttribute].find((part) => part?.returned === "never");
  if (secret === undefined) return;
  throw new ScimError(
    403,
    "sensitive",
    `${quote(secret.name)} is secret and cannot be searched; leave it out of the filter`,
  );
}

function peek(cursor: Cursor): Token {
  const token = cursor.tokens[cursor.index] ?? cursor.tokens.at(-1);
  if (token === undefined) throw new Error("a list of tokens ends with its end");
  return token;
}

function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.index += 1;
  return token;
}

function takeWord(cursor: Cursor, word: string): boolean {
  const token = peek(cursor);
  const isIt = token.kind === "word" && token.text.toLowerCase() === word;
  if (isIt) cursor.index += 1;
  return isIt;
}

function unexpected(token: Token, expected: string): ScimError {
  const found = token.kind === "end" ? "the end" : quote(token.text);
  return invalid(`found ${found} at position ${token.at + 1}, expected ${expected}`);
}

function invalid(why: string): ScimError {
  return new ScimError(400, "invalidFilter", `filter: ${why}`);
}
