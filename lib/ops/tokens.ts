/**
 * The tokens, and the OAuth clients, that identity providers prove themselves with, and the tokens of who reads events. The
 * text of a token is seen once, when it is made.
 */
import { lastContact } from "../provisioning/contact.ts";
import { cursorSecret } from "../provisioning/cursor-secret.ts";
import { isAlive, listTokens, putToken, revoke, type StoredToken } from "../provisioning/token.ts";
import { hashToken, newToken } from "../token.ts";
import { defined } from "../provisioning/head.ts";
import { OperationError, type Operations } from "./operations.ts";

/** Times are milliseconds since 1970. Never holds the hash: nobody needs it. */
export interface TokenInfo extends Pick<
  StoredToken,
  "id" | "label" | "createdAt" | "expiresAt" | "revokedAt" | "idp" | "isClient" | "use"
> {
  readonly alive: boolean;
  /** To the minute. Absent: never, or it is for the feed, which notes nothing. */
  readonly lastUsedAt?: number;
}

type Store = Pick<Operations, "table" | "clock">;

const day = 86_400_000;
const labelMost = 100;

/** Errors: OperationError when the label is empty or too long, or there is no feed; TableError. */
export async function createToken(
  o: Pick<Operations, "table" | "clock" | "chance" | "tenant">,
  asked: { label: string; expiresInDays?: number; idp?: string; use?: "events" },
): Promise<TokenInfo & { readonly token: string }> {
  const label = labelOf("A token", asked.label);
  // The feed's function may write nothing, so that the secret of its cursors is there before anybody can ask.
  if (asked.use === "events") await cursorSecret(withFeed(o));
  const { id, text } = newToken();
  const now = o.clock.now();
  const expiresAt = asked.expiresInDays === undefined ? undefined : now + asked.expiresInDays * day;
  const stored = { id, label, createdAt: now, ...defined({ expiresAt, idp: asked.idp, use: asked.use }) };
  await putToken(o.table, { ...stored, hash: hashToken(text) });
  return { ...stored, alive: true, token: text };
}

function withFeed<T extends Pick<Operations, "tenant">>(o: T): T {
  if (o.tenant.events !== undefined) return o;
  throw new OperationError(
    `There is no feed of events to read: add "events": {} to the tenant file of "${o.tenant.name}", and deploy it.`,
  );
}

/** `what`: begins the sentence. Errors: OperationError when it is empty or too long. */
export function labelOf(what: string, text: string): string {
  const label = text.trim();
  if (label !== "" && label.length <= labelMost) return label;
  throw new OperationError(`${what} needs a label of 1 to ${labelMost} characters, such as "Entra production".`);
}

/** OAuth clients as well, as they are who asks. Newest first. Errors: TableError. */
export async function tokens({ table, clock }: Store): Promise<TokenInfo[]> {
  const all = await listTokens(table);
  const now = clock.now();
  return all.map((token) => tokenInfo(token, now)).sort((a, b) => b.createdAt - a.createdAt);
}

/** From the next request on it is refused. The answer is its id. Errors: OperationError when there is no such token; TableError. */
export async function revokeToken({ table, clock }: Store, id: string): Promise<string> {
  // Whoever has only the token at hand may give that: the id stands in it.
  const tokenId = /^rc[as]?_([a-z0-9]+)_/.exec(id)?.[1] ?? id;
  if (!(await revoke(table, tokenId, clock.now())))
    throw new OperationError(`There is no token "${tokenId}"; \`npx rollcall token ls\` lists them.`);
  return tokenId;
}

export function tokenInfo(token: StoredToken, now: number): TokenInfo {
  const { id, label, createdAt, expiresAt, revokedAt, idp, isClient, use } = token;
  const lastUsedAt = lastContact(token);
  return {
    id,
    label,
    createdAt,
    ...defined({ expiresAt, revokedAt, idp, isClient, use, lastUsedAt }),
    alive: isAlive(token, now),
  };
}
