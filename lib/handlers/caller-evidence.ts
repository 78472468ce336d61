/** Leaves the evidence of each request, also of one whose handler failed or took too long. */
import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { Provisioning } from "../provisioning/state.ts";
import { ScimError } from "../scim/error.ts";
import { NotLetIn } from "./authenticate.ts";
import { idpOf } from "./caller-idp.ts";
import { scimErrorOf } from "./error-answer.ts";
import { evidence, type Seen } from "./evidence.ts";
import { methodOf } from "./http.ts";
import { jsonBody } from "./json-body.ts";
import { type Named, namedBy } from "./named.ts";
import { AddressRefused } from "./may-ask.ts";
import type { Facts, FactsOf } from "./request-log.ts";
import { errorForLog, type Telemetry } from "./telemetry.ts";

type Middleware = MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;
type Request = Parameters<NonNullable<Middleware["after"]>>[0];

/** Stands behind the making of error answers, so that it sees what was thrown. */
export function callerEvidence(provisioning: Provisioning, factsOf: FactsOf, { logger }: Telemetry): Middleware {
  const { answered, addressRefused, notLetIn } = evidence(provisioning);
  const leave = async ({ event, error }: Request): Promise<void> => {
    if (error instanceof AddressRefused) return await addressRefused(error, event.requestContext.requestId);
    if (error instanceof NotLetIn) return await notLetIn(error, event.requestContext.requestId);
    const known = factsOf.get(event);
    if (known?.token === undefined) return;
    const idp = known.token.idp === undefined && known.request !== undefined ? idpOf(known.request) : undefined;
    await answered(known.token, seenIn(event, known, error), idp);
  };
  // A change that is durable by now is not answered with a 500 because nobody could note that it came.
  const end = async (request: Request): Promise<void> => {
    await leave(request).catch((error: unknown) => {
      const { requestId } = request.event.requestContext;
      logger.error("answered, but no evidence was left", { requestId, ...errorForLog(error) });
    });
  };
  return { after: end, onError: end };
}

function seenIn(event: APIGatewayProxyEventV2, known: Facts, thrown: unknown): Seen[] {
  const { requestId } = event.requestContext;
  const { route, operations, change, missed, notKept } = known;
  const whole = {
    requestId,
    method: methodOf(event),
    ...(route !== undefined && { template: route.template }),
    ...(route?.type !== undefined && { type: route.type }),
  };
  if (thrown !== null && thrown !== undefined)
    return [{ ...whole, error: scimErrorOf(thrown, requestId), named: namedIn(known) }];
  if (operations === undefined)
    return [{ ...whole, ...(change && { change }), ...(missed && { missed }), ...(notKept && { notKept }) }];
  return operations.map((one) => ({
    ...one,
    template: one.type === undefined ? "/Bulk" : `/Bulk ${one.type.endpoint}`,
  }));
}

/** A request that failed is read once more: only then is it asked whom it was about. */
function namedIn({ route, request }: Facts): Named[] {
  if (route?.type === undefined || request === undefined) return [];
  const id = route.template.endsWith("/{id}") ? (request.path.split("/").at(-1) ?? "") : "";
  return namedBy(route.type, id, bodyOf(request));
}

function bodyOf(request: NonNullable<Facts["request"]>): unknown {
  try {
    return jsonBody(request);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}
