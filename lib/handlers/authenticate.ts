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

const realm = 'Bearer realm="scim"';
/** Compared with when there is no such token, so that an unknown id costs what a wrong secret costs. */
const nobody = hashToken("");

/** 401: who was not let in, as far as it is known. */
export class NotLetIn extends ScimError {
  readonly why: RejectedWhy | Stranger["why"];
  /** Whose id was shown; absent: there is no such token. */
  readonly token: StoredToken | undefined;
  readonly tokenId: string | undefined;

  constructor(why: NotLetIn["why"], detail: string, shown: { token?: StoredToken | undefined; tokenId?: string } = {}) {
    // Without an error code when nothing was shown that could be wrong (RFC 6750 section 3.1).
    const challenge = why === "missing" ? realm : `${realm}, error="invalid_token"`;
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
const unknown = "the token is not known here, or was revoked; create one and paste it into the identity provider";

/**
 * The token that a request shows, found to be ours and alive; or the client whose access token it is.
 *
 * Errors: NotLetIn, a ScimError 401 with a challenge; TableError.
 */
export async function authenticate(door: Door, authorization = ""): Promise<StoredToken> {
  const text = bearer(authorization);
  if (text === undefined) {
    throw new NotLetIn(
      "missing",
      "this request shows no bearer token; send the header Authorization: Bearer rc_<id>_<secret>",
    );
  }
  const id = tokenId(text);
  if (id !== undefined) return await ownerOfToken(door, { id, text });
  const clientId = accessTokenClient(text);
  if (clientId !== undefined && door.tenant.oauth !== undefined) return await clientOfToken(door, { clientId, text });
  throw new NotLetIn(
    "malformed",
    isClientSecret(text)
      ? "this is the secret of an OAuth client, which is exchanged at /oauth/token for an access token; show that one here"
      : 'the token does not have the form "rc_<id>_<secret>"; copy it again, whole and without spaces',
  );
}

async function ownerOfToken({ table, clock }: Door, { id, text }: { id: string; text: string }): Promise<StoredToken> {
  const stored = await readToken(table, id);
  const shown = { token: stored, tokenId: id };
  if (!proves(text, stored)) throw new NotLetIn(stored === undefined ? "unknown" : "wrongSecret", unknown, shown);
  if (stored.revokedAt !== undefined) throw new NotLetIn("revoked", unknown, shown);
  if (!isAlive(stored, clock.now()))
    throw new NotLetIn(
      "expired",
      `the token "${id}" has expired; create one and paste it into the identity provider`,
      shown,
    );
  return stored;
}

/** One that has ended is no news: the client gets another. So it is noted of nobody; that the client was revoked is. */
async function clientOfToken(
  { table, clock }: Door,
  { clientId, text }: { clientId: string; text: string },
): Promise<StoredToken> {
  const { client, token } = await readAccessToken(table, { clientId, hash: hashToken(text) });
  if (client === undefined || token === undefined) throw new NotLetIn("unknown", unknown, { tokenId: clientId });
  if (client.revokedAt !== undefined) throw new NotLetIn("revoked", unknown, { token: client, tokenId: clientId });
  if (clock.now() >= token.expiresAt)
    throw new NotLetIn("expired", "the access token has expired; get another from /oauth/token", { tokenId: clientId });
  return client;
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
