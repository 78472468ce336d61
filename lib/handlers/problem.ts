/**
 * Errors of what is not SCIM, as problem details.
 *
 * Source: RFC 9457; without a type, the status says what kind it is (section 4.2.1).
 */
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { ScimError } from "../scim/error.ts";
import { type Asking, resultOf } from "./http.ts";

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  405: "Method Not Allowed",
  410: "Gone",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

export function problemResult(
  { status, message, headers }: ScimError,
  asking: Asking,
): APIGatewayProxyStructuredResultV2 {
  const body = { title: titles[status] ?? "Error", status, detail: message };
  const own = { "content-type": "application/problem+json", vary: "Accept-Encoding", "cache-control": "no-store" };
  return resultOf({ status, headers: { ...own, ...headers }, body }, asking);
}
