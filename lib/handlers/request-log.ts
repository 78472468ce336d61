/** One line a request, and its metrics. The route's template, not the path; no query: filters hold e-mail addresses (R122). */
import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { StoredToken } from "../provisioning/token.ts";
import { type HttpRequest, methodOf } from "./http.ts";
import type { Answer, OperationTold, Route } from "./router.ts";
import { errorForLog, type Telemetry } from "./telemetry.ts";

type Log = MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;
type Request = Parameters<NonNullable<Log["after"]>>[0];

/** What is known of a request so far: an error may come before any of it is. */
export interface Facts {
  readonly startedAt: number;
  token?: StoredToken;
  request?: HttpRequest;
  route?: Route;
  change?: NonNullable<Answer["change"]>;
  operations?: readonly OperationTold[];
  missed?: NonNullable<Answer["missed"]>;
  notKept?: NonNullable<Answer["notKept"]>;
}

export type FactsOf = WeakMap<APIGatewayProxyEventV2, Facts>;

const writes = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Stands first, so that it sees the answer that the others made. */
export function requestLog(telemetry: Telemetry, factsOf: FactsOf): Log {
  const end = ({ event, response }: Request): void => {
    const { requestId } = event.requestContext;
    const method = methodOf(event);
    const known: Facts = factsOf.get(event) ?? { startedAt: performance.now() };
    const { startedAt, change, operations } = known;
    const status = response?.statusCode ?? 500;
    const ms = Math.round(performance.now() - startedAt);
    telemetry.logger.info("answered", {
      requestId,
      method,
      route: known.route?.template,
      status,
      ms,
      tokenId: known.token?.id,
      ...change,
    });
    const refused = writes.has(method) && status >= 400 && status < 500;
    for (const one of operations ?? [{ requestId, ...(change && { change }) }]) tell(telemetry, one);
    if (operations === undefined && refused) telemetry.count("Refused");
    telemetry.flush();
  };
  return {
    before: ({ event }) => void factsOf.set(event, { startedAt: performance.now() }),
    after: end,
    onError: end,
  };
}

function tell(
  telemetry: Telemetry,
  { requestId, change, error, fault }: Pick<OperationTold, "requestId" | "change" | "error" | "fault">,
): void {
  if (fault !== undefined) telemetry.logger.error("not answered", { requestId, ...errorForLog(fault) });
  if (change?.enqueued === false)
    telemetry.logger.warn("accepted, but the lane did not take the pointer: the sweep sends it", { requestId });
  if (change !== undefined) telemetry.count(change.accepted ? "Accepted" : "Unchanged");
  if (error !== undefined && fault === undefined) telemetry.count("Refused");
}
