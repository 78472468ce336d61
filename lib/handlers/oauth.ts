/**
 * The oauth function: `POST /oauth/token`, where an identity provider gets an access token for its own credentials.
 *
 * Source: RFC 6749 section 4.4. Its answers are OAuth's, not SCIM's.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { putAccessToken } from "../provisioning/access-token.ts";
import { noteCredentialUse } from "../provisioning/client.ts";
import { patientReads } from "../provisioning/patient-reads.ts";
import { TableError } from "../provisioning/ports.ts";
import type { Provisioning } from "../provisioning/state.ts";
import { forgetWrongSecrets, noteWrongSecret, readClientAsked } from "../provisioning/wrong-secrets.ts";
import { hashToken, newAccessToken } from "../token.ts";
import { namedIn } from "./client-assertion.ts";
import { evidence } from "./evidence.ts";
import { lowerCaseNames, methodOf } from "./http.ts";
import { AddressRefused, mayAsk } from "./may-ask.ts";
import { notLetIn, provenClient } from "./oauth-client.ts";
import { ClientNotLetIn, OAuthError } from "./oauth-error.ts";
import { originOf } from "./origin.ts";
import { sourceNetwork } from "./source-network.ts";
import { errorForLog, type Telemetry } from "./telemetry.ts";
import { type Proof, readTokenRequest } from "./token-request.ts";
import { withoutValues } from "./without-values.ts";

export const tokenPath = "/oauth/token";

/** All of SCIM; there is no other. */
const scope = "scim";

export interface OAuthOptions {
  /** Of a tenant without `oauth` every client is refused. */
  readonly provisioning: Pick<Provisioning, "table" | "clock" | "chance" | "tenant">;
  /** Where the identity provider reaches us; absent: where the request came to. */
  readonly publicUrl?: string;
  readonly telemetry: Telemetry;
}

export type OAuthHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

export function createOAuthHandler(options: OAuthOptions): OAuthHandler {
  const { provisioning, telemetry } = options;
  const checkAddress = mayAsk(provisioning.tenant);
  const { notLetIn: noteNotLetIn } = evidence(provisioning);

  async function answer(event: APIGatewayProxyEventV2, known: Known): Promise<object> {
    checkAddress(event);
    if (methodOf(event) !== "POST")
      throw new OAuthError("invalid_request", `${tokenPath} takes POST only`, {
        status: 405,
        headers: { allow: "POST" },
      });
    return await tokenFor(options, event, readTokenRequest(event), known);
  }

  return withoutValues(telemetry, "not answered", async (event) => {
    const { requestId } = event.requestContext;
    const startedAt = performance.now();
    const known: Known = {};
    const result = await answer(event, known).then(
      (body) => resultOf(200, body),
      async (error: unknown) => {
        const refusal = refusalOf(error, requestId);
        if (refusal.status >= 500) telemetry.logger.error("not answered", { requestId, ...errorForLog(error) });
        if (refusal instanceof ClientNotLetIn && refusal.shown !== undefined)
          await noteNotLetIn(refusal.shown, requestId);
        return resultOf(refusal.status, { error: refusal.code, error_description: refusal.message }, refusal.headers);
      },
    );
    const ms = Math.round(performance.now() - startedAt);
    const { statusCode: status } = result;
    telemetry.logger.info("answered", {
      requestId,
      method: methodOf(event),
      route: tokenPath,
      status,
      ms,
      tokenId: known.clientId,
    });
    telemetry.flush();
    return result;
  });
}

/** For the log: an id that there is. */
interface Known {
  clientId?: string;
}

/** Errors: OAuthError; TableError. */
async function tokenFor(
  { provisioning, publicUrl }: OAuthOptions,
  event: APIGatewayProxyEventV2,
  proof: Proof,
  known: Known,
): Promise<object> {
  const { table, clock, tenant } = provisioning;
  const { oauth } = tenant;
  if (oauth === undefined) throw new OAuthError("unauthorized_client", "the tenant file has no oauth");
  const now = clock.now();
  const network = sourceNetwork(event.requestContext.http.sourceIp);
  const clientId = clientIdIn(proof);
  const asked = await readClientAsked(patientReads(provisioning), { clientId, network, now });
  const { client, wrong, waitSeconds } = asked;
  if (waitSeconds > 0) throw tooManyWrong(waitSeconds);
  if (client !== undefined) known.clientId = clientId;
  const origin = originOf(event.requestContext.domainName, lowerCaseNames(event.headers), {
    ...(publicUrl !== undefined && { publicUrl }),
    trustsProxy: tenant.trustsProxy === true,
  });
  const audiences = [origin, `${origin}/`, `${origin}${tokenPath}`];
  try {
    const { credential, assertion, client: proven } = await provenClient({ clientId, client, proof, audiences, now });
    const text = newAccessToken(clientId);
    const expiresAt = now + oauth.tokenMinutes * 60_000;
    // Given out only when it is stored, and an assertion only once.
    if (!(await putAccessToken(table, { hash: hashToken(text), clientId, expiresAt }, assertion)))
      throw notLetIn({ why: "wrongSecret", token: proven, tokenId: clientId });
    await Promise.all([
      noteCredentialUse(table, proven, credential, now),
      ...(wrong === undefined ? [] : [forgetWrongSecrets(table, network)]),
    ]);
    return { access_token: text, token_type: "Bearer", expires_in: oauth.tokenMinutes * 60, scope };
  } catch (error) {
    if (error instanceof ClientNotLetIn) await noteWrongSecret(table, { network, wrong, now });
    throw error;
  }
}

/** A text that is no id of ours has a place, too, where nothing stands: so it costs as much as an id that is unknown. */
function clientIdIn(proof: Proof): string {
  const id = proof.clientId ?? (proof.kind === "assertion" ? namedIn(proof.assertion) : undefined) ?? "";
  return /^[a-z0-9]{3,32}$/.test(id) ? id : "-";
}

function tooManyWrong(waitSeconds: number): OAuthError {
  return new OAuthError("temporarily_unavailable", `too many wrong secrets came from there; wait ${waitSeconds} s`, {
    status: 429,
    headers: { "retry-after": String(waitSeconds) },
  });
}

function refusalOf(error: unknown, requestId: string): OAuthError {
  if (error instanceof OAuthError) return error;
  const cause = { cause: error };
  if (error instanceof AddressRefused) {
    return new OAuthError("unauthorized_client", error.message, { ...cause, status: 403 });
  }
  if (error instanceof TableError) {
    const description = "the store did not take the request in time; send it again, with a new assertion if it has one";
    return new OAuthError("temporarily_unavailable", description, {
      ...cause,
      status: 503,
      headers: { "retry-after": "2" },
    });
  }
  const description = `a fault of ours; tell your operator the request id ${requestId}`;
  return new OAuthError("server_error", description, { ...cause, status: 500 });
}

function resultOf(
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  const fixed = { "content-type": "application/json", "cache-control": "no-store", pragma: "no-cache" };
  return { statusCode, headers: { ...fixed, ...headers }, body: JSON.stringify(body) };
}
