/**
 * Who asks: bearer tokens (RFC 6750), checked here and not in the gateway, whose own answers are no SCIM errors (R120). They
 * are static tokens, or access tokens that an OAuth client got for its secret: then it is the client who asks.
 */
import { readAccessToken } from "../provisioning/access-token.ts";
import type { RejectedWhy, Stranger } from "../provisioning/contact.ts";
import { isAlive, readToken, type StoredToken } from "../provisioning/token.ts";
import type { Clock, Table } from "../provisioning/ports.ts";
import type { Tenant } from "../provisioning/tenant.ts";
import { ScimError } from "../scim/error.ts";
import { accessTokenClient, equalHashes, hashToken, isClientSecret, tokenId } from "../token.ts";

export type TokenUse = NonNullable<StoredToken["use"]> | "scim";

const realms = { scim: 'Bearer realm="scim"', events: 'Bearer realm="events"' } as const;
/** What is to be done with another token. */
const cures = {
  scim: "create one and paste it into the identity provider",
  events: "create one with: npx rollcall token create --for events",
} as const;
/** Compared with when there is no such token, so that an unknown id costs what a wrong secret costs. */
const nobody = hashToken("");

/** 401: who was not let in, as far as it is known. */
export class NotLetIn extends ScimError {
  readonly why: RejectedWhy | Stranger["why"];
  /** Whose id was shown; absent: there is no such token. */
  readonly token: StoredToken | undefined;
  readonly tokenId: string | undefined;

  constructor(
    why: NotLetIn["why"],
    detail: string,
    use: TokenUse,
    shown: { token?: StoredToken | undefined; tokenId?: string } = {},
  ) {
    // Without an error code when nothing was shown that could be wrong (RFC 6750 section 3.1).
    const challenge = why === "missing" ? realms[use] : `${realms[use]}, error="invalid_token"`;
    super(401, undefined, detail, { headers: { "www-authenticate": challenge } });
    this.why = why;
    this.token = shown.token;
    this.tokenId = shown.tokenId;
  }
}

export interface Door {
  readonly table: Table;
  readonly clock: Clock;
  readonly tenant: Tenant;
}

// An unknown id, a wrong secret and a revoked token get the same answer: a guesser does not learn which ids there are.
const unknown = (use: TokenUse) => `the token is not known here, or was revoked; ${cures[use]}`;

/**
 * The token that a request shows, found to be ours, alive, and made for this use; or the client whose access token it is.
 *
 * Errors: NotLetIn, a ScimError 401 with a challenge; ScimError 403 for a token of another use; TableError.
 */
export async function authenticate(door: Door, authorization = "", use: TokenUse = "scim"): Promise<StoredToken> {
  const text = bearer(authorization);
  if (text === undefined) {
    throw new NotLetIn(
      "missing",
      "this request shows no bearer token; send the header Authorization: Bearer rc_<id>_<secret>",
      use,
    );
  }
  const id = tokenId(text);
  if (id !== undefined) return await ownerOfToken(door, { id, text }, use);
  const clientId = accessTokenClient(text);
  if (clientId !== undefined && use === "scim" && door.tenant.oauth !== undefined)
    return await clientOfToken(door, { clientId, text });
  throw new NotLetIn("malformed", malformedDetail(text, use), use);
}

/** By its form alone: whose it is, or whether there is one, is not said. */
function malformedDetail(text: string, use: TokenUse): string {
  const isAccessToken = accessTokenClient(text) !== undefined;
  if (use === "events" && (isAccessToken || isClientSecret(text)))
    return `OAuth clients are identity providers, and the feed of events has tokens of its own; ${cures.events}`;
  if (isAccessToken) return 'the tenant takes no access tokens: its tenant file has no "oauth"; show a token here';
  if (isClientSecret(text))
    return "this is the secret of an OAuth client, which is exchanged at /oauth/token for an access token; show that one here";
  return 'the token does not have the form "rc_<id>_<secret>"; copy it again, whole and without spaces';
}

async function ownerOfToken(
  { table, clock }: Door,
  { id, text }: { id: string; text: string },
  use: TokenUse,
): Promise<StoredToken> {
  const stored = await readToken(table, id);
  const shown = { token: stored, tokenId: id };
  if (!proves(text, stored))
    throw new NotLetIn(stored === undefined ? "unknown" : "wrongSecret", unknown(use), use, shown);
  if (stored.revokedAt !== undefined) throw new NotLetIn("revoked", unknown(use), use, shown);
  if (!isAlive(stored, clock.now()))
    throw new NotLetIn("expired", `the token "${id}" has expired; ${cures[use]}`, use, shown);
  if ((stored.use ?? "scim") !== use) throw otherUse(use);
  return stored;
}

/** One that has ended is no news: the client gets another. So it is noted of nobody; that the client was revoked is. */
async function clientOfToken(
  { table, clock }: Door,
  { clientId, text }: { clientId: string; text: string },
): Promise<StoredToken> {
  const use = "scim";
  const { client, token } = await readAccessToken(table, { clientId, hash: hashToken(text) });
  if (client === undefined || token === undefined)
    throw new NotLetIn("unknown", unknown(use), use, { tokenId: clientId });
  if (client.revokedAt !== undefined)
    throw new NotLetIn("revoked", unknown(use), use, { token: client, tokenId: clientId });
  if (clock.now() >= token.expiresAt)
    throw new NotLetIn("expired", "the access token has expired; get another from /oauth/token", use, {
      tokenId: clientId,
    });
  return client;
}

/** Only whoever proves a token learns what it is for (RFC 6750 section 3.1). */
function otherUse(use: TokenUse): ScimError {
  const found = use === "scim" ? "reads the feed of events, and nothing else" : "is one of an identity provider";
  const headers = { "www-authenticate": `${realms[use]}, error="insufficient_scope"` };
  return new ScimError(403, undefined, `this token ${found}; ${cures[use]}`, { headers });
}

/** The id of a token, or of a client, in what has our form; it may be anybody's, or nobody's. */
export function shownTokenId(authorization = ""): string | undefined {
  const text = bearer(authorization) ?? "";
  return tokenId(text) ?? accessTokenClient(text);
}

/** A client's item has no hash of this kind: no text is equal to that. */
function proves(text: string, stored: StoredToken | undefined): stored is StoredToken {
  const isEqual = equalHashes(hashToken(text), stored?.hash || nobody);
  return isEqual && stored !== undefined;
}

/** The scheme in any case (RFC 7235 section 2.1). */
function bearer(authorization: string): string | undefined {
  const [scheme = "", ...parts] = authorization.trim().split(/ +/);
  return scheme.toLowerCase() === "bearer" && parts.length > 0 ? parts.join(" ") : undefined;
}
