/**
 * Is the identity provider let in, although somebody is turned away? A client that was forgotten, such as a staging system
 * with an expired token, says nothing about the one that provisions.
 */
import { lastContact } from "../../provisioning/contact.ts";
import { isAlive, type StoredToken } from "../../provisioning/token.ts";
import { idpWords } from "./idp.ts";
import { rhythmOf } from "./rhythm.ts";

/** A cycle of Entra's, and a little: who was let in so lately still is. */
const lateMs = 3_600_000;

/** `tokenId`: of the token that is turned away; absent where it is none of ours. */
export function isAnotherLetIn(tokens: readonly StoredToken[], tokenId: string | undefined, now: number): boolean {
  const rejected = tokens.find(({ id }) => id === tokenId);
  return tokens.some((token) => {
    const at = lastContact(token);
    if (at === undefined || token.id === tokenId || !isAlive(token, now)) return false;
    return now - at < lateMs || (rejected !== undefined && hasTakenOver(token, rejected, now));
  });
}

/** It provisions, was let in later than the one that is turned away, and is quiet as it usually is. A connection test alone does not write. */
function hasTakenOver(token: StoredToken, rejected: StoredToken, now: number): boolean {
  const at = lastContact(token) ?? 0;
  if (token.writeAt === undefined || at <= (lastContact(rejected) ?? 0)) return false;
  return now - at <= rhythmOf(idpWords(token.idp), token.cycles).silentMs;
}
