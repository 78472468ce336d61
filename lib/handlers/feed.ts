/**
 * The feed function: `GET /events` for the tenant's application.
 *
 * It reads and never writes. Whoever waits costs a small read a second.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import type { FeedPage } from "../events/feed-page.ts";
import { patientReads } from "../provisioning/patient-reads.ts";
import type { Provisioning } from "../provisioning/state.ts";
import { ScimError } from "../scim/error.ts";
import { authenticate } from "./authenticate.ts";
import { scimErrorOf } from "./error-answer.ts";
import { answerOf, hasNothing, pageAfter, placeAsked, waitedFor } from "./feed-answer.ts";
import { type FeedCursors, feedCursors } from "./feed-cursor.ts";
import { feedRequest } from "./feed-request.ts";
import { askingOf, headerOf, type HttpResponse, methodOf, resultOf } from "./http.ts";
import { mayAsk } from "./may-ask.ts";
import { problemResult } from "./problem.ts";
import { errorForLog, type Telemetry } from "./telemetry.ts";
import { withoutValues } from "./without-values.ts";

export interface FeedOptions {
  readonly feed: Pick<Provisioning, "table" | "clock" | "chance" | "tenant">;
  readonly telemetry: Telemetry;
  /** The server is about to end: nobody waits any longer. */
  readonly isEnding?: () => boolean;
}

export type FeedHandler = (
  event: APIGatewayProxyEventV2,
  context: Pick<Context, "getRemainingTimeInMillis">,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** For the log. */
interface Facts {
  tokenId?: string;
  page?: FeedPage;
}

const allow = "GET, HEAD, OPTIONS";
/** So early before its time-out the function answers whoever waits. */
const answerMsBeforeEnd = 2_000;
const gapsLogged = 20;

export function createFeedHandler(options: FeedOptions): FeedHandler {
  const { telemetry } = options;
  const answer = answering(options);
  return withoutValues(telemetry, "not answered", async (event, context) => {
    const { requestId } = event.requestContext;
    const [asking, startedAt] = [askingOf(event), performance.now()];
    const facts: Facts = {};
    let result: APIGatewayProxyStructuredResultV2;
    try {
      result = resultOf(await answer(event, context, facts), asking);
    } catch (error) {
      const told = scimErrorOf(error, requestId);
      if (told.status >= 500) telemetry.logger.error("not answered", { requestId, ...errorForLog(error) });
      result = problemResult(told, asking);
    }
    tell(telemetry, facts, {
      requestId,
      method: methodOf(event),
      status: result.statusCode,
      ms: Math.round(performance.now() - startedAt),
    });
    return result;
  });
}

type Answering = (...given: [...Parameters<FeedHandler>, facts: Facts]) => Promise<HttpResponse>;

/** Errors, of what it returns: ScimError 400, 401, 403, 405, 410; TableError. */
function answering({ feed, isEnding = () => false }: FeedOptions): Answering {
  const { clock, tenant } = feed;
  const checkAddress = mayAsk(tenant);
  // It is the same for as long as the function lives.
  let known: FeedCursors | undefined;
  return async (event, context, facts) => {
    checkAddress(event);
    const patient = { ...feed, table: patientReads(feed) };
    const letIn = async () => await authenticate(patient, headerOf(event, "authorization"), "events");
    facts.tokenId = (await letIn()).id;
    const method = methodOf(event);
    if (method === "OPTIONS") return { status: 204, headers: { allow } };
    if (method !== "GET" && method !== "HEAD") throw wrongMethod();
    const request = feedRequest(new URLSearchParams(event.rawQueryString));
    const { limit, waitSeconds } = request;
    const cursors = (known ??= await feedCursors(patient.table, tenant.name));
    const place = await placeAsked({ ...patient, cursors }, request);
    const first = await pageAfter(patient, place, limit);
    const waitUntil = method === "HEAD" ? 0 : clock.now() + waitSeconds * 1_000;
    const page = await waitedFor(feed, { place, limit, first }, (ms) => {
      const isTime = clock.now() + ms <= waitUntil && ms + answerMsBeforeEnd < context.getRemainingTimeInMillis();
      return isTime && !isEnding();
    });
    // Meanwhile the token may have been revoked.
    if (page !== first && !hasNothing(page)) await letIn();
    facts.page = page;
    return answerOf(page, cursors);
  };
}

function wrongMethod(): ScimError {
  return new ScimError(405, undefined, `/events takes ${allow} only`, { headers: { allow } });
}

interface Line {
  readonly requestId: string;
  readonly method: string;
  readonly status: number | undefined;
  readonly ms: number;
}

function tell({ logger, count, flush }: Telemetry, { tokenId, page }: Facts, line: Line): void {
  logger.info("answered", { ...line, route: "/events", tokenId, events: page?.events.length });
  if (page !== undefined && page.gaps.length > 0) {
    const { requestId } = line;
    logger.error("the feed has gaps", { requestId, positions: page.gaps.slice(0, gapsLogged), gaps: page.gaps.length });
    count("FeedGaps", page.gaps.length);
  }
  flush();
}
