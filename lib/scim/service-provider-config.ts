/**
 * What this server can do.
 *
 * Source: RFC 7643 section 5; RFC 9865 section 4 for `pagination`. Only what works is announced (R5); numbers are there
 * even where nothing is supported, because clients parse them regardless (R4).
 */
import { cursorSeconds } from "./cursor.ts";
import type { JsonObject } from "./json.ts";
import { limits } from "./limits.ts";

const schema = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

/** `takesOAuth`: clients may get access tokens for their credentials. */
export function serviceProviderConfig(baseUrl: string, { takesOAuth = false } = {}): JsonObject {
  return {
    schemas: [schema],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: limits.bulkOperations, maxPayloadSize: limits.bulkBytes },
    filter: { supported: true, maxResults: limits.pageSizeMost },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    // Clients that say nothing about paging get what they know (R9, R55).
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      defaultPageSize: limits.pageSize,
      maxPageSize: limits.pageSizeMost,
      cursorTimeout: cursorSeconds,
    },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "A token that an operator makes with the command rollcall, sent in the Authorization header",
        specUri: "https://www.rfc-editor.org/info/rfc6750",
        primary: true,
      },
      ...(takesOAuth ? [clientCredentials] : []),
    ],
    meta: { resourceType: "ServiceProviderConfig", location: `${baseUrl}/ServiceProviderConfig` },
  };
}

/** The access token is shown as a bearer token, which therefore stays the primary scheme. */
const clientCredentials = {
  type: "oauth2",
  name: "OAuth 2.0 client credentials",
  description:
    "An access token for a while, from /oauth/token of the same host, for the id and the secret or key of a client that an operator makes with the command rollcall",
  specUri: "https://www.rfc-editor.org/info/rfc6749",
  primary: false,
};
