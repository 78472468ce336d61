/** Tokens as they are stored: who may provision. Several may be alive at once, so that they can be rotated without a gap (R121). */
import { defined, number, text } from "./head.ts";
import { tenantPartition, tokenKey } from "./keys.ts";
import { type Item, type Table, TableError } from "./ports.ts";
import { queryAll } from "./query-all.ts";

/** Times are milliseconds since 1970. */
export interface StoredToken {
  readonly id: string;
  /** SHA-256 of the whole token, in hex. */
  readonly hash: string;
  readonly label: string;
  readonly createdAt: number;
  /** Absent: it lives until it is revoked. */
  readonly expiresAt?: number;
  /** To the minute. */
  readonly lastUsedAt?: number;
}

const tokenPrefix = "Token#";
const usedEveryMs = 60_000;
/** An expired token is still listed for so long, so that "why did it stop?" has an answer. */
const keptSeconds = 30 * 86_400;

export async function readToken(table: Table, id: string): Promise<StoredToken | undefined> {
  const item = await table.get(tokenKey(id));
  return item && tokenOf(item);
}

/** All tokens, expired ones included, by id. */
export async function listTokens(table: Table): Promise<StoredToken[]> {
  const tokens: StoredToken[] = [];
  const range = { table: "scim" as const, pk: tenantPartition, from: tokenPrefix, to: `${tokenPrefix}~` };
  for await (const item of queryAll(table, range)) tokens.push(tokenOf(item));
  return tokens;
}

/** Stores a token in place of any other with its id. */
export async function putToken(table: Table, { id, expiresAt, ...token }: StoredToken): Promise<void> {
  // `expires` is for the table's clean-up, which is late by days (trap 9); `expiresAt` is what counts.
  const end = expiresAt === undefined ? {} : { expiresAt, expires: Math.ceil(expiresAt / 1000) + keptSeconds };
  await table.write({ kind: "put", key: tokenKey(id), attributes: { ...token, ...end } });
}

/** False when there was none. */
export async function removeToken(table: Table, id: string): Promise<boolean> {
  try {
    await table.write({ kind: "delete", key: tokenKey(id), if: [{ is: "present" }] });
    return true;
  } catch (error) {
    if (error instanceof TableError && error.kind === "condition") return false;
    throw error;
  }
}

export function isAlive(token: StoredToken, now: number): boolean {
  return token.expiresAt === undefined || now < token.expiresAt;
}

/** Notes that a token was used, at most once a minute. A use that could not be noted is no reason to refuse a request. */
export async function noteUse(table: Table, token: StoredToken, now: number): Promise<void> {
  const { id, lastUsedAt } = token;
  if (lastUsedAt !== undefined && now - lastUsedAt < usedEveryMs) return;
  const asRead =
    lastUsedAt === undefined
      ? ({ is: "missing", attribute: "lastUsedAt" } as const)
      : ({ is: "equal", attribute: "lastUsedAt", value: lastUsedAt } as const);
  try {
    // `present`: a token that was revoked a moment ago must not come back as half an item.
    await table.write({ kind: "update", key: tokenKey(id), if: [{ is: "present" }, asRead], set: { lastUsedAt: now } });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
  }
}

function tokenOf({ sk, attributes: a }: Item): StoredToken {
  return {
    id: sk.slice(tokenPrefix.length),
    hash: text(a, "hash") ?? "",
    label: text(a, "label") ?? "",
    createdAt: number(a, "createdAt") ?? 0,
    ...defined({ expiresAt: number(a, "expiresAt"), lastUsedAt: number(a, "lastUsedAt") }),
  };
}
