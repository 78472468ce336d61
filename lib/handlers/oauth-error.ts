/**
 * What the token endpoint answers when it gives no token.
 *
 * Source: RFC 6749 section 5.2. Descriptions hold neither quotation marks nor backslashes, which the RFC forbids there.
 */
import type { NotLetIn } from "./authenticate.ts";

export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "unsupported_grant_type"
  | "unauthorized_client"
  // The RFC has these two for another endpoint, and none for a server that cannot answer.
  | "temporarily_unavailable"
  | "server_error";

export class OAuthError extends Error {
  readonly code: OAuthErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: OAuthErrorCode,
    description: string,
    options: { status?: number; headers?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(description, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "OAuthError";
    this.code = code;
    this.status = options.status ?? 400;
    this.headers = options.headers ?? {};
  }
}

export function invalidRequest(description: string, status = 400): OAuthError {
  return new OAuthError("invalid_request", description, { status });
}

/** 401: the client did not prove itself. */
export class ClientNotLetIn extends OAuthError {
  /** Absent: nothing was shown that could be wrong. */
  readonly shown: Pick<NotLetIn, "why" | "token" | "tokenId"> | undefined;

  constructor(description: string, shown?: ClientNotLetIn["shown"]) {
    // A 401 has a challenge (RFC 9110 section 15.5.2), and Basic is what clients can answer.
    super("invalid_client", description, { status: 401, headers: { "www-authenticate": 'Basic realm="oauth"' } });
    this.shown = shown;
  }
}
