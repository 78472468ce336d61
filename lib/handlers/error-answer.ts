/** Whatever was thrown, as the answer to a SCIM client (RFC 7644 section 3.12). */
import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { TableError } from "../provisioning/ports.ts";
import { ScimError } from "../scim/error.ts";
import { askingOf, errorResult } from "./http.ts";
import { errorForLog, type Telemetry } from "./telemetry.ts";

type Errors = MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

export function scimErrors({ logger }: Telemetry): Errors {
  return {
    onError: (request) => {
      const { requestId } = request.event.requestContext;
      const error = scimErrorOf(request.error, requestId);
      if (error.status >= 500 && error.status !== 501)
        logger.error("not answered", { requestId, ...errorForLog(request.error) });
      request.response = errorResult(error, askingOf(request.event));
    },
  };
}

export function scimErrorOf(error: unknown, requestId: string): ScimError {
  if (error instanceof ScimError) return error;
  const cause = { cause: error };
  if (error instanceof TableError && error.kind === "newer") {
    const detail =
      "this was stored by a newer release of the service, which is to be deployed again; tell your operator, and send the request again";
    return new ScimError(503, undefined, detail, { ...cause, headers: { "retry-after": "60" } });
  }
  if (error instanceof TableError) {
    // Identity providers come back after a 503, and give a user up after some 500s (R95).
    const detail = "the store did not take the request in time; send it again";
    return new ScimError(503, undefined, detail, { ...cause, headers: { "retry-after": "2" } });
  }
  return new ScimError(500, undefined, `a fault of ours; tell your operator the request id ${requestId}`, cause);
}
