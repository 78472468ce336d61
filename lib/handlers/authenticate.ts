/** Who asks: bearer tokens (RFC 6750), checked here and not in the gateway, whose own answers are no SCIM errors (R120). */
import { isAlive, readToken, type StoredToken } from "../provisioning/token.ts";
import type { Clock, Table } from "../provisioning/ports.ts";
import { ScimError } from "../scim/error.ts";
import { equalHashes, hashToken, tokenId } from "../token.ts";

const realm = 'Bearer realm="scim"';
/** Compared with when there is no such token, so that an unknown id costs what a wrong secret costs. */
const nobody = hashToken("");

/**
 * The token that a request shows, found to be ours and alive.
 *
 * Errors: ScimError 401 with a challenge; TableError.
 */
export async function authenticate(
  { table, clock }: { table: Table; clock: Clock },
  authorization = "",
): Promise<StoredToken> {
  const text = bearer(authorization);
  if (text === undefined) throw missing();
  const id = tokenId(text);
  if (id === undefined)
    throw invalid('the token does not have the form "rc_<id>_<secret>"; copy it again, whole and without spaces');
  const stored = await readToken(table, id);
  // An unknown id and a wrong secret get the same answer: a guesser does not learn which ids there are.
  if (!proves(text, stored))
    throw invalid("the token is not known here, or was revoked; create one and paste it into the identity provider");
  if (!isAlive(stored, clock.now()))
    throw invalid(`the token "${id}" has expired; create one and paste it into the identity provider`);
  return stored;
}

function proves(text: string, stored: StoredToken | undefined): stored is StoredToken {
  return equalHashes(hashToken(text), stored?.hash ?? nobody) && stored !== undefined;
}

/** The scheme in any case (RFC 7235 section 2.1). */
function bearer(authorization: string): string | undefined {
  const [scheme = "", ...parts] = authorization.trim().split(/ +/);
  return scheme.toLowerCase() === "bearer" && parts.length > 0 ? parts.join(" ") : undefined;
}

/** Without an error code: nothing was shown that could be wrong (RFC 6750 section 3.1). */
function missing(): ScimError {
  const detail = "this request shows no bearer token; send the header Authorization: Bearer rc_<id>_<secret>";
  return new ScimError(401, undefined, detail, { headers: { "www-authenticate": realm } });
}

function invalid(detail: string): ScimError {
  return new ScimError(401, undefined, detail, { headers: { "www-authenticate": `${realm}, error="invalid_token"` } });
}
