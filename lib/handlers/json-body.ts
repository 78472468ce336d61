/** The body of a request as JSON. HTTP APIs hand `application/scim+json` over in base64, as they do with anything that is not text (R114). */
import { ScimError } from "../scim/error.ts";
import { limits } from "../scim/limits.ts";
import type { HttpRequest } from "./http.ts";
import { checkContentEncoding, checkContentType } from "./media-type.ts";

/** Errors: ScimError 400 `invalidSyntax`, 413, 415. */
export function jsonBody({ headers, body }: HttpRequest): unknown {
  if (body === undefined) throw invalidSyntax("the request has no body; send a JSON object");
  checkContentEncoding(headers["content-encoding"]);
  checkContentType(headers["content-type"]);
  const bytes = Buffer.from(body.text, body.isBase64 ? "base64" : "utf8");
  if (bytes.length > limits.bodyBytes) throw bodyTooLarge();
  const text = decode(bytes);
  checkDepth(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidSyntax(`the body is not JSON${position(error)}`);
  }
}

export function bodyTooLarge(): ScimError {
  const detail = `the body has more than ${limits.bodyBytes} bytes; send a large group's members in several PATCH requests`;
  return new ScimError(413, undefined, detail);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalidSyntax("the body is not UTF-8");
  }
}

/** What follows walks the body by recursion. Before it is parsed: one pass over the text, in which only brackets outside of strings count. */
function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth > limits.bodyDepth) throw invalidSyntax(`the body is nested deeper than ${limits.bodyDepth} levels`);
  }
}

/** The parser's own message may quote the body, which may hold a password; only the place is told. */
function position(error: unknown): string {
  const place = /at position \d+(?: \(line \d+ column \d+\))?/.exec(error instanceof Error ? error.message : "");
  return place === null ? "" : `: error ${place[0]}`;
}

function invalidSyntax(detail: string): ScimError {
  return new ScimError(400, "invalidSyntax", detail);
}
