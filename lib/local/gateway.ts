/**
 * A gateway on node:http that does to a request what API Gateway's HTTP APIs do: the same handler runs behind both.
 *
 * Source: API Gateway developer guide, payload format 2.0; measured: a body that is not text comes in base64.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { bodyTooLarge } from "../handlers/json-body.ts";
import { type Asking, errorResult } from "../handlers/http.ts";
import { ScimError } from "../scim/error.ts";
import { invocation } from "./context.ts";

export type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** What API Gateway takes; the handler's own limit is lower. Units: bytes. */
const bodyBytesMost = 10 * 1024 * 1024;
/** As long as the deployed function has. */
const handlerSeconds = 28;

/** For what is answered without an event. */
const anybody: Asking = { method: "GET", accept: "", acceptEncoding: "" };

interface GatewayOptions {
  /** By the path, as a route of API Gateway has it; all others go to the handler of the API. */
  readonly routes?: Readonly<Record<string, Handler>>;
  /** X-Forwarded-Proto is that of a proxy in front; otherwise it is ours, as it is API Gateway's. */
  readonly trustsProxy?: boolean;
}

/** Not listening yet. */
export function gateway(handler: Handler, options: GatewayOptions = {}): Server {
  return createServer({ requestTimeout: 60_000 }, (request, response) => {
    answer(handler, request, options)
      .catch(() => errorResult(new ScimError(500, undefined, "the gateway failed"), anybody))
      .then((result) => send(response, result))
      // The client went away.
      .catch(() => response.destroy());
  });
}

async function answer(
  handler: Handler,
  request: IncomingMessage,
  { routes = {}, ...options }: GatewayOptions,
): Promise<APIGatewayProxyStructuredResultV2> {
  const body = await bodyOf(request);
  if (body === undefined) return errorResult(bodyTooLarge(), anybody);
  const event = eventOf(request, body, options);
  return event === undefined
    ? errorResult(
        new ScimError(
          400,
          "invalidSyntax",
          "the path is not well-formed: a % is not followed by two hex digits of UTF-8",
        ),
        anybody,
      )
    : await (routes[event.rawPath] ?? handler)(event, invocation("api", handlerSeconds));
}

/** Undefined when there is more than API Gateway takes. It is read to its end all the same: a client that still sends does not see an answer. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyBytesMost) chunks.push(chunk);
  }
  return bytes > bodyBytesMost ? undefined : Buffer.concat(chunks);
}

/** Undefined for a path that cannot be decoded. */
function eventOf(
  request: IncomingMessage,
  body: Buffer,
  { trustsProxy = false }: GatewayOptions,
): APIGatewayProxyEventV2 | undefined {
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  const rawPath = decoded(path);
  if (rawPath === undefined) return undefined;
  const headers = joined(request);
  const isText = isTextType(headers["content-type"]);
  const { address, port } = addressOf(request);
  const domainName = headers["host"] ?? `${address}:${port}`;
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString: query.join("?"),
    headers: { ...headers, "x-forwarded-proto": (trustsProxy && headers["x-forwarded-proto"]) || "http" },
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      domainName,
      domainPrefix: "local",
      http: {
        method: request.method ?? "GET",
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: new Date().toISOString(),
      timeEpoch: Date.now(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** `+json` is no text to API Gateway. */
function isTextType(contentType = ""): boolean {
  return /^(?:text\/|application\/(?:json|javascript|xml)\b)/i.test(contentType);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Repeated headers become one, with commas, as API Gateway does it. */
function joined({ headers }: IncomingMessage): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return all;
}

function addressOf({ socket }: IncomingMessage): { address: string; port: number } {
  return { address: socket.localAddress ?? "127.0.0.1", port: socket.localPort ?? 0 };
}

function send(
  response: ServerResponse,
  { statusCode = 500, headers = {}, body, isBase64Encoded = false }: APIGatewayProxyStructuredResultV2,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  response.statusCode = statusCode;
  response.end(body === undefined || !isBase64Encoded ? body : Buffer.from(body, "base64"));
}
