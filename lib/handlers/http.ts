/**
 * API Gateway events as HTTP, and back: the only file that knows their shape.
 *
 * Source: API Gateway developer guide, "AWS Lambda proxy integrations for HTTP APIs", payload format 2.0.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { ScimError } from "../scim/error.ts";
import { answerType } from "./media-type.ts";
import { pathBelowBase } from "./base-path.ts";

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

/**
 * Below the 6 MB (1,048,576 bytes each) that Lambda answers with. The body is a JSON text within its JSON, where each
 * quotation mark counts twice: in a list of users that is a fifth more.
 */
const answerBytesMost = 6_200_000;

/** Errors: ScimError 404 for a path that is not below the base URL. */
export function readEvent(event: APIGatewayProxyEventV2, publicUrl?: string): HttpRequest {
  const { requestContext, isBase64Encoded: isBase64 } = event;
  const headers = lowerCaseNames(event.headers);
  const stage = requestContext.stage === "$default" ? "" : `/${requestContext.stage}`;
  return {
    method: requestContext.http.method.toUpperCase(),
    path: pathBelowBase(event.rawPath, stage),
    // Decoded here and only here: "+" is a space, "%2B" a plus (R118).
    query: new URLSearchParams(event.rawQueryString),
    headers,
    ...(event.body === undefined || event.body === "" ? {} : { body: { text: event.body, isBase64 } }),
    requestId: requestContext.requestId,
    baseUrl: `${publicUrl ?? `${scheme(headers)}://${requestContext.domainName}${stage}`}/scim/v2`,
  };
}

/** Errors: ScimError 400 `tooMany` when the answer is larger than Lambda can give. */
export function resultOf({ status, headers = {}, body }: HttpResponse, accept = ""): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode: status, headers: { ...headers } };
  const text = JSON.stringify(body);
  if (Buffer.byteLength(JSON.stringify(text)) > answerBytesMost) throw answerTooLarge();
  return { statusCode: status, headers: { "content-type": answerType(accept), ...headers }, body: text };
}

export function errorResult(error: ScimError, accept = ""): APIGatewayProxyStructuredResultV2 {
  return resultOf({ status: error.status, headers: error.headers, body: error.body() }, accept);
}

function answerTooLarge(): ScimError {
  const detail = `the answer has more than ${answerBytesMost} bytes; ask with excludedAttributes=members, or with a smaller count`;
  return new ScimError(400, "tooMany", detail);
}

/** For what is answered before, or without, reading the whole event. */
export function headerOf({ headers }: APIGatewayProxyEventV2, name: string): string | undefined {
  return lowerCaseNames(headers)[name];
}

/** API Gateway overwrites what a client sends here. */
function scheme(headers: HttpRequest["headers"]): "http" | "https" {
  return headers["x-forwarded-proto"] === "http" ? "http" : "https";
}

/** HTTP APIs give lower-case names already; emulators and tests may not. */
function lowerCaseNames(headers: APIGatewayProxyEventV2["headers"]): HttpRequest["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
