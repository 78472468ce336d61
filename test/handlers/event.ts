/** Events as API Gateway's HTTP APIs shape them (payload format 2.0). */
import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

export interface Asked {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** An object is sent as JSON, bytes as they are. */
  readonly body?: object | string | Uint8Array;
  /** As the gateway gives `application/scim+json`: the default. */
  readonly base64?: boolean;
  readonly stage?: string;
  readonly domainName?: string;
  /** Where the connection comes from. */
  readonly sourceIp?: string;
}

/** `target`: path below the host, with its query string, as a client writes it. */
export function apiEvent(method: string, target: string, asked: Asked = {}): APIGatewayProxyEventV2 {
  const [path = "/", rawQueryString = ""] = target.split("?");
  const rawPath = decodeURIComponent(path);
  const { body, base64 = true, stage = "$default", domainName = "scim.example.com", sourceIp = "192.0.2.1" } = asked;
  const bytes = body === undefined ? undefined : bytesOf(body);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    headers: defined({ "content-type": bytes === undefined ? undefined : "application/scim+json", ...asked.headers }),
    requestContext: {
      accountId: "123456789012",
      apiId: "api",
      domainName,
      domainPrefix: "api",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp, userAgent: "test" },
      requestId: randomUUID(),
      routeKey: "$default",
      stage,
      time: "24/Nov/2026:00:00:00 +0000",
      timeEpoch: 1_795_478_400_000,
    },
    ...(bytes === undefined ? {} : { body: bytes.toString(base64 ? "base64" : "utf8") }),
    isBase64Encoded: bytes !== undefined && base64,
  };
}

function bytesOf(body: object | string | Uint8Array): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function defined(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent[name] = value;
  return sent;
}
