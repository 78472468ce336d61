/** Tokens as they are stored: who may provision. Several may be alive at once, so that they can be rotated without a gap (R121). */
import { type Contact, contactOf } from "./contact.ts";
import { defined, number, text } from "./head.ts";
import { tenantPartition, tokenKey } from "./keys.ts";
import type { Item, Table } from "./ports.ts";
import { queryAll } from "./query-all.ts";
import { succeeds } from "./succeeds.ts";

/** With the contact that it was used for. Times are milliseconds since 1970. */
export interface StoredToken extends Contact {
  readonly id: string;
  /** SHA-256 of the whole token, in hex. Empty for an OAuth client, which shows others in its place (client.ts). */
  readonly hash: string;
  /** It is an OAuth client. */
  readonly isClient?: true;
  readonly label: string;
  readonly createdAt: number;
  /** Absent: it lives until it is revoked. */
  readonly expiresAt?: number;
  /** What it opens: the feed of events. Absent: SCIM. */
  readonly use?: "events";
  /** It is let in no more, and stays for a while so that whoever still shows it can be told why. */
  readonly revokedAt?: number;
}

const tokenPrefix = "Token#";
/** A token that ended is still known for so long, so that "why did it stop?" has an answer. */
const keptSeconds = 30 * 86_400;

export async function readToken(table: Table, id: string): Promise<StoredToken | undefined> {
  const item = await table.get(tokenKey(id));
  return item && tokenOf(item);
}

/** All tokens and OAuth clients by id, those that ended included. */
export async function listTokens(table: Table): Promise<StoredToken[]> {
  return (await tokenItems(table)).map(tokenOf);
}

export async function tokenItems(table: Table): Promise<Item[]> {
  const items: Item[] = [];
  const range = { table: "scim" as const, pk: tenantPartition, from: tokenPrefix, to: `${tokenPrefix}~` };
  for await (const item of queryAll(table, range)) items.push(item);
  return items;
}

/** An identity provider's, not one that reads events. */
export function isProviders({ use }: StoredToken): boolean {
  return use === undefined;
}

/** What a new token is made of; contact comes by itself. */
export type TokenToStore = Pick<StoredToken, "id" | "hash" | "label" | "createdAt" | "expiresAt" | "idp" | "use">;

/** Stores a token in place of any other with its id, whose contact it takes over. */
export async function putToken(table: Table, { id, hash, expiresAt, idp, use, ...token }: TokenToStore): Promise<void> {
  // `expires` is for the table's clean-up, which is late by days (trap 9); `expiresAt` is what counts.
  const end = expiresAt === undefined ? {} : { expiresAt, expires: Math.ceil(expiresAt / 1000) + keptSeconds };
  await table.write({
    kind: "update",
    key: tokenKey(id),
    set: { ...token, [hashName(use)]: hash, ...end, ...defined({ idp, use }) },
    remove: [
      "revokedAt",
      "rejectedAt",
      "rejectedWhy",
      "rejectedRequestId",
      ...(expiresAt === undefined ? ["expiresAt", "expires"] : []),
      ...(use === undefined ? ["use", "useHash"] : ["hash"]),
    ],
  });
}

/** A release that knows nothing of uses finds no hash, and lets nobody in. */
function hashName(use: StoredToken["use"]): string {
  return use === undefined ? "hash" : "useHash";
}

/** False when there is none that is not revoked already. */
export async function revoke(table: Table, id: string, now: number): Promise<boolean> {
  return await succeeds(
    table.write({
      kind: "update",
      key: tokenKey(id),
      if: [{ is: "present" }, { is: "missing", attribute: "revokedAt" }],
      set: { revokedAt: now, expires: Math.ceil(now / 1000) + keptSeconds },
    }),
  );
}

export function isAlive({ revokedAt, expiresAt }: StoredToken, now: number): boolean {
  return revokedAt === undefined && (expiresAt === undefined || now < expiresAt);
}

export function tokenOf({ sk, attributes: a }: Item): StoredToken {
  const use = text(a, "use") as StoredToken["use"];
  return {
    id: sk.slice(tokenPrefix.length),
    hash: text(a, hashName(use)) ?? "",
    label: text(a, "label") ?? "",
    createdAt: number(a, "createdAt") ?? 0,
    ...(a["proof"] === undefined ? {} : { isClient: true }),
    ...contactOf(a),
    ...defined({ expiresAt: number(a, "expiresAt"), revokedAt: number(a, "revokedAt"), use }),
  };
}
