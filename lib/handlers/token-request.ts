/**
 * What a client asks the token endpoint for, and how it proves who it is.
 *
 * Source: RFC 6749 sections 2.3.1 and 4.4.2; RFC 7521 section 4.2, RFC 7523 section 2.2 for assertions. A scope may be asked
 * for and decides nothing: there is one, which the answer names.
 */
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { headerOf } from "./http.ts";
import { ClientNotLetIn, invalidRequest, OAuthError } from "./oauth-error.ts";

export type Proof =
  | { readonly kind: "secret"; readonly clientId: string; readonly secret: string }
  /** `clientId`: absent where the assertion alone names the client. */
  | { readonly kind: "assertion"; readonly clientId?: string; readonly assertion: string };

const formType = "application/x-www-form-urlencoded";
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** An assertion has one or two. Units: bytes. */
const bodyBytesMost = 16_384;

/** Errors: OAuthError `invalid_request`, `unsupported_grant_type`; ClientNotLetIn when nothing proves anything. */
export function readTokenRequest(event: APIGatewayProxyEventV2): Proof {
  const parameters = formOf(event);
  const grantType = parameters.get("grant_type");
  if (grantType === undefined) throw invalidRequest("grant_type is missing; send grant_type=client_credentials");
  if (grantType !== "client_credentials") {
    const description = "grant_type is not client_credentials, which is the only one here, in lower case";
    throw new OAuthError("unsupported_grant_type", description);
  }
  return proofOf(parameters, headerOf(event, "authorization"));
}

function proofOf(parameters: ReadonlyMap<string, string>, authorization: string | undefined): Proof {
  const [clientId, secret] = [parameters.get("client_id"), parameters.get("client_secret")];
  const [assertion, type] = [parameters.get("client_assertion"), parameters.get("client_assertion_type")];
  const ways = [authorization, secret, assertion ?? type].filter((way) => way !== undefined);
  if (ways.length > 1)
    throw invalidRequest(
      "the client proves itself in more than one way; use one of the header Authorization: Basic, client_secret, and client_assertion",
    );
  if (authorization !== undefined) return basicProof(authorization, clientId);
  if (assertion !== undefined || type !== undefined) {
    if (type !== assertionType) throw invalidRequest(`client_assertion_type is not ${assertionType}`);
    if (assertion === undefined) throw invalidRequest("client_assertion is missing");
    return { kind: "assertion", assertion, ...(clientId !== undefined && { clientId }) };
  }
  if (secret !== undefined && clientId === undefined)
    throw invalidRequest("client_id is missing; it stands beside client_secret");
  if (secret === undefined || clientId === undefined)
    throw new ClientNotLetIn(
      "nothing proves who the client is; send its id and secret in the header Authorization: Basic, or as client_id and client_secret in the body, or a client_assertion",
    );
  return { kind: "secret", clientId, secret };
}

/** Id and secret are each in the form's own encoding (RFC 6749 section 2.3.1); many clients leave that out, which is the same for ours. */
function basicProof(authorization: string, clientId: string | undefined): Proof {
  const [scheme = "", credentials = "", ...rest] = authorization.trim().split(/ +/);
  if (scheme.toLowerCase() !== "basic" || credentials === "" || rest.length > 0)
    throw new ClientNotLetIn("the header Authorization has not the form Basic, followed by id and secret in base64");
  const text = Buffer.from(credentials, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const id = decoded(colon === -1 ? text : text.slice(0, colon));
  if (clientId !== undefined && clientId !== id)
    throw invalidRequest("client_id in the body is another one than in the header Authorization");
  return { kind: "secret", clientId: id, secret: colon === -1 ? "" : decoded(text.slice(colon + 1)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** Each parameter at most once; one without a value is as if it were not there (RFC 6749 section 3.2). */
function formOf(event: APIGatewayProxyEventV2): ReadonlyMap<string, string> {
  checkType(headerOf(event, "content-type") ?? "");
  const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > bodyBytesMost) throw invalidRequest(`the body has more than ${bodyBytesMost} bytes`, 413);
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(bytes.toString("utf8"))) {
    if (seen.has(name)) throw invalidRequest("a parameter stands in the body more than once");
    seen.add(name);
    if (value !== "") parameters.set(name, value);
  }
  return parameters;
}

function checkType(contentType: string): void {
  const [type = "", ...attributes] = contentType.split(";").map((part) => part.trim().toLowerCase());
  if (type !== formType) throw invalidRequest(`the content type is not ${formType}`);
  const charset = attributes.find((one) => one.startsWith("charset="))?.slice("charset=".length);
  if (charset !== undefined && charset.replaceAll('"', "") !== "utf-8")
    throw invalidRequest("the charset of the body is not UTF-8");
}
