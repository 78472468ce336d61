/**
 * API Gateway events as HTTP, and back: the only file that knows their shape.
 *
 * Source: API Gateway developer guide, "AWS Lambda proxy integrations for HTTP APIs", payload format 2.0.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { ScimError } from "../scim/error.ts";
import { limits } from "../scim/limits.ts";
import { pathBelowBase } from "./base-path.ts";
import { gzipped } from "./compression.ts";
import { answerType } from "./media-type.ts";
import { type Address, originOf } from "./origin.ts";

export interface HttpRequest {
  readonly method: string;
  /** Below the base URL: `/Users/1`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it came; read by `jsonBody`. */
  readonly body?: { readonly text: string; readonly isBase64: boolean };
  /** The gateway's own, never the client's. */
  readonly requestId: string;
  /** Public, without a slash at the end: `https://scim.example.com/scim/v2`. */
  readonly baseUrl: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Errors: ScimError 404 for a path that is not below the base URL. */
export function readEvent(event: APIGatewayProxyEventV2, address: Address = {}): HttpRequest {
  const { requestContext, isBase64Encoded: isBase64 } = event;
  const headers = lowerCaseNames(event.headers);
  const stage = requestContext.stage === "$default" ? "" : `/${requestContext.stage}`;
  return {
    method: methodOf(event),
    path: pathBelowBase(event.rawPath, stage),
    // Decoded here and only here: "+" is a space, "%2B" a plus (R118).
    query: new URLSearchParams(event.rawQueryString),
    headers,
    ...(event.body === undefined || event.body === "" ? {} : { body: { text: event.body, isBase64 } }),
    requestId: requestContext.requestId,
    baseUrl: `${originOf(requestContext.domainName, headers, address)}${address.publicUrl === undefined ? stage : ""}/scim/v2`,
  };
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** In upper case; `OTHER` for a word that is none of HTTP's usual ones: it is logged, and whoever sends it chose it. */
export function methodOf({ requestContext }: APIGatewayProxyEventV2): string {
  const method = requestContext.http.method.toUpperCase();
  return methods.has(method) ? method : "OTHER";
}

/** What an answer has to suit. */
export interface Asking {
  readonly method: string;
  readonly accept: string;
  readonly acceptEncoding: string;
}

export function askingOf(event: APIGatewayProxyEventV2): Asking {
  const headers = lowerCaseNames(event.headers);
  return {
    method: methodOf(event),
    accept: headers["accept"] ?? "",
    acceptEncoding: headers["accept-encoding"] ?? "",
  };
}

/** Errors: ScimError 400 `tooMany` when the answer is larger than Lambda can give, even in gzip if the client takes that. */
export function resultOf(
  { status, headers = {}, body }: HttpResponse,
  asking: Asking,
): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode: status, headers: { ...headers } };
  const text = JSON.stringify(body);
  const packed = gzipped(text, asking.acceptEncoding);
  if (isTooLarge(packed ?? text)) throw answerTooLarge();
  const all = {
    "content-type": answerType(asking.accept),
    vary: "Accept, Accept-Encoding",
    ...(packed === undefined ? {} : { "content-encoding": "gzip" }),
    ...headers,
  };
  // HEAD: the headers of the GET, and nothing else (RFC 9110 section 9.3.2).
  if (asking.method === "HEAD") return { statusCode: status, headers: all };
  return { statusCode: status, headers: all, body: packed ?? text, isBase64Encoded: packed !== undefined };
}

export function errorResult(error: ScimError, asking: Asking): APIGatewayProxyStructuredResultV2 {
  return resultOf({ status: error.status, headers: error.headers, body: error.body() }, asking);
}

/** The body is a text within Lambda's own JSON: each quotation mark counts twice there, and nothing more than that. */
function isTooLarge(body: string): boolean {
  const isSurelySmall = 2 * Buffer.byteLength(body) + 2 <= limits.answerBytes;
  return !isSurelySmall && Buffer.byteLength(JSON.stringify(body)) > limits.answerBytes;
}

function answerTooLarge(): ScimError {
  const detail = `the answer has more than ${limits.answerBytes} bytes; ask with excludedAttributes=members, with a smaller count, or with Accept-Encoding: gzip`;
  return new ScimError(400, "tooMany", detail);
}

/** For what is answered before, or without, reading the whole event. */
export function headerOf({ headers }: APIGatewayProxyEventV2, name: string): string | undefined {
  return lowerCaseNames(headers)[name];
}

/** HTTP APIs give lower-case names already; emulators and tests may not. */
export function lowerCaseNames(headers: APIGatewayProxyEventV2["headers"]): HttpRequest["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
