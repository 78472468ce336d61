/**
 * The words of a filter or a path: names, operators, quoted values, brackets.
 *
 * Source: the ABNF of RFC 7644 section 3.4.2.2; quoted values are JSON strings (RFC 8259).
 */
import { ScimError, type ScimType } from "./error.ts";

export interface Token {
  /** `text` is a quoted value, `word` everything that stands without quotes, `end` the end of the input. */
  readonly kind: "word" | "text" | "(" | ")" | "[" | "]" | "end";
  /** Of a `text`: the value, with its escapes undone. */
  readonly text: string;
  /** Offset of the first character. */
  readonly at: number;
  /** Offset after the last character. */
  readonly to: number;
}

/**
 * Cuts a text into tokens, in one pass.
 *
 * Errors: ScimError 400, of the given kind, for a quoted value that is not a JSON string.
 */
export function tokenize(input: string, kind: ScimType): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < input.length) {
    const character = input.charAt(at);
    if (isSpace(character)) {
      at += 1;
      continue;
    }
    const token = tokenAt(input, at, character, kind);
    tokens.push(token);
    at = token.to;
  }
  tokens.push({ kind: "end", text: "", at, to: at });
  return tokens;
}

function tokenAt(input: string, at: number, character: string, kind: ScimType): Token {
  if (character === "(" || character === ")" || character === "[" || character === "]") {
    return { kind: character, text: character, at, to: at + 1 };
  }
  if (character === '"') {
    const to = endOfText(input, at, kind);
    return { kind: "text", text: unescape(input.slice(at, to), at, kind), at, to };
  }
  let to = at + 1;
  while (to < input.length && !endsWord(input.charCodeAt(to))) to += 1;
  return { kind: "word", text: input.slice(at, to), at, to };
}

/** The offset after the closing quote: the first one that no backslash escapes. */
function endOfText(input: string, at: number, kind: ScimType): number {
  for (let i = at + 1; i < input.length; i += 1) {
    const character = input.charAt(i);
    if (character === "\\") i += 1;
    else if (character === '"') return i + 1;
  }
  throw new ScimError(400, kind, `the quoted value at position ${at + 1} does not end; put a " behind it`);
}

function unescape(quoted: string, at: number, kind: ScimType): string {
  try {
    return String(JSON.parse(quoted));
  } catch (cause) {
    const cure = String.raw`write \" for a quote, \\ for a backslash, \n and \uXXXX for other characters`;
    throw new ScimError(400, kind, `the quoted value at position ${at + 1} is not a JSON string; ${cure}`, { cause });
  }
}

/** By code, because it is asked of each character of a URN: white space, a quote, or a bracket ends a word. */
function endsWord(code: number): boolean {
  switch (code) {
    case 0x20: // space, tab, line feed, carriage return
    case 0x09:
    case 0x0a:
    case 0x0d:
    case 0x22: // " ( ) [ ]
    case 0x28:
    case 0x29:
    case 0x5b:
    case 0x5d:
      return true;
    default:
      return false;
  }
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}
