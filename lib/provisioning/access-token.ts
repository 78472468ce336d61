/**
 * Access tokens: what an OAuth client shows in place of its secret, for as many minutes as the tenant file says. Only a hash
 * is stored, and it is the key; the client's item says whether the client may still come in.
 */
import { clientOf, type StoredClient } from "./client.ts";
import { number } from "./head.ts";
import { accessTokenKey, assertionKey, tokenKey } from "./keys.ts";
import { type Put, type Table, TableError } from "./ports.ts";

export interface AccessToken {
  /** SHA-256 of the whole token, in hex. */
  readonly hash: string;
  readonly clientId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** An assertion that a client has signed. */
export interface UsedAssertion {
  /** SHA-256 of its `jti`, in hex. */
  readonly hash: string;
  /** Milliseconds since 1970: from then on it is refused anyway. */
  readonly goodUntil: number;
}

/** What has ended is known for so long, so that whoever shows it is told so. */
const keptSeconds = 86_400;

/**
 * Stores it, and that the assertion which it was given for was used.
 *
 * False when the assertion was used before; nothing is stored then. Errors: TableError.
 */
export async function putAccessToken(
  table: Table,
  { hash, clientId, expiresAt }: AccessToken,
  assertion?: UsedAssertion,
): Promise<boolean> {
  // `expires` is for the table's clean-up, which is late; `expiresAt` is what counts.
  const attributes = { expiresAt, expires: Math.ceil(expiresAt / 1000) + keptSeconds };
  const token: Put = { kind: "put", key: accessTokenKey(hash), attributes };
  if (assertion === undefined) {
    await table.write(token);
    return true;
  }
  const once: Put = {
    kind: "put",
    key: assertionKey(clientId, assertion.hash),
    attributes: { expires: Math.ceil(assertion.goodUntil / 1000) + 1 },
    if: [{ is: "absent" }],
  };
  try {
    await table.transact([once, token]);
    return true;
  } catch (error) {
    if (error instanceof TableError && error.kind === "condition") return false;
    throw error;
  }
}

/** The client that a token names, and the token; in one read. Errors: TableError. */
export async function readAccessToken(
  table: Table,
  { hash, clientId }: Pick<AccessToken, "hash" | "clientId">,
): Promise<{ client: StoredClient | undefined; token: AccessToken | undefined }> {
  const [clientItem, item] = await table.batchGet([tokenKey(clientId), accessTokenKey(hash)]);
  const expiresAt = item && number(item.attributes, "expiresAt");
  // The hash is of the whole text, the client's id included: another client's token has another one.
  return {
    client: clientOf(clientItem),
    token: expiresAt === undefined ? undefined : { hash, clientId, expiresAt },
  };
}
