/** The scim function: an API Gateway event in, an answer out; every fault becomes a SCIM error (R91). */
import middyCore from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { patientReads } from "../provisioning/patient-reads.ts";
import type { Provisioning } from "../provisioning/state.ts";
import { ScimError } from "../scim/error.ts";
import { authenticate } from "./authenticate.ts";
import { callerEvidence } from "./caller-evidence.ts";
import { scimErrors } from "./error-answer.ts";
import { askingOf, headerOf, readEvent, resultOf } from "./http.ts";
import { mayAsk } from "./may-ask.ts";
import { type Facts, type FactsOf, requestLog } from "./request-log.ts";
import { findRoute } from "./router.ts";
import { routesOf } from "./routes.ts";
import type { Telemetry } from "./telemetry.ts";
import { withoutValues } from "./without-values.ts";

export interface ApiOptions {
  readonly provisioning: Provisioning;
  /** Where the identity provider reaches us, without `/scim/v2`; absent: where the request came to. */
  readonly publicUrl?: string;
  readonly telemetry: Telemetry;
}

export type ApiHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** So early before its time-out the function still answers, in words of its own. */
const answerMsBeforeEnd = 500;

export function createApiHandler({ provisioning, publicUrl, telemetry }: ApiOptions): ApiHandler {
  const routes = routesOf(provisioning.tenant);
  const address = {
    ...(publicUrl !== undefined && { publicUrl }),
    trustsProxy: provisioning.tenant.trustsProxy === true,
  };
  const facts: FactsOf = new WeakMap();
  const checkAddress = mayAsk(provisioning.tenant);
  const handler = middyCore<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
    timeoutEarlyInMillis: answerMsBeforeEnd,
    timeoutEarlyResponse: () => {
      throw new ScimError(503, undefined, "there was no answer in time; send the request again", {
        headers: { "retry-after": "2" },
      });
    },
  })
    .use(requestLog(telemetry, facts))
    .use(scimErrors(telemetry))
    .use(callerEvidence(provisioning, facts, telemetry))
    .handler(async (event: APIGatewayProxyEventV2, context: Context) => {
      const known: Facts = facts.get(event) ?? { startedAt: performance.now() };
      checkAddress(event);
      const patient = { ...provisioning, table: patientReads(provisioning) };
      known.token = await authenticate(patient, headerOf(event, "authorization"));
      const { id: tokenId, idp: dialect } = known.token;
      const request = readEvent(event, address);
      known.request = request;
      const found = findRoute(routes, request);
      if ("allow" in found) return resultOf({ status: 204, headers: { allow: found.allow } }, askingOf(event));
      const { route, id } = found;
      known.route = route;
      const remainingMs = () => context.getRemainingTimeInMillis();
      const writeBefore = provisioning.clock.now() + remainingMs() - answerMsBeforeEnd;
      const caller = { requestId: request.requestId, tokenId, writeBefore, ...(dialect !== undefined && { dialect }) };
      const answer = await route.handle(request, {
        provisioning: patient,
        caller,
        id,
        remainingMs,
      });
      if (answer.change !== undefined) known.change = answer.change;
      if (answer.operations !== undefined) known.operations = answer.operations;
      if (answer.notKept !== undefined) known.notKept = answer.notKept;
      if (answer.missed !== undefined) known.missed = answer.missed;
      return resultOf(answer, askingOf(event));
    });
  return withoutValues(telemetry, "not answered", handler);
}
